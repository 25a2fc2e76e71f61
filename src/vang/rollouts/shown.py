"""A roll-out as its pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, communes_below
from vang.people.access import readable_unit, visible_communes
from vang.people.models import Person
from vang.rollouts.models import Group, Rollout, Turn
from vang.rollouts.progress import counts
from vang_protocol.releases import Failure

_Roll, _Turn = Rollout.State, Turn.State
TONES = {
    _Roll.WAITING: ("warn", "hourglass"),
    _Roll.REFUSED: ("plain", "x"),
    _Roll.RUNNING: ("note", "refresh"),
    _Roll.PAUSED: ("warn", "player-pause"),
    _Roll.HALTED: ("bad", "alert-triangle"),
    _Roll.ENDED: ("plain", "player-stop"),
    _Roll.DONE: ("ok", "circle-check"),
    _Roll.RETURNING: ("warn", "arrow-back-up"),
    _Roll.RETURNED: ("plain", "arrow-back-up"),
    _Turn.WAITING: ("plain", "clock-pause"),
    _Turn.OFFERED: ("note", "send"),
    _Turn.FETCHING: ("note", "download"),
    _Turn.READY: ("note", "hourglass"),
    _Turn.TRYING: ("note", "flask"),
    _Turn.DONE: ("ok", "circle-check"),
    _Turn.FAILED: ("bad", "arrow-back-up"),
    _Turn.LEFT: ("plain", "x"),
    _Turn.RETURNED: ("plain", "arrow-back-up"),
}
REASONS: dict[str, str | Promise] = {
    Failure.NOT_SIGNED.value: _("The device did not find it on the list that two people signed."),
    Failure.WRONG_FILE.value: _("What arrived is not what was signed."),
    Failure.BAD_ARCHIVE.value: _("The file cannot be unpacked."),
    Failure.NO_LIBRARIES.value: _("It needs a newer package: install that by hand."),
    Failure.NO_ROOM.value: _("There is no room on the device."),
    Failure.DIED.value: _("It ended as soon as it was started."),
    Failure.NOT_HEALTHY.value: _("It did not report that it was well in time."),
}


@dataclass(frozen=True)
class Look:
    """A state in words, a tone and an icon."""

    label: str | Promise
    tone: str
    icon: str


@dataclass(frozen=True)
class Step:
    """One group: how many devices it has and how far they are."""

    group: Group
    total: int
    done: int
    failed: int
    busy: int
    left: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def state(self) -> Look:
        if self.group.ended_at is not None:
            return Look(_("ended"), "ok", "circle-check")
        if self.group.began_at is not None:
            return Look(_("under way"), "note", "refresh")
        return Look(_("waits"), "plain", "clock-pause")


def look(state: str) -> Look:
    tone, icon = TONES[state]  # type: ignore[index]
    label = (_Roll if state in _Roll.values else _Turn)(state).label
    return Look(label, tone, icon)


def turn_look(turn: Turn) -> Look:
    tone, icon = TONES[_Turn(turn.state)]
    return Look(_Turn(turn.state).label, tone, icon)


def rollout_look(rollout: Rollout) -> Look:
    tone, icon = TONES[_Roll(rollout.state)]
    return Look(_Roll(rollout.state).label, tone, icon)


def steps(rollout: Rollout) -> list[Step]:
    """Its groups in order; two queries."""
    groups = list(rollout.groups.order_by("number"))
    found = counts(groups)
    return [_step(group, found.get(group.pk, {})) for group in groups]


def _step(group: Group, states: dict[str, int]) -> Step:
    busy = sum(states.get(one, 0) for one in (_Turn.FETCHING, _Turn.READY, _Turn.TRYING))
    return Step(
        group,
        total=sum(states.values()),
        done=states.get(_Turn.DONE, 0) + states.get(_Turn.RETURNED, 0),
        failed=states.get(_Turn.FAILED, 0),
        busy=busy,
        left=states.get(_Turn.LEFT, 0),
    )


def rollouts_of(unit: Unit) -> QuerySet[Rollout]:
    """Those of the unit and of the units above, the newest first, with their figures."""
    return (
        Rollout.objects.filter(unit__in=[one.pk for one in ancestors(unit)])
        .select_related("release", "unit", "made_by")
        .annotate(
            total=Count("turns"),
            done=Count("turns", filter=Q(turns__state=_Turn.DONE)),
            failed=Count("turns", filter=Q(turns__state=_Turn.FAILED)),
        )
        .order_by("-made_at", "-pk")
    )


def turns_shown(rollout: Rollout, person: Person, on: date, *, failed: bool) -> QuerySet[Turn]:
    """Devices of the roll-out that the person may see."""
    turns = rollout.turns.select_related("node__cluster__unit", "group")
    if not readable_unit(person, rollout.unit, on):
        turns = turns.filter(node__cluster__unit__in=visible_communes(person, on).order_by())
    if failed:
        turns = turns.filter(Q(state=_Turn.FAILED) | ~Q(reason=""))
    return turns.order_by("group__number", "node__cluster__unit__name", "node__cluster__name", "pk")


def reason_of(turn: Turn) -> str | Promise:
    return REASONS.get(turn.reason, turn.reason)


def is_wide(unit: Unit, on: date) -> bool:
    """Whether the unit has communes below it."""
    return communes_below(unit, on).exclude(pk=unit.pk).exists()


def with_looks(turns: Iterable[Turn]) -> list[tuple[Turn, Look, str | Promise]]:
    return [(turn, turn_look(turn), reason_of(turn)) for turn in turns]
