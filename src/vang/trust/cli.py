"""``vang keys``: the ceremony of the province's root.

``init`` and ``sign`` are for a holder's own computer, which needs no network, no database and no
installation. The others are for the server.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vang.trust.refusing import TrustRefused

if TYPE_CHECKING:
    Words = argparse._SubParsersAction[argparse.ArgumentParser]

TOLD_BY = "VANG_KEY_PASSPHRASE_FILE"
"""Names a file whose first line is the passphrase: for drills without a terminal."""


def add_keys(words: "Words", data: Path, django: Callable[[], None]) -> None:
    """``django`` loads the installation, for those acts that need it."""
    keys = words.add_parser("keys", help="the root of trust: who may let loudspeakers speak")
    acts = keys.add_subparsers(required=True, metavar="ACT")
    _add_holders(acts)
    _add_server(acts, data, django)


def _add_holders(acts: "Words") -> None:
    init = acts.add_parser("init", help="holder: make a key file that opens with a passphrase")
    init.add_argument("name", help="the holder's name, as it will stand in the root")
    init.add_argument("--out", type=Path, required=True, metavar="FILE.key")
    init.set_defaults(do=_guarded(_init))
    sign = acts.add_parser("sign", help="holder: look at a file and sign it")
    sign.add_argument("file", type=Path, help="N.root.json, N.targets.json or N.software.json")
    sign.add_argument("--key", type=Path, required=True, metavar="FILE.key")
    sign.add_argument("--policy", type=Path, help="N.policy.json, needed to sign N.targets.json")
    sign.add_argument("--published", type=Path, help="the policy signed last, to show what changes")
    sign.add_argument("--release", type=Path, nargs="*", default=[],
                      help="files that N.software.json lists anew")  # fmt: skip
    sign.add_argument("--yes", action="store_true", help="do not ask")
    sign.set_defaults(do=_guarded(_sign))


def _add_server(acts: "Words", data: Path, django: Callable[[], None]) -> None:
    def server(name: str, act: Callable[[argparse.Namespace], None], words: str) -> Any:
        parser = acts.add_parser(name, help=f"server: {words}")
        parser.set_defaults(do=_guarded(act, django))
        return parser

    out = data / "ceremony"
    add = server("add", _add, "take in a holder's public file")
    add.add_argument("file", type=Path, metavar="NAME.public.json")
    add.add_argument("--software", action="store_true", help="who signs software, not the root")
    leave = server("leave", _leave, "leave a signer of software out of the next policy")
    leave.add_argument("key", help="the beginning of the key id, as `show` tells it")
    root = server("root", _root, "make the first root of the three holders, to be signed")
    root.add_argument("--out", type=Path, default=out)
    server("show", _show, "root, holders, fingerprints, ends, what waits")
    policy = server("policy", _policy, "make the policy of this moment, to be signed")
    policy.add_argument("--out", type=Path, default=out)
    publish = server("publish", _publish, "verify signed files as a node does, put them in place")
    publish.add_argument("files", type=Path, nargs="+")
    rotate = server("rotate", _rotate, "make the next root: a holder hands over, or it is renewed")
    rotate.add_argument("--holder", metavar="KEYID", help="the beginning of the key id that leaves")
    rotate.add_argument("--to", type=Path, metavar="NAME.public.json", help="who comes")
    rotate.add_argument("--server-key", action="store_true", help="a new key of the server")
    rotate.add_argument("--out", type=Path, default=out)
    revoke = server("revoke", _revoke, "end a person's key; nodes learn it with the next policy")
    revoke.add_argument("key", help="the beginning of the key id, as `show` tells it")


def _guarded(
    act: Callable[[argparse.Namespace], None], django: Callable[[], None] | None = None
) -> Callable[[argparse.Namespace], int]:
    def do(arguments: argparse.Namespace) -> int:
        if django is not None:
            django()
        try:
            act(arguments)
        except TrustRefused as error:
            print(f"vang keys: {error}", file=sys.stderr)
            return 1
        return 0

    return do


def _init(arguments: argparse.Namespace) -> None:
    from vang.trust.signers import PASSPHRASE_CHARS, Holder, make_key  # noqa: PLC0415

    wanted = f"Passphrase for {arguments.out} (at least {PASSPHRASE_CHARS} characters): "
    passphrase = _passphrase(wanted, twice=True)
    Holder(arguments.name, "0" * 64)  # a name that the root would refuse is refused first
    holder = Holder(arguments.name, make_key(arguments.out, passphrase))
    public = arguments.out.with_suffix(".public.json")
    public.write_bytes(holder.to_json())
    print(f"{arguments.out}: keep it offline, and the passphrase apart from it.")
    print(f"{public}: bring this one to the server.")
    print(f"Fingerprint, to read to the others: {_fingerprint(holder.keyid)}")


def _sign(arguments: argparse.Namespace) -> None:
    from vang.base.files import write_atomic  # noqa: PLC0415
    from vang.trust.holding import described  # noqa: PLC0415
    from vang.trust.metadata import add_signature  # noqa: PLC0415
    from vang.trust.signers import read_key, read_limited  # noqa: PLC0415

    content = read_limited(arguments.file, 64 * 1024)
    for line in described(
        content,
        policy=arguments.policy,
        published=arguments.published,
        releases=arguments.release,
    ):
        print(line)
    if not arguments.yes and input("Sign this? Type YES: ").strip() != "YES":
        raise TrustRefused("not-signed", "Nothing was signed.")
    signer = read_key(arguments.key, _passphrase(f"Passphrase of {arguments.key}: "))
    write_atomic(arguments.file, add_signature(content, signer))
    print(f"{arguments.file} is signed by {_fingerprint(signer.public_key.keyid)}")


def _add(arguments: argparse.Namespace) -> None:
    from vang.trust.ceremony import take_in  # noqa: PLC0415
    from vang.trust.signers import read_holder  # noqa: PLC0415
    from vang.trust.software import take_in_signer  # noqa: PLC0415

    holder = read_holder(arguments.file)
    total = take_in_signer(holder) if arguments.software else take_in(holder)
    print(f"{holder.name}: {_fingerprint(holder.keyid)}")
    if arguments.software:
        print(f"{total} people sign software from the next policy on, two of them together.")
    else:
        print(f"{total} of 3 holders are here.")


def _leave(arguments: argparse.Namespace) -> None:
    from vang.trust.software import leave_out_signer  # noqa: PLC0415

    print(f"{leave_out_signer(arguments.key)} signs no software from the next policy on.")


def _root(arguments: argparse.Namespace) -> None:
    from vang.trust.ceremony import write_first_root  # noqa: PLC0415

    _tell_to_sign(write_first_root(arguments.out, now=_now()))


def _show(_arguments: argparse.Namespace) -> None:
    from vang.trust.ceremony import shown  # noqa: PLC0415

    for line in shown(now=_now()):
        print(line)


def _policy(arguments: argparse.Namespace) -> None:
    from vang.trust.ceremony import write_policy  # noqa: PLC0415

    written, changes = write_policy(arguments.out, now=_now())
    for line in changes or ["Nothing changes but the dates."]:
        print(line)
    _tell_to_sign(written)


def _publish(arguments: argparse.Namespace) -> None:
    from vang.trust.publishing import publish_and_note, read_offer  # noqa: PLC0415

    policy = publish_and_note(read_offer(arguments.files), now=_now())
    if policy is None:
        print("The root is in place. Now make and sign the first policy.")
    else:
        print(f"Policy {policy.version} is in force until {policy.expires:%d/%m/%Y}.")


def _rotate(arguments: argparse.Namespace) -> None:
    from vang.trust.ceremony import write_next_root  # noqa: PLC0415
    from vang.trust.signers import read_holder  # noqa: PLC0415

    if bool(arguments.holder) != bool(arguments.to):
        raise TrustRefused("who", "Name who leaves (--holder) together with who comes (--to).")
    holder = read_holder(arguments.to) if arguments.to else None
    written = write_next_root(
        arguments.out,
        leaving=arguments.holder or "",
        holder=holder,
        server_key=arguments.server_key,
        now=_now(),
    )
    _tell_to_sign(written)


def _revoke(arguments: argparse.Namespace) -> None:
    from vang.trust.ceremony import revoke  # noqa: PLC0415

    print(revoke(arguments.key, now=_now()))
    print("Nodes learn it with the next policy: vang keys policy, sign, publish.")


def _tell_to_sign(written: list[Path]) -> None:
    for path in written:
        print(path)
    print("To be signed by two holders: vang keys sign FILE --key KEY; then vang keys publish.")


def _passphrase(question: str, *, twice: bool = False) -> str:
    """From the terminal, never echoed; or the first line of the file that the environment names."""
    if named := os.environ.get(TOLD_BY, ""):
        return Path(named).read_text().splitlines()[0]
    told = getpass.getpass(question)
    if twice and getpass.getpass("Once more: ") != told:
        raise TrustRefused("passphrase-differs", "The two passphrases differ.")
    return told


def _fingerprint(keyid: str) -> str:
    """Groups of four, to be read aloud."""
    return " ".join(keyid[i : i + 4] for i in range(0, 32, 4))


def _now() -> datetime:
    return datetime.now(UTC)
