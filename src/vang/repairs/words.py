"""Faults in words: what was read, in its unit."""

from django.utils.translation import gettext as _

from vang.base.display import vi_datetime, vi_number
from vang.repairs.kinds import Kind
from vang.repairs.models import Fault


def reading(fault: Fault) -> str:
    """The worst reading, "" where there is none."""
    kind, worst = Kind(fault.kind), fault.worst
    if kind is Kind.OFFLINE:
        return _("since %(when)s") % {"when": vi_datetime(fault.began_at)}
    if worst is None:
        return ""
    if kind is Kind.SOUND:
        return _("the output failed") if worst == 2 else _("the output was silent in a play")
    return {
        Kind.BATTERY: _("%(n)s %% of its nominal voltage") % {"n": vi_number(worst / 10, 0)},
        Kind.CLOCK: _("may be off by %(n)s s") % {"n": vi_number(worst / 1000, 1)}
        if worst < 3_600_000
        else _("not to be trusted"),
        Kind.HEAT: _("%(n)s °C") % {"n": vi_number(worst / 10, 1)},
        Kind.DISK: _("%(n)s %% free") % {"n": worst},
        Kind.MEMORY: _("%(n)s MB free") % {"n": vi_number(worst)},
        Kind.SIGNAL: _("%(n)s dBm") % {"n": worst},
    }.get(kind, "")
