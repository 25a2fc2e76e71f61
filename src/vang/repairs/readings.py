"""What a device says of itself, in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vang.base.display import vi_number
from vang.repairs.kinds import RULES, Kind, State, Verdict, health


@dataclass(frozen=True)
class Reading:
    """``tone``: ok, warn or plain."""

    label: str
    value: str
    tone: str = "plain"


def readings_of(state: State) -> list[Reading]:
    """Only what there is a sensor for."""
    return list(_readings(state))


def _readings(state: State) -> Iterator[Reading]:
    yield from _numbers(state)
    network = health(state, "network")
    if network:
        signal = network.get("signal_dbm")
        words = str(_KINDS[network["kind"]]())
        if signal is not None:
            words += f", {signal} dBm"
        yield Reading(_("Network"), words, _tone(Kind.SIGNAL, state))
    power = health(state, "undervoltage")
    if power is not None:
        words = _("too low") if power else _("in order")
        yield Reading(_("Supply of the board"), words, _tone(Kind.POWER, state))
    silence = health(state, "silence")
    if silence:
        words = _("%(sent)s dB sent, clip %(clip)s dB, mute for %(ms)s ms") % {
            "sent": vi_number(silence["sent_cdb"] / 100, 1),
            "clip": vi_number(silence["clip_cdb"] / 100, 1),
            "ms": silence["silent_ms"],
        }
        yield Reading(_("Silence watch, last play"), words, _tone(Kind.SOUND, state))
    heard = health(state, "heard")
    if heard:
        words = {
            "heard": _("heard, likeness %(n)s %%"),
            "not-heard": _("not heard, likeness %(n)s %%"),
            "unsure": _("not sure, likeness %(n)s %%"),
        }[heard["verdict"]] % {"n": vi_number(heard["score"] / 10, 0)}
        yield Reading(_("Microphone, last play"), words, _tone(Kind.NOT_HEARD, state))


def _numbers(state: State) -> Iterator[Reading]:
    for name, label, kind, show in _NUMBERS:
        found = health(state, name)
        if found is not None:
            yield Reading(str(label()), show(found), _tone(kind, state) if kind else "plain")


def _tone(kind: Kind, state: State) -> str:
    rule = RULES[kind]
    verdict = rule.judge(rule.read(state))
    return {Verdict.BAD: "warn", Verdict.GOOD: "ok"}.get(verdict, "plain")


def _volts(found: int) -> str:
    return f"{vi_number(found / 1000, 2)} V"


_NUMBERS: tuple[tuple[str, Callable[[], str], Kind | None, Callable[[Any], str]], ...] = (
    ("battery_mv", lambda: _("Battery"), Kind.BATTERY, _volts),
    ("supply_mv", lambda: _("Supply voltage"), None, _volts),
    (
        "temperature_c10",
        lambda: _("Temperature"),
        Kind.HEAT,
        lambda n: f"{vi_number(n / 10, 1)} °C",
    ),
    ("disk_free_pct", lambda: _("Free storage"), Kind.DISK, lambda n: f"{n} %"),
    ("memory_free_mb", lambda: _("Free memory"), Kind.MEMORY, lambda n: f"{vi_number(n)} MB"),
    ("cpu_pct", lambda: _("Processor in use"), None, lambda n: f"{n} %"),
)
_KINDS: dict[str, Callable[[], str]] = {
    "ethernet": lambda: _("cable"),
    "wifi": lambda: "Wi-Fi",
    "mobile": lambda: _("mobile network"),
    "other": lambda: _("another network"),
}
