"""Who must know of a roll-out: whoever may approve it, and whoever must look when it stopped."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify, settle
from vang.people.roles import Role
from vang.rollouts.models import Release, Rollout

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words = str | Promise

WAITS, HALTED = "rollout-waits", "rollout-halted"
_KEEPERS = frozenset({Role.TECHNICIAN.value, Role.ADMINISTRATOR.value})
KINDS = (
    Kind(WAITS, _("a roll-out waits for a second person"), "hourglass", Mail.DAILY, _KEEPERS,
         "warn"),
    Kind(HALTED, _("a roll-out stopped by itself"), "alert-triangle", Mail.AT_ONCE, _KEEPERS,
         "bad"),
)  # fmt: skip


def tell_of_waiting(rollout: Rollout, *, now: datetime) -> None:
    title = _titled(_("Approve the roll-out: {sort} {version}"), rollout)
    for role in (Role.ADMINISTRATOR, Role.TECHNICIAN):
        _tell(WAITS, rollout, role, title=title, text=rollout.why, now=now)


def tell_of_halt(rollout: Rollout, *, now: datetime) -> None:
    title = _titled(_("The roll-out stopped: {sort} {version}"), rollout)
    text = _("Too many devices went back to their former version. No other device gets it.")
    for role in (Role.ADMINISTRATOR, Role.TECHNICIAN):
        _tell(HALTED, rollout, role, title=title, text=text, now=now)


def settle_all(rollout: Rollout, *, now: datetime) -> None:
    settle(subject=f"rollout:{rollout.pk}", kinds=[WAITS, HALTED], now=now)


def _titled(words: "_StrPromise", rollout: Rollout) -> Words:
    release = rollout.release
    sort = Release.Sort(release.sort).label
    return format_lazy(words, sort=sort, version=release.version)


def _tell(
    kind: str, rollout: Rollout, role: Role, *, title: Words, text: Words, now: datetime
) -> None:
    without = frozenset({rollout.made_by_id}) if kind == WAITS else frozenset[int]()
    notify(
        kind=kind,
        to=Holders(role, rollout.unit, without=without),
        unit=rollout.unit,
        subject=f"rollout:{rollout.pk}",
        title=title,
        text=text,
        url=reverse("rollouts:detail", args=[rollout.pk]),
        now=now,
        once=f"{kind}:{rollout.pk}:{now.isoformat()}",
    )
