"""Quality scores: criteria, and one person's marks for one bulletin."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.models import Bulletin, Edition
from vang.bulletins.queries import took_part
from vang.editorial.access import ADOPTERS, NEWSROOM, guard
from vang.editorial.models import MOST_POINTS, Criterion, Mark, Place, Score
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person

FIRST_CRITERIA = (
    ("Đúng, đủ, rõ nguồn", 3),
    ("Thiết thực với bà con", 3),
    ("Lời văn ngắn, dễ hiểu", 2),
    ("Giọng đọc, âm thanh", 2),
)
"""Proposed on the page; kept only when an approver says so."""


def add_criterion(*, unit: Unit, name: str, weight: int, by: Person, now: datetime) -> Criterion:
    """One criterion more. Raises Refusal."""
    clean = " ".join(clean_text(name).split())[:120]
    if not clean or not 1 <= weight <= MOST_POINTS:
        raise Refusal("criterion-wrong", _WRONG)
    with transaction.atomic():
        guard(by, ADOPTERS, unit, now)
        try:
            with transaction.atomic():
                criterion = Criterion.objects.create(unit=unit, name=clean, weight=weight)
        except IntegrityError as error:
            raise Refusal("criterion-known", _KNOWN) from error
        record("add-criterion", f"criterion:{criterion.pk}", by=by, unit=unit, now=now)
    return criterion


@transaction.atomic
def add_first_criteria(*, unit: Unit, by: Person, now: datetime) -> list[Criterion]:
    """Those that are proposed. Raises Refusal when one of them is there already."""
    return [
        add_criterion(unit=unit, name=name, weight=weight, by=by, now=now)
        for name, weight in FIRST_CRITERIA
    ]


def end_criterion(*, criterion: Criterion, by: Person, now: datetime) -> None:
    """No further marks for it; those given stay. Raises Refusal."""
    with transaction.atomic():
        guard(by, ADOPTERS, criterion.unit, now)
        Criterion.objects.filter(pk=criterion.pk, ended_at=None).update(ended_at=now)
        subject = f"criterion:{criterion.pk}"
        record("end-criterion", subject, by=by, unit=criterion.unit, now=now)


def score_bulletin(
    *, bulletin: Bulletin, points: Mapping[int, int], comment: str, by: Person, now: datetime
) -> Score:
    """One person's marks, by key of the criterion; given again they replace the earlier ones.

    Nobody scores what they wrote, edited or submitted. Raises Refusal.
    """
    with transaction.atomic():
        guard(by, NEWSROOM, bulletin.unit, now)
        if took_part(bulletin, by):
            raise Refusal("not-independent", _OWN)
        if not Edition.objects.filter(bulletin=bulletin).exists():
            raise Refusal("not-released", _NOT_RELEASED)
        criteria = list(Criterion.objects.filter(unit=bulletin.unit, ended_at=None))
        _check(criteria, points)
        place = Place.objects.filter(bulletin=bulletin).first()
        given = {
            "series_id": place.series_id if place else None,
            "average": weighted_average([(points[c.pk], c.weight) for c in criteria]),
            "comment": clean_text(comment).strip(),
            "at": now,
        }
        score, _created = Score.objects.update_or_create(bulletin=bulletin, by=by, defaults=given)
        score.marks.all().delete()
        Mark.objects.bulk_create(
            Mark(score=score, criterion=c, points=points[c.pk]) for c in criteria
        )
        record("score-bulletin", f"bulletin:{bulletin.pk}", by=by, unit=bulletin.unit, now=now)
    return score


def weighted_average(marks: Collection[tuple[int, int]]) -> Decimal:
    """Of (points, weight), to two decimals."""
    total = sum(weight for _points, weight in marks)
    return round(Decimal(sum(points * weight for points, weight in marks)) / total, 2)


def _check(criteria: Collection[Criterion], points: Mapping[int, int]) -> None:
    if not criteria or any(c.pk not in points for c in criteria):
        raise Refusal("marks-missing", _MARKS_MISSING)
    if any(not 0 <= points[c.pk] <= MOST_POINTS for c in criteria):
        raise Refusal("marks-out-of-range", _OUT_OF_RANGE)


_WRONG = _("Give the criterion a name and a weight from 1 to 10.")
_KNOWN = _("There is a criterion of this name already.")
_OWN = _("Nobody scores what they wrote, edited or submitted.")
_NOT_RELEASED = _("Only what was released is scored.")
_MARKS_MISSING = _("Give points for every criterion.")
_OUT_OF_RANGE = _("Points go from 0 to 10.")
