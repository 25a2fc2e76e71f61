"""From households to residents: by what figure, and where that comes from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.alerts.models import HouseholdSize
from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.people.access import Role, may
from vang.people.models import Person

SETTERS = (Role.ADMINISTRATOR,)
NATIONAL = Decimal("3.6")
NATIONAL_SOURCE: str | Promise = _(
    "national average of the census of 2019, General Statistics Office"
)


@dataclass(frozen=True)
class Size:
    """People in a household. ``own`` is what a unit set, None for the national average."""

    people: Decimal
    source: str | Promise
    own: HouseholdSize | None = None


AVERAGE = Size(NATIONAL, NATIONAL_SOURCE)


def size_in(unit: Unit) -> Size:
    """What the unit, or the nearest above it, has set; else the national average.

    No query where the units come with their sizes (WITH_SIZES).
    """
    for one in ancestors(unit):
        found: HouseholdSize | None = getattr(one, "household_size", None)
        if found is not None:
            return Size(found.people, found.source, found)
    return AVERAGE


WITH_SIZES = (
    "unit__household_size",
    "unit__parent__household_size",
    "unit__parent__parent__household_size",
)
"""For select_related of what belongs to a unit."""


def set_size(*, unit: Unit, people: Decimal | None, source: str, by: Person, now: datetime) -> None:
    """None goes back to what counts above. Raises Refusal."""
    if not may(by, SETTERS, unit, local_date(now)):
        raise Refusal("not-allowed", _("Only an administrator of the unit may do this."))
    clean = " ".join(clean_text(source).split())[:200]
    if people is not None and not clean:
        raise Refusal("source-missing", _("Say where the figure comes from."))
    with transaction.atomic():
        HouseholdSize.objects.filter(unit=unit).delete()
        if people is not None:
            HouseholdSize.objects.create(
                unit=unit, people=people, source=clean, set_by=by, set_at=now
            )
        told = str(people) if people is not None else ""
        record(
            "set-household-size", f"unit:{unit.pk}", by=by, unit=unit, now=now,
            people=told, source=clean,
        )  # fmt: skip
