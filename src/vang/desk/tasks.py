"""What is due for one person in one commune, worst to forget first."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vang.base.clock import local_date
from vang.base.display import vi_datetime, vi_time
from vang.bulletins.models import Bulletin, Delivery, Priority
from vang.channels.queries import failed_deliveries
from vang.channels.registry import find_channel
from vang.desk import loudspeakers, newsroom
from vang.evidence.deliveries import NOT_PROVED, SPEAKER
from vang.evidence.models import AsRun
from vang.evidence.queries import open_faults
from vang.evidence.words import fault_words, reason_words
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import Role, counts_at
from vang.people.models import Membership, Person
from vang.people.roles import effective
from vang.stations.queries import Station
from vang.voice.choices import choice_of
from vang.voice.failure_words import failure_sentence

_EACH = 5
_NEEDED = (Role.WRITER, Role.APPROVER, Role.TECHNICIAN)


@dataclass(frozen=True)
class Task:
    """One line of the work list. ``harm``: the smaller, the worse it is to forget."""

    harm: int
    tone: str
    icon: str
    title: str
    text: str
    url: str
    action: str


@dataclass(frozen=True)
class Desk:
    """Whose work, where, in which roles, when."""

    person: Person
    unit: Unit
    roles: frozenset[str]
    now: datetime

    @property
    def heard(self) -> bool:
        """A commune: it has loudspeakers of its own, and needs people and a voice for them."""
        return self.unit.level == Unit.Level.COMMUNE


def tasks(desk: Desk) -> list[Task]:
    """Everything due for the person's roles in this commune."""
    found = [
        task for roles, maker in _MAKERS if not desk.roles.isdisjoint(roles) for task in maker(desk)
    ]
    return sorted(found, key=lambda task: task.harm)


def _to_approve(desk: Desk) -> Iterator[Task]:
    for bulletin in newsroom.waiting_for(desk.person, desk.unit):
        version = bulletin.current
        urgent = version is not None and version.priority != Priority.NORMAL
        yield Task(
            harm=10 if urgent else 40,
            tone="bad" if urgent else "wait",
            icon="alert-triangle" if urgent else "hourglass",
            title=_title(bulletin),
            text=_("%(person)s wrote it and asks for your approval since %(when)s.")
            % {"person": bulletin.created_by, "when": vi_datetime(bulletin.changed_at)},
            url=reverse("bulletins:review", args=[bulletin.pk]),
            action=_("Read and decide"),
        )


def _soundless(desk: Desk) -> Iterator[Task]:
    for bulletin in newsroom.soundless(desk.unit):
        rendition = bulletin.current.rendition if bulletin.current else None
        yield Task(
            harm=50,
            tone="bad",
            icon="volume-off",
            title=_title(bulletin),
            text=_("Its sound could not be made.")
            + (f" {failure_sentence(rendition.failure)}" if rendition else ""),
            url=reverse("bulletins:detail", args=[bulletin.pk]),
            action=_("See why"),
        )


def _unaired(desk: Desk) -> Iterator[Task]:
    for bulletin in newsroom.approved_unaired(desk.unit) if desk.heard else ():
        version = bulletin.current
        urgent = version is not None and version.priority != Priority.NORMAL
        yield Task(
            harm=15 if urgent else 60,
            tone="warn" if urgent else "note",
            icon="rosette-discount-check",
            title=_title(bulletin),
            text=_("Approved, but nobody has chosen when it is broadcast."),
            url=reverse("airtime:place", args=[bulletin.pk]),
            action=_("Choose the time"),
        )


def _returned(desk: Desk) -> Iterator[Task]:
    for bulletin, comment in newsroom.returned(desk.unit):
        yield Task(
            harm=70,
            tone="warn",
            icon="arrow-back-up",
            title=_title(bulletin),
            text=_("Returned: “%(comment)s”") % {"comment": comment},
            url=reverse("bulletins:edit", args=[bulletin.pk]),
            action=_("Correct it"),
        )


def _not_heard(desk: Desk) -> Iterator[Task]:
    rows = list(loudspeakers.not_heard_today(desk.unit, desk.now))
    for row in rows[:_EACH]:
        yield Task(
            harm=30,
            tone="bad",
            icon="circle-x",
            title=_("%(cluster)s: %(title)s")
            % {"cluster": row.cluster.name, "title": row.planned.edition.title},
            text=_("Planned for %(when)s today: %(why)s.")
            % {"when": vi_time(row.planned_start), "why": _why(row)},
            url=reverse("evidence:list"),
            action=_("See the log"),
        )
    if more := len(rows[_EACH:]):
        title = ngettext("and %(n)d more play", "and %(n)d more plays", more) % {"n": more}
        log = reverse("evidence:list")
        text = _("Not heard, or not whole, today.")
        yield Task(31, "bad", "circle-x", title, text, log, _("See the log"))


def _why(row: AsRun) -> str:
    return reason_words(row.reason) or str(row.get_state_display())


def _equipment(desk: Desk) -> Iterator[Task]:
    found = loudspeakers.equipment(desk.unit, desk.now)
    for station in found.broken:
        text = _("The device is there, but its output gives no sound.")
        yield _station_task(20, "volume-off", station, text)
    for station in found.offline:
        seen = vi_datetime(station.node.last_seen_at) if station.node else ""
        text = _("No contact since %(when)s.") % {"when": seen}
        yield _station_task(25, "wifi-off", station, text)
    for station in found.bare:
        text = _("No device is connected here yet.")
        yield _station_task(95, "circle-dashed", station, text, tone="plain")


def _station_task(harm: int, icon: str, station: Station, text: str, tone: str = "bad") -> Task:
    url = reverse("stations:detail", args=[station.cluster.pk])
    return Task(harm, tone, icon, station.cluster.name, text, url, _("Open"))


def _faults(desk: Desk) -> Iterator[Task]:
    for fault in open_faults(desk.unit)[:_EACH]:
        cluster = fault.node.cluster
        yield Task(
            harm=35,
            tone="bad",
            icon="shield-x",
            title=_("%(cluster)s: the journal cannot be relied on") % {"cluster": cluster.name},
            text=_("Noticed at %(when)s: %(what)s.")
            % {"when": vi_datetime(fault.noticed_at), "what": fault_words(fault.reason)},
            url=reverse("evidence:journals"),
            action=_("Open"),
        )


def _channels(desk: Desk) -> Iterator[Task]:
    """What a channel could not do. Loudspeakers that were not heard have lines of their own."""
    failed = failed_deliveries(desk.unit).exclude(channel=SPEAKER, detail=NOT_PROVED)
    for delivery in failed[:_EACH]:
        channel = find_channel(delivery.channel)
        bad = delivery.act != Delivery.Act.DELIVER
        yield Task(
            harm=18 if bad else 80,
            tone="bad" if bad else "warn",
            icon=channel.icon if channel else "alert-triangle",
            title=_FAILED_ACTS[delivery.act]()
            % {
                "channel": channel.label if channel else delivery.channel,
                "title": delivery.edition.title,
            },
            text=delivery.detail or _("It is tried again by itself."),
            url=reverse("channels:bulletin", args=[delivery.edition.bulletin_id]),
            action=_("Open"),
        )


def _voice(desk: Desk) -> Iterator[Task]:
    if desk.heard and choice_of(desk.unit) is None:
        yield Task(
            harm=37,
            tone="warn",
            icon="flask",
            title=_("May the trial voice be broadcast?"),
            text=_("Until you decide, only recordings of people can be released."),
            url=reverse("voice:voices"),
            action=pgettext("trial voice", "Decide"),
        )


def _missing_people(desk: Desk) -> Iterator[Task]:
    held = Membership.objects.filter(
        valid_on(local_date(desk.now)), counts_at(desk.unit), person__is_active=True
    )
    found = effective(held.values_list("role", flat=True))
    for role in _NEEDED if desk.heard else ():
        if role not in found:
            yield Task(
                harm=36 if role == Role.APPROVER else 90,
                tone="warn",
                icon="users",
                title=_("Nobody here is %(role)s") % {"role": role.label},
                text=str(_WITHOUT[role]()),
                url=reverse("people:list"),
                action=_("Name somebody"),
            )


def _no_loudspeakers(desk: Desk) -> Iterator[Task]:
    if desk.heard and not loudspeakers.has_clusters(desk.unit):
        yield Task(
            harm=91,
            tone="warn",
            icon="speakerphone",
            title=_("No loudspeaker is known yet"),
            text=_("Nothing can be heard until one is added."),
            url=reverse("stations:list"),
            action=_("Add a loudspeaker"),
        )


def _title(bulletin: Bulletin) -> str:
    return bulletin.current.title if bulletin.current else _("Untitled")


_FAILED_ACTS: dict[str, Callable[[], str]] = {
    Delivery.Act.DELIVER: lambda: _("%(channel)s: not delivered: %(title)s"),
    Delivery.Act.CORRECT: lambda: _("%(channel)s: not corrected yet: %(title)s"),
    Delivery.Act.WITHDRAW: lambda: _("%(channel)s: not withdrawn yet: %(title)s"),
}
_WITHOUT: dict[str, Callable[[], str]] = {
    Role.WRITER: lambda: _("No bulletin can be written."),
    Role.APPROVER: lambda: _("No bulletin can be approved, so none can be broadcast."),
    Role.TECHNICIAN: lambda: _("Nobody looks after the loudspeakers."),
}
_MAKERS: tuple[tuple[Collection[str], Callable[[Desk], Iterator[Task]]], ...] = (
    ({Role.APPROVER}, _to_approve),
    ({Role.WRITER}, _soundless),
    ({Role.WRITER, Role.APPROVER}, _unaired),
    ({Role.WRITER}, _returned),
    ({Role.TECHNICIAN}, _not_heard),
    ({Role.TECHNICIAN}, _equipment),
    ({Role.TECHNICIAN}, _faults),
    ({Role.TECHNICIAN, Role.ADMINISTRATOR, Role.APPROVER}, _channels),
    ({Role.ADMINISTRATOR}, _voice),
    ({Role.ADMINISTRATOR}, _missing_people),
    ({Role.ADMINISTRATOR, Role.TECHNICIAN}, _no_loudspeakers),
)
