"""Telling writers when their bulletin will be heard."""

from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import Placement
from vang.base.display import vi_date, vi_datetime
from vang.bulletins.notices import authors, subject_of
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.services import notify
from vang.people.models import Person
from vang.people.roles import Role

PLACED = "bulletin-placed"
KINDS = (
    Kind(
        PLACED,
        _("my bulletin has a time on the air"),
        "calendar-time",
        Mail.DAILY,
        frozenset({Role.WRITER.value}),
        "ok",
    ),
)


def tell_of_placement(placement: Placement, *, by: Person, now: datetime) -> None:
    """The writers are told when it plays, unless they chose the time themselves."""
    bulletin = placement.edition.bulletin
    notify(
        kind=PLACED,
        to=authors(bulletin),
        unit=placement.unit,
        subject=subject_of(bulletin),
        title=format_lazy(_("Will be broadcast: {title}"), title=placement.edition.title),
        text=_when(placement),
        url=reverse("bulletins:detail", args=[bulletin.pk]),
        now=now,
        by=by,
    )


def _when(placement: Placement) -> str | Promise:
    if placement.programme is not None:
        words = _("In the programme “{programme}” from {day}.")
        day = vi_date(placement.from_day)
        return format_lazy(words, programme=placement.programme.name, day=day)
    if placement.start is None or placement.kind == Placement.Kind.NOW:
        return _("At once.")
    return format_lazy(_("At {when}."), when=vi_datetime(placement.start))
