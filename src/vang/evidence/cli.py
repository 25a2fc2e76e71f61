"""``vang usb``: plans and commands on a stick for a village without a network, journals back."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Words = argparse._SubParsersAction[argparse.ArgumentParser]


def add_usb(words: "Words", django: Callable[[], None]) -> None:
    """``django`` loads the installation."""
    usb = words.add_parser("usb", help="a stick for a village without a network")
    acts = usb.add_subparsers(required=True, metavar="ACT")
    export = acts.add_parser("export", help="write plan, commands, sounds and policy")
    export.add_argument("--unit", required=True, metavar="CODE", help="of the commune")
    export.add_argument("--to", type=Path, required=True, metavar="DIR")
    take = acts.add_parser("import", help="take in the journals that nodes have put there")
    take.add_argument("stick", type=Path, metavar="DIR")
    for act, work in ((export, _export), (take, _import)):
        act.set_defaults(do=_guarded(work, django))


def _guarded(
    work: Callable[[argparse.Namespace], int], django: Callable[[], None]
) -> Callable[[argparse.Namespace], int]:
    def do(arguments: argparse.Namespace) -> int:
        from vang_protocol.reasons import Refused  # noqa: PLC0415

        django()
        try:
            return work(arguments)
        except (Refused, OSError) as error:
            print(f"vang: {error}", file=sys.stderr)
            return 1

    return do


def _export(arguments: argparse.Namespace) -> int:
    from vang.base.clock import local_date, now  # noqa: PLC0415
    from vang.dispatch.sticks import write_stick  # noqa: PLC0415
    from vang.orgs.models import Unit  # noqa: PLC0415
    from vang.orgs.queries import valid_on  # noqa: PLC0415

    at = now()
    unit = Unit.objects.filter(valid_on(local_date(at)), code=arguments.unit).first()
    if unit is None:
        print(f"vang: there is no unit {arguments.unit}", file=sys.stderr)
        return 1
    written = write_stick(unit, arguments.to, now=at)
    if not written.units:
        print(f"vang: {unit.name} has no loudspeakers", file=sys.stderr)
        return 1
    print(f"{unit.name}: {written.commands} commands, {written.sounds} new sounds")
    print("On the loudspeaker: vang-node import DIR, then back here: vang usb import DIR")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from vang.base.clock import now  # noqa: PLC0415
    from vang.evidence.sticks import read_stick  # noqa: PLC0415

    taken = read_stick(arguments.stick, now=now())
    for node, through in taken.through.items():
        print(f"{node}: journal known to line {through}")
    print(f"{taken.receipts} new receipts")
    for refused in taken.refused:
        print(f"  refused: {refused}")
    return 1 if taken.refused else 0
