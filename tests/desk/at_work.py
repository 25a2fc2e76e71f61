"""Builders for what lies on the desks: mostly rows of other rooms, made by their services."""

from datetime import datetime, timedelta

from tests.bulletins import newsroom
from tests.channels.portal import publishing
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin
from vang.bulletins.services import return_bulletin
from vang.orgs.models import Unit
from vang.people.due import Desk, Task, tasks
from vang.people.models import Person
from vang.stations.models import Attendance, Cluster, Node
from vang.voice.models import Rendition

cluster = publishing.cluster
planned = publishing.planned
became = publishing.became
released = publishing.released


def waiting(unit: Unit, writer: Person, now: datetime, title: str, **more: str) -> Bulletin:
    """Submitted, with its sound."""
    content = Content(title=title, text=f"{title}.", **more)  # type: ignore[arg-type]
    return newsroom.submitted(unit, writer, now, content)


def approved(
    unit: Unit, writer: Person, approver: Person, now: datetime, title: str = "Lịch họp"
) -> Bulletin:
    newsroom.allow_trial_voice(unit, now)
    bulletin = waiting(unit, writer, now, title)
    newsroom.approved(bulletin, approver, now)
    return newsroom.reread(bulletin)


def returned(unit: Unit, writer: Person, approver: Person, now: datetime, comment: str) -> Bulletin:
    bulletin = waiting(unit, writer, now, "Bị trả")
    return return_bulletin(bulletin=bulletin, comment=comment, by=approver, now=now)


def without_sound(unit: Unit, writer: Person, now: datetime) -> Bulletin:
    bulletin = waiting(unit, writer, now, "Không tiếng")
    Rendition.objects.filter(versions__bulletin=bulletin).update(
        state="FAILED", failure="disk-full"
    )
    return bulletin


def node(place: Cluster, seen: datetime, **state: object) -> Node:
    """A device that was last heard at ``seen``."""
    return Node.objects.create(
        id=f"n{place.pk}",
        cluster=place,
        public_key=f"{place.pk:064x}",
        enrolled_at=seen - timedelta(days=30),
        last_seen_at=seen,
        state_at=seen,
        state=state,
    )


def listening(now: datetime) -> None:
    """The server has listened for hours: silence of a node is the node's own."""
    Attendance.objects.create(began_at=now - timedelta(hours=5), last_at=now)


def due(person: Person, unit: Unit, now: datetime, *roles: str) -> list[Task]:
    return tasks(Desk(person, unit, frozenset(roles), now))


def titles(found: list[Task]) -> list[str]:
    return [task.title for task in found]
