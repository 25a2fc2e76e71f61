"""``vang audit``: whether the journal is still what it was."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Words = argparse._SubParsersAction[argparse.ArgumentParser]


def add_audit(words: "Words", django: Callable[[], None]) -> None:
    """``django`` loads the installation."""
    audit = words.add_parser("audit", help="the chained journal of all that was done")
    acts = audit.add_subparsers(required=True, metavar="ACT")
    verify = acts.add_parser("verify", help="find what was deleted, put in, changed or moved")
    verify.add_argument(
        "--known", action="append", default=[], type=_known, metavar="ENTRIES:HASH",
        help="a head that was kept elsewhere, as a node tells it",
    )  # fmt: skip

    def do(arguments: argparse.Namespace) -> int:
        django()
        return _verify(arguments.known)

    verify.set_defaults(do=do)


def _verify(known: list[tuple[int, str]]) -> int:
    from vang.journal.chain import head, verify  # noqa: PLC0415

    faults = 0
    for faults, fault in enumerate(verify(known), start=1):  # noqa: B007
        print(f"{fault.kind} at {fault.position}: {fault.detail}", file=sys.stderr)
    entries, chain = head()
    print(f"{entries} entries, head {entries}:{chain}")
    print("The journal is whole." if not faults else f"{faults} faults.")
    return 1 if faults else 0


def _known(text: str) -> tuple[int, str]:
    entries, _, chain = text.partition(":")
    if not entries.isdigit() or len(chain) != 64:
        raise argparse.ArgumentTypeError("ENTRIES:HASH, as `vang audit verify` tells it")
    return int(entries), chain
