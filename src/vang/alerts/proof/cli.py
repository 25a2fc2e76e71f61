"""``vang evidence``: write the evidence of an alert, and verify such a file anywhere."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vang.alerts.proof.bundle import MOST_BYTES, read_bundle, write_bundle
from vang.alerts.proof.verifying import Findings, verify
from vang_protocol.reasons import Refused

if TYPE_CHECKING:
    Words = argparse._SubParsersAction[argparse.ArgumentParser]


def add_evidence(words: "Words", django: Callable[[], None]) -> None:
    """The words below ``vang``."""
    evidence = words.add_parser("evidence", help="the evidence of an alert, verifiable anywhere")
    acts = evidence.add_subparsers(required=True, metavar="WHAT")
    check = acts.add_parser("verify", help="verify a file, without a server or a network")
    check.add_argument("file", type=Path)
    check.add_argument("--root", help="fingerprint of the province's root, as you know it")
    check.set_defaults(do=_verify)
    make = acts.add_parser("bundle", help="write the file of an alert (on the server)")
    make.add_argument("alert", help="identifier, such as urn:uuid:…")
    make.add_argument("--out", type=Path, required=True)
    make.set_defaults(do=lambda arguments: _bundle(arguments, django))


def _verify(arguments: argparse.Namespace) -> int:
    """0 when everything holds, 1 when something does not, 2 when it is no such file."""
    try:
        with arguments.file.open("rb") as file:
            bundle = read_bundle(file.read(MOST_BYTES + 1))
    except (OSError, Refused) as error:
        print(f"{arguments.file}: {error}", file=sys.stderr)
        return 2
    found = verify(bundle, root_fingerprint=arguments.root)
    print(f"{bundle.alert}  {bundle.headline}")
    print(words_of(found))
    return 1 if found.wrong else 0


def words_of(found: Findings) -> str:
    """What was found, a line each."""
    lines = [f"root of the province: {found.fingerprint or 'none that holds'}"]
    lines += [f"{name}: signed by {', '.join(people)}" for name, people in found.people.items()]
    lines += [f"{node}: {', '.join(phases)}" for node, phases in found.phases.items()]
    lines += [f"heard by its journal: {one}" for one in found.heard]
    lines += [f"WRONG: {one}" for one in found.wrong]
    lines.append("does not hold" if found.wrong else "everything holds")
    return "\n".join(lines)


def _bundle(arguments: argparse.Namespace, django: Callable[[], None]) -> int:
    django()
    from vang.alerts.models import Alert  # noqa: PLC0415
    from vang.alerts.proof.making import bundle_of  # noqa: PLC0415
    from vang.base import clock  # noqa: PLC0415
    from vang.base.refusals import Refusal  # noqa: PLC0415

    alert = Alert.objects.filter(identifier=arguments.alert).first()
    if alert is None:
        print(f"There is no alert {arguments.alert}.", file=sys.stderr)
        return 2
    try:
        bundle = bundle_of(alert, now=clock.now())
    except Refusal as refusal:
        print(str(refusal), file=sys.stderr)
        return 2
    arguments.out.write_bytes(write_bundle(bundle))
    print(f"{arguments.out}: {len(bundle.orders)} commands, {len(bundle.nodes)} loudspeakers")
    return 0
