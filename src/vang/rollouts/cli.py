"""``vang releases``: the list of releases that devices may take.

Drafted on the server, signed elsewhere by two people (``vang keys sign``), put in place here.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vang.trust.refusing import TrustRefused

if TYPE_CHECKING:
    Words = argparse._SubParsersAction[argparse.ArgumentParser]


def add_releases(words: "Words", data: Path, django: Callable[[], None]) -> None:
    """``django`` loads the installation."""
    releases = words.add_parser("releases", help="software and settings for the loudspeakers")
    acts = releases.add_subparsers(required=True, metavar="ACT")

    def act(name: str, do: Callable[[argparse.Namespace], None], text: str) -> Any:
        parser = acts.add_parser(name, help=text)
        parser.set_defaults(do=_guarded(do, django))
        return parser

    act("show", _show, "what the signed list names")
    draft = act("draft", _draft, "make the next list, to be signed by two")
    draft.add_argument("files", type=Path, nargs="*", metavar="FILE",
                       help="vang-node-1.2.3.zip or configuration-7.json")  # fmt: skip
    draft.add_argument("--without", nargs="*", default=[], metavar="NAME",
                       help="take these names off the list")  # fmt: skip
    draft.add_argument("--out", type=Path, default=data / "ceremony")
    publish = act("publish", _publish, "verify the signed list as a device does, put it in place")
    publish.add_argument("list", type=Path, metavar="N.software.json")
    publish.add_argument("files", type=Path, nargs="*", metavar="FILE")
    settings = act("settings", _settings, "write a configuration, to be listed")
    settings.add_argument("number", type=int)
    settings.add_argument("--poll-s", type=int, help="seconds between two questions without a link")
    settings.add_argument("--reserve-mb", type=int, help="disk kept free of audio")
    settings.add_argument("--log-level", choices=["info", "warning"])
    settings.add_argument("--out", type=Path, default=data / "ceremony")


def _guarded(
    act: Callable[[argparse.Namespace], None], django: Callable[[], None]
) -> Callable[[argparse.Namespace], int]:
    def do(arguments: argparse.Namespace) -> int:
        django()
        try:
            act(arguments)
        except TrustRefused as error:
            print(f"vang releases: {error}", file=sys.stderr)
            return 1
        return 0

    return do


def _show(_arguments: argparse.Namespace) -> None:
    from vang.rollouts.models import Release  # noqa: PLC0415

    rows = list(Release.objects.order_by("sort", "listed_at", "pk"))
    for row in rows:
        off = "  taken off the list" if row.withdrawn_at else ""
        print(f"{row.told.target}  {row.bytes} bytes  {row.sha256}{off}")
    if not rows:
        print("No release is listed.")


def _draft(arguments: argparse.Namespace) -> None:
    from vang.base.files import write_atomic  # noqa: PLC0415
    from vang.rollouts.publishing import draft_list, release_of_file  # noqa: PLC0415
    from vang.trust.software import standing_list  # noqa: PLC0415
    from vang_protocol.releases import release_named  # noqa: PLC0415

    files = dict(map(release_of_file, arguments.files))
    without = []
    for name in arguments.without:
        release = release_named(f"software/{name}")
        if release is None:
            raise TrustRefused("not-a-release", f"{name} is not called as a release is.")
        without.append(release)
    name, content, changes = draft_list(files, without=without, now=datetime.now(UTC))
    for line in changes or ["Nothing changes but the dates."]:
        print(line)
    write_atomic(arguments.out / name, content)
    print(arguments.out / name)
    if (standing := standing_list()) is not None:
        before = arguments.out / f"{int(name.partition('.')[0]) - 1}.software.json"
        write_atomic(before, standing)
        print(before)
    print("To be signed by two signers of software: vang keys sign FILE --release FILES --key KEY")


def _publish(arguments: argparse.Namespace) -> None:
    from vang.rollouts.publishing import publish_list, release_of_file  # noqa: PLC0415
    from vang.trust.signers import read_limited  # noqa: PLC0415

    files = dict(map(release_of_file, arguments.files))
    content = read_limited(arguments.list, 64 * 1024)
    for release in publish_list(content, files, now=datetime.now(UTC)):
        print(release.target)


def _settings(arguments: argparse.Namespace) -> None:
    from vang.base.files import write_atomic  # noqa: PLC0415
    from vang_protocol.reasons import Refused  # noqa: PLC0415
    from vang_protocol.releases import Settings, settings_file  # noqa: PLC0415

    told = Settings(arguments.poll_s, arguments.reserve_mb, arguments.log_level)
    try:
        content = settings_file(arguments.number, told)
    except Refused as error:
        raise TrustRefused("bad-settings", error.detail) from None
    place = arguments.out / f"configuration-{arguments.number}.json"
    write_atomic(place, content)
    print(place)
