"""Who may do what with the air, and the only way a view comes to its objects."""

from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import (
    CalendarFeed,
    DayOff,
    Placement,
    Programme,
    ProgrammePart,
    StationSound,
)
from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.bulletins import present
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.access import Role, may, readable_unit
from vang.people.models import Person

PLACERS = (Role.WRITER, Role.APPROVER)
RULERS = (Role.APPROVER, Role.ADMINISTRATOR)
SHARERS = (Role.WRITER, Role.APPROVER, Role.ADMINISTRATOR)
DECIDERS = (Role.APPROVER,)
STOPPERS = (Role.WRITER, Role.APPROVER, Role.TECHNICIAN, Role.ADMINISTRATOR)

_WORDS = {
    PLACERS: _("Only a writer or an approver of this commune may put something on the air."),
    DECIDERS: _("Only an approver of this commune may decide about its sounds."),
    RULERS: _("Only an approver or an administrator of this commune may change this."),
    SHARERS: _("Only a writer, an approver or an administrator of this commune may do this."),
    STOPPERS: _("Only staff of this commune may stop its loudspeakers."),
}


def guard(by: Person, wanted: tuple[Role, ...], unit: Unit, now: datetime) -> None:
    """Raises Refusal("not-allowed") in words."""
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _WORDS[wanted])


def readable_commune(pk: int, person: Person, on: date) -> Unit:
    """A commune that the person may look at. Raises Http404."""
    unit = Unit.objects.filter(pk=pk, level=Unit.Level.COMMUNE).first()
    if unit is None or not readable_unit(person, unit, on):
        raise Http404
    return unit


def readable_programme(pk: int, person: Person, on: date) -> Programme:
    """Raises Http404 for a stranger to its commune."""
    programme = Programme.objects.select_related("unit__parent__parent").filter(pk=pk).first()
    if programme is None or not readable_unit(person, programme.unit, on):
        raise Http404
    return programme


def readable_part(pk: int, person: Person, on: date) -> ProgrammePart:
    """Raises Http404 for a stranger to its commune."""
    rows = ProgrammePart.objects.select_related("programme__unit", "sound")
    part = rows.filter(pk=pk).first()
    if part is None or not readable_unit(person, part.programme.unit, on):
        raise Http404
    return part


def readable_sound(pk: int, person: Person, on: date) -> StationSound:
    """Raises Http404 for a stranger to its commune."""
    sound = StationSound.objects.select_related("unit", "rendition", "item").filter(pk=pk).first()
    if sound is None or not readable_unit(person, sound.unit, on):
        raise Http404
    return sound


def own_day_off(pk: int, person: Person, on: date) -> DayOff:
    """Raises Http404 for a stranger to its commune."""
    row = DayOff.objects.select_related("unit__parent__parent").filter(pk=pk).first()
    if row is None or not readable_unit(person, row.unit, on):
        raise Http404
    return row


def own_feed(pk: int, person: Person, on: date) -> CalendarFeed:
    """Raises Http404 for a stranger to its commune."""
    row = CalendarFeed.objects.select_related("unit__parent__parent").filter(pk=pk).first()
    if row is None or not readable_unit(person, row.unit, on):
        raise Http404
    return row


def readable_placement(pk: int, person: Person, on: date) -> Placement:
    """Raises Http404 for a stranger to its commune."""
    found = Placement.objects.select_related("unit", "edition", "programme").filter(pk=pk).first()
    if found is None or not readable_unit(person, found.unit, on):
        raise Http404
    return found


def placeable_bulletin(pk: int, person: Person, on: date) -> Bulletin:
    """A bulletin with its newest version and its unit's slot policy. Raises Http404 for a stranger
    to its commune."""
    rows = Bulletin.objects.select_related(
        "unit__parent__parent", "unit__slot_policy", "current__rendition"
    )
    bulletin = rows.filter(pk=pk).annotate(**present.some_questions("wordings")).first()
    if bulletin is None or not readable_unit(person, bulletin.unit, on):
        raise Http404
    present.note_answers(bulletin)
    return bulletin
