"""``vang cap``: check a file, take one in, make keys for signing."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vang.base.refusals import Refusal
    from vang.orgs.models import Unit

    Words = argparse._SubParsersAction[argparse.ArgumentParser]

_MOST_CERTIFICATE = 64 * 1024
REFUSED = 1
"""The exit code where a file or a wish is refused; 2 is for wrong words."""


def add_cap(words: "Words", data: Path) -> None:
    """The word ``cap`` and what may follow it."""
    cap = words.add_parser("cap", help="warnings in the format CAP 1.2")
    acts = cap.add_subparsers(required=True, metavar="ACT")
    check = acts.add_parser("check", help="say whether a file would be taken")
    check.add_argument("file", type=Path)
    check.set_defaults(do=_check)
    take = acts.add_parser("import", help="take a file in, for a person to decide on")
    take.add_argument("file", type=Path)
    take.add_argument("--unit", default="", help="code of the unit that it is for")
    take.set_defaults(do=_import)
    for one in (check, take):
        one.add_argument(
            "--certificate",
            type=Path,
            help="PEM file that the sender gave you: what it did not sign is refused",
        )
    keys = acts.add_parser("keys", help="make the key and certificate that sign our warnings")
    keys.add_argument("--name", required=True, help="who signs, as it stands in the certificate")
    keys.add_argument("--data", type=Path, default=data)
    keys.set_defaults(do=_keys)


def _check(arguments: argparse.Namespace) -> int:
    _django()
    from vang.base.clock import now  # noqa: PLC0415
    from vang.base.refusals import Refusal  # noqa: PLC0415
    from vang.cap.reading import read  # noqa: PLC0415
    from vang.cap.signing import certificate_from, verify  # noqa: PLC0415

    try:
        content, pinned = _bytes(arguments.file), _pinned(arguments.certificate)
        reading = read(content, now=now())
        if pinned:
            verify(content, certificate_from(pinned), now=now())
    except (Refusal, OSError) as error:
        return _refused(error)
    alert = reading.alert
    print(f"taken: {alert.status} {alert.msg_type} {alert.identifier}")
    print(f"signature: {_signature(signed=reading.has_signature, checked=bool(pinned))}")
    for one in reading.cautions:
        print(f"caution {one.code.value}, line {one.line}: {one.text} {one.about}".rstrip())
    return 0


def _import(arguments: argparse.Namespace) -> int:
    _django()
    from vang.base.clock import now  # noqa: PLC0415
    from vang.base.refusals import Refusal  # noqa: PLC0415
    from vang.upstream.receiving import receive  # noqa: PLC0415

    try:
        unit = _unit(arguments.unit)
        row = receive(
            content=_bytes(arguments.file),
            unit=unit,
            now=now(),
            certificate=_pinned(arguments.certificate),
        )
    except (Refusal, OSError) as error:
        return _refused(error)
    print(f"received {row.pk} for {unit.full_name}: {row}")
    return 0


def _signature(*, signed: bool, checked: bool) -> str:
    if checked:
        return "verified by the certificate given"
    return "there, but not checked: no --certificate was given" if signed else "none"


def _pinned(path: Path | None) -> str:
    """The text of the certificate; "" where none was named. Raises OSError, Refusal."""
    from vang.base.refusals import Refusal  # noqa: PLC0415

    if path is None:
        return ""
    with path.open("rb") as file:
        content = file.read(_MOST_CERTIFICATE + 1)
    if not content.strip() or len(content) > _MOST_CERTIFICATE or not content.isascii():
        raise Refusal("bad-certificate", "This is not one certificate in PEM form.")
    return content.decode()


def _unit(code: str) -> "Unit":
    """The unit of the code, else the only one that stands above all others. Raises Refusal."""
    from vang.base.clock import local_date, now  # noqa: PLC0415
    from vang.base.refusals import Refusal  # noqa: PLC0415
    from vang.orgs.models import Unit  # noqa: PLC0415
    from vang.orgs.queries import valid_on  # noqa: PLC0415

    units = Unit.objects.filter(valid_on(local_date(now())))
    found = list((units.filter(code=code) if code else units.filter(parent=None))[:2])
    if not found:
        raise Refusal("unit-unknown", f"There is no unit {code}.".replace(" .", "."))
    if len(found) > 1:
        raise Refusal("unit-unclear", "Say for which unit: --unit CODE.")
    return found[0]


def _keys(arguments: argparse.Namespace) -> int:
    _django()
    from vang.base.clock import now  # noqa: PLC0415
    from vang.cap.signing import CERTIFICATE_FILE, keep_signer, make_signer  # noqa: PLC0415

    try:
        keep_signer(make_signer(arguments.name, now=now()), arguments.data)
    except OSError as error:
        print(f"vang: not made: {error}", file=sys.stderr)
        return REFUSED
    print(f"Made. Give {arguments.data / CERTIFICATE_FILE} to those who read our warnings.")
    return 0


def _bytes(path: Path) -> bytes:
    """No more than is needed to see that it is too much. Raises OSError."""
    from vang.cap.parsing import MOST_BYTES  # noqa: PLC0415

    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _refused(error: "Refusal | OSError") -> int:
    """Code, line and sentence, one line a finding."""
    from vang.base.refusals import Refusal  # noqa: PLC0415
    from vang.cap.findings import NotAccepted  # noqa: PLC0415

    if isinstance(error, NotAccepted):
        for one in error.findings:
            told = f"{one.code.value}, line {one.line}: {one.text} {one.about}".rstrip()
            print(f"refused: {told}", file=sys.stderr)
    elif isinstance(error, Refusal):
        print(f"refused: {error.code}: {error}", file=sys.stderr)
    else:
        print(f"refused: unreadable: {error}", file=sys.stderr)
    return REFUSED


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vang.config.settings")
    import django  # noqa: PLC0415

    django.setup()
