"""Reading what a person was told and how they want to be told."""

from dataclasses import dataclass

from django.db.models import QuerySet

from vang.letters.models import Letter
from vang.notices.kinds import Kind, kinds_for
from vang.notices.models import FIRST_HOUR, DailyHour, Notice, Preference
from vang.people.models import Person

MOST_COUNTED = 100


def unread(person: Person) -> QuerySet[Notice]:
    """In no order: to be counted, up to ``MOST_COUNTED``."""
    return Notice.objects.filter(person=person, read_at=None).order_by()


def unread_count(person: Person) -> int:
    """How many are unread; counting stops at 100."""
    return unread(person)[:MOST_COUNTED].count()


def notices_of(person: Person, *, unread: bool) -> QuerySet[Notice]:
    """Newest first."""
    mine = Notice.objects.filter(person=person)
    if unread:
        mine = mine.filter(read_at=None)
    return mine.select_related("unit").order_by("-created_at", "-pk")


@dataclass(frozen=True)
class Habits:
    """A person's choices: each kind with the way it is mailed, and the hour of the day's letter."""

    kinds: list[tuple[Kind, str]]
    hour: int


def habits(person: Person, roles: frozenset[str]) -> Habits:
    chosen = dict(Preference.objects.filter(person=person).values_list("kind", "mail"))
    hour = DailyHour.objects.filter(person=person).values_list("hour", flat=True).first()
    kinds = [(kind, chosen.get(kind.name, kind.mail)) for kind in kinds_for(roles)]
    return Habits(kinds, FIRST_HOUR if hour is None else hour)


def last_letter(person: Person) -> Letter | None:
    """The newest letter that was tried, for saying whether letters arrive."""
    tried = Letter.objects.filter(person=person, attempts__gt=0)
    return tried.order_by("-created_at", "-pk").first()
