"""The first steps of a new unit: what is done, and where the next one is taken."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import SlotPolicy
from vang.base.clock import local_date
from vang.bulletins.models import Edition
from vang.desk.models import Beginning
from vang.evidence.models import AsRun
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import Role, counts_at
from vang.people.due import Desk, asks
from vang.people.models import Membership, Person
from vang.people.roles import bringing
from vang.stations.models import Cluster, Node
from vang.voice.models import VoiceChoice

Words = str | Promise


@dataclass(frozen=True)
class Step:
    """One screen. ``done`` follows from what is there, not from a tick somebody set."""

    name: str
    title: Words
    text: Words
    url: str
    action: Words
    done: bool


@dataclass(frozen=True)
class Start:
    """The whole way, for one unit."""

    steps: list[Step]
    writes: bool
    """Whether who is led writes bulletins too."""

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def percent(self) -> int:
        return round(100 * self.done / len(self.steps))

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.done), None)


def _village(desk: Desk) -> Exists:
    here = Unit.objects.filter(valid_on(local_date(desk.now)), parent=desk.unit)
    return Exists(here.filter(level=Unit.Level.VILLAGE))


def _two_people(desk: Desk) -> Exists:
    """Somebody writes, and somebody else approves."""
    held = Membership.objects.filter(
        valid_on(local_date(desk.now)), counts_at(desk.unit), person__is_active=True
    )
    writers = held.filter(role=Role.WRITER).exclude(person=OuterRef("person"))
    return Exists(held.filter(role__in=bringing(Role.APPROVER)).filter(Exists(writers)))


def _device(desk: Desk) -> Exists:
    serving = Node.objects.filter(cluster__unit=desk.unit, retired_at=None)
    return Exists(serving.filter(cluster__active=True, last_seen_at__isnull=False))


def _heard(desk: Desk) -> Exists:
    return Exists(AsRun.objects.filter(planned__unit=desk.unit, state=AsRun.State.DONE))


def _released(desk: Desk) -> Exists:
    return Exists(Edition.objects.filter(unit=desk.unit, bulletin__trial__isnull=True))


_QUESTIONS = {
    "start_closed": lambda desk: Exists(Beginning.objects.filter(unit=desk.unit)),
    "start_villages": _village,
    "start_people": _two_people,
    "start_hours": lambda desk: Exists(SlotPolicy.objects.filter(unit=desk.unit)),
    "start_voice": lambda desk: Exists(VoiceChoice.objects.filter(unit=desk.unit)),
    "start_cluster": lambda desk: Exists(Cluster.objects.filter(unit=desk.unit, active=True)),
    "start_device": _device,
    "start_heard": _heard,
    "start_released": _released,
}


def register() -> None:
    """Called when the process starts."""
    for name, question in _QUESTIONS.items():
        asks(name, {Role.ADMINISTRATOR}, question)


def start_of(desk: Desk) -> Start | None:
    """The steps for an administrator of a commune; None when they are behind or not wanted.

    ``desk`` has been looked at (vang.people.due.looked).
    """
    if Role.ADMINISTRATOR not in desk.roles or not desk.heard or desk.found["start_closed"]:
        return None
    if desk.found["start_released"] and desk.found["start_heard"]:
        return None
    return start_at(desk)


def start_at(desk: Desk) -> Start:
    """All steps, also when they are behind. ``desk`` has been looked at."""
    return Start(_steps(desk), writes=Role.WRITER in desk.roles)


def _steps(desk: Desk) -> list[Step]:
    """In the order in which they are best taken; any other order works too."""
    writes = Role.WRITER in desk.roles
    found = {name: bool(answer) for name, answer in desk.found.items()}
    return [
        Step(
            "villages",
            _("The villages"),
            _("Bulletins speak to villages, loudspeakers are heard in villages."),
            reverse("desk:start-villages"),
            _("Name the villages"),
            found["start_villages"],
        ),
        Step(
            "people",
            _("Somebody who writes, somebody else who approves"),
            _("Nobody approves their own work. Send each colleague an invitation link."),
            reverse("people:invite"),
            _("Invite colleagues"),
            found["start_people"],
        ),
        Step(
            "hours",
            _("The allowed hours"),
            _("Outside them no loudspeaker sounds. Ready sets of rules can be taken over."),
            reverse("airtime:policy"),
            _("Look at the hours"),
            found["start_hours"],
        ),
        Step(
            "voice",
            _("The reading voice"),
            _("Decide which voice reads, and whether the trial voice may be broadcast."),
            reverse("voice:voices"),
            _("Choose the voice"),
            found["start_voice"],
        ),
        Step(
            "loudspeaker",
            _("The first loudspeaker"),
            _("Enrol its device with a one-time code, or try with a virtual one on this computer."),
            reverse("desk:start-loudspeaker"),
            _("Connect a loudspeaker"),
            found["start_cluster"] and found["start_device"],
        ),
        Step(
            "trial",
            _("A trial in the office"),
            _("Heard at one loudspeaker only, announced as a trial, on no public page."),
            reverse("desk:start-trial"),
            _("Start a trial"),
            found["start_heard"],
        ),
        Step(
            "bulletin",
            _("The first bulletin"),
            _("Write it, have it approved, choose when it is broadcast."),
            reverse("bulletins:new" if writes else "bulletins:list"),
            _("Write a bulletin") if writes else _("Bulletins"),
            found["start_released"],
        ),
    ]


def close_start(*, unit: Unit, by: Person, now: datetime) -> None:
    """The steps are no longer shown. Closing twice changes nothing."""
    Beginning.objects.get_or_create(unit=unit, defaults={"closed_at": now, "closed_by": by})


def reopen_start(*, unit: Unit) -> None:
    """The steps are shown again, as far as they are not behind."""
    Beginning.objects.filter(unit=unit).delete()
