"""A ticket in the form of a bulletin: whose text it is, after the session has run out.

It lets nobody read or publish anything. It only lets what was typed be put into the drafts of
the person for whom the form was made.
"""

from dataclasses import dataclass

from django.core import signing

from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.models import Person

_SALT = "vang.bulletins.ticket"
_LASTS_S = 7 * 24 * 3600


@dataclass(frozen=True)
class Ticket:
    """``bulletin`` is None for a new one; ``part`` as in its draft."""

    person: Person
    unit: Unit
    bulletin: Bulletin | None
    part: str = ""


def make_ticket(person: Person, unit: Unit, bulletin: Bulletin | None, part: str = "") -> str:
    keys = [person.pk, unit.pk, bulletin.pk if bulletin else None, part]
    return signing.dumps(keys, salt=_SALT)


def read_ticket(text: str) -> Ticket | None:
    """None for a forged or old ticket, and when what it names is gone."""
    try:
        person_pk, unit_pk, bulletin_pk, part = signing.loads(text, salt=_SALT, max_age=_LASTS_S)
        person = Person.objects.get(pk=person_pk, is_active=True)
        unit = Unit.objects.select_related("parent__parent").get(pk=unit_pk)
        bulletin = Bulletin.objects.get(pk=bulletin_pk, unit=unit) if bulletin_pk else None
    except (signing.BadSignature, ValueError, Person.DoesNotExist, Unit.DoesNotExist):
        return None
    except Bulletin.DoesNotExist:
        return None
    return Ticket(person, unit, bulletin, part)
