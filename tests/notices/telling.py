"""Short words for telling people things."""

from datetime import datetime

from tests.notices.conftest import NOW
from vang.notices.recipients import To
from vang.notices.services import notify
from vang.people.models import Person


def tell(to: To, now: datetime, title: str = "Tin", kind: str = NOW, **more: object) -> int:
    values = {"unit": None, "subject": "bulletin:1", "url": "/bulletins/1", **more}
    return notify(kind=kind, to=to, title=title, now=now, **values)  # type: ignore[arg-type]


def with_address(person: Person) -> Person:
    person.email = f"{person.username}@xa.example.vn"
    person.save()
    return person
