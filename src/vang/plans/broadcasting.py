"""Released bulletins as proofs: of a series, of a theme of the year's plan, of a category."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.base.clock import VIETNAM, local_date
from vang.bulletins.models import Category, Edition
from vang.editorial.models import Line, Series
from vang.orgs.models import Unit
from vang.plans.proofs import Found, ProofKind, register

_MOST = 500


def _released(unit: Unit, first: date, last: date) -> QuerySet[Edition]:
    begins = datetime.combine(first, time(0), VIETNAM)
    ends = datetime.combine(last + timedelta(days=1), time(0), VIETNAM)
    return Edition.objects.filter(
        unit=unit, released_at__gte=begins, released_at__lt=ends, withdrawn_at=None, corrects=None
    )


def _found(rows: QuerySet[Edition]) -> list[Found]:
    told = rows.order_by("-released_at", "-pk").values_list("bulletin", "title", "released_at")
    return [
        Found(title, reverse("bulletins:detail", args=[pk]), local_date(at))
        for pk, title, at in told[:_MOST]
    ]


def _of(condition: str, value: str, unit: Unit, first: date, last: date) -> Sequence[Found]:
    if not value.isdecimal():
        return []
    return _found(_released(unit, first, last).filter(Q(**{condition: int(value)})))


def _series(unit: Unit) -> list[tuple[str, str]]:
    rows = Series.objects.filter(unit=unit, ended_on=None).order_by("name", "pk")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:_MOST]]


def _themes(unit: Unit) -> list[tuple[str, str]]:
    rows = Line.objects.filter(plan__unit=unit).order_by("-plan__year", "name", "pk")
    told = rows.values_list("pk", "name", "plan__year")[:_MOST]
    return [(str(pk), f"{name} ({year})") for pk, name, year in told]


def _of_category(unit: Unit, value: str, first: date, last: date) -> Sequence[Found]:
    return _found(_released(unit, first, last).filter(category=value))


def register_all() -> None:
    """Called when the process starts."""
    register(
        ProofKind(
            "series",
            _("Bulletins released in a series"),
            _series,
            lambda unit, value, first, last: _of(
                "bulletin__place__series", value, unit, first, last
            ),
        ),
        ProofKind(
            "theme",
            _("Bulletins released on a theme of the year's plan"),
            _themes,
            lambda unit, value, first, last: _of("bulletin__place__line", value, unit, first, last),
        ),
        ProofKind(
            "category",
            _("Bulletins released in a category"),
            lambda _unit: [(value, str(label)) for value, label in Category.choices],
            _of_category,
        ),
    )
