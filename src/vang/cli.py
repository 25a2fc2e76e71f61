"""``vang``: the one command of the server.

Each word loads what it needs and nothing more, so that ``vang --help`` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vang.alerts.proof.cli import add_evidence
from vang.dispatch.cli import add_broker
from vang.evidence.cli import add_usb
from vang.installation.options import add_run_arguments, read_run_options
from vang.installation.preflight import CannotStart
from vang.journal.cli import add_audit
from vang.mergers.cli import add_units
from vang.plans.cli import add_plans
from vang.reports.cli import add_reports
from vang.rollouts.cli import add_releases
from vang.trust.cli import add_keys
from vang.upstream.cli import add_cap
from vang.voice.cli import add_speech, add_voices

if TYPE_CHECKING:
    Words = argparse._SubParsersAction[argparse.ArgumentParser]

_ROOT = Path(__file__).resolve().parent.parent.parent


def main(argv: Sequence[str] | None = None) -> int:
    """Parse and do. The exit code: 0 done, 1 could not, 2 wrong words."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.do(arguments) or 0)
    except CannotStart as error:
        if str(error):
            print(f"vang: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough (``| head``); nothing is left to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vang", description="Grassroots public information.")
    words = parser.add_subparsers(required=True, metavar="WHAT")
    _add_run(words)
    _add_set_up(words)
    _add_servers(words)
    data = Path(os.environ.get("VANG_DATA") or _ROOT / "data")
    add_speech(words, data)
    add_voices(words, data)
    add_keys(words, data, _django)
    add_releases(words, data, _django)
    add_audit(words, _django)
    add_broker(words, _django)
    add_usb(words, _django)
    add_cap(words, data)
    add_evidence(words, _django)
    add_plans(words)
    add_reports(words, _django)
    add_units(words, _django)
    _add_search(words)
    _add_figures(words)
    _add_manage(words)
    return parser


def _add_run(words: "Words") -> None:
    run = words.add_parser("run", help="start everything on this computer")
    add_run_arguments(run)
    run.set_defaults(do=_run)


def _run(arguments: argparse.Namespace) -> int:
    options = read_run_options(arguments, _ROOT / "data")
    if arguments.once is not None:
        from vang.installation.once.job import once  # noqa: PLC0415

        nodes = options.nodes or 3
        return once(arguments.once, number=arguments.section, data=arguments.data, nodes=nodes)
    if arguments.once_alert is not None:
        from vang.installation.once.job import once_alert  # noqa: PLC0415

        return once_alert(arguments.once_alert, data=arguments.data, nodes=options.nodes or 3)
    from vang.installation.supervisor import run  # noqa: PLC0415

    run(options)
    return 0


def _add_set_up(words: "Words") -> None:
    set_up = words.add_parser("set-up", help="bring the data folder up to date (run does this)")
    set_up.add_argument("--purpose", choices=("run", "once"), default="run")
    set_up.add_argument("--nodes", type=int, default=0)
    set_up.add_argument("--empty", action="store_true")
    set_up.add_argument("--station", default="", help="address of the demonstration's station")
    set_up.set_defaults(do=_set_up)


def _set_up(arguments: argparse.Namespace) -> int:
    _django()
    from vang.installation.set_up import set_up  # noqa: PLC0415

    set_up(
        purpose=arguments.purpose,
        nodes=arguments.nodes,
        empty=arguments.empty,
        station=arguments.station,
    )
    return 0


def _add_servers(words: "Words") -> None:
    words.add_parser("worker", help="make speech, public pages, renewals").set_defaults(do=_worker)
    relay = words.add_parser("relay", help="carry another station's programme (the worker does)")
    relay.add_argument("item", type=int, help="key of the planned item")
    relay.set_defaults(do=_relay)
    capture = words.add_parser(
        "capture", help="record another station's programme (the worker does)"
    )
    capture.add_argument("key", type=int, help="key of the recording")
    capture.set_defaults(do=_capture)
    station = words.add_parser("model-station", help="the demonstration's own radio (run does)")
    station.add_argument("--port", type=int, required=True)
    station.set_defaults(do=_model_station)
    link = words.add_parser("link", help="push hints to nodes, take their states")
    link.add_argument("--bind", default="127.0.0.1")
    link.add_argument("--port", type=int, default=8001)
    link.add_argument("--name", default="link", help="which of the links in VANG_LINKS_FILE")
    link.set_defaults(do=_link)


def _worker(_arguments: argparse.Namespace) -> int:
    _django()
    from vang.installation.worker import serve  # noqa: PLC0415

    serve()
    return 0


def _relay(arguments: argparse.Namespace) -> int:
    _django()
    from vang.carriages.process import relay  # noqa: PLC0415

    return relay(arguments.item)


def _capture(arguments: argparse.Namespace) -> int:
    _django()
    from vang.captures.process import capture  # noqa: PLC0415

    return capture(arguments.key)


def _model_station(arguments: argparse.Namespace) -> int:
    from vang.installation.model_station.serving import serve  # noqa: PLC0415

    serve(arguments.port)
    return 0


def _link(arguments: argparse.Namespace) -> int:
    from vang.base.shards import ShardsUnfit  # noqa: PLC0415
    from vang.link.server import serve  # noqa: PLC0415

    try:
        serve(bind=arguments.bind, port=arguments.port, name=arguments.name)
    except ShardsUnfit as unfit:
        raise CannotStart(str(unfit)) from None
    return 0


def _add_search(words: "Words") -> None:
    search = words.add_parser("search", help="the index of everything that people look for")
    acts = search.add_subparsers(required=True, metavar="ACT")
    acts.add_parser("rebuild", help="make it anew from what is there").set_defaults(do=_rebuild)


def _rebuild(_arguments: argparse.Namespace) -> int:
    _django()
    from vang.search.services import rebuild  # noqa: PLC0415

    total = rebuild(told=lambda name, count: print(f"{name}: {count}"))
    print(f"{total} entries")
    return 0


def _add_figures(words: "Words") -> None:
    figures = words.add_parser("figures", help="the sums that the page of figures shows")
    acts = figures.add_subparsers(required=True, metavar="ACT")
    acts.add_parser("rebuild", help="count every day anew").set_defaults(do=_recount)


def _recount(_arguments: argparse.Namespace) -> int:
    _django()
    from vang.base.clock import now  # noqa: PLC0415
    from vang.figures.services import rebuild  # noqa: PLC0415

    total = rebuild(now=now(), told=lambda done: print(f"{done} days"))
    print(f"{total} days counted")
    return 0


def _add_manage(words: "Words") -> None:
    manage = words.add_parser("manage", help="Django's own commands, such as shell or migrate")
    manage.add_argument("words", nargs=argparse.REMAINDER)
    manage.set_defaults(do=_manage)


def _manage(arguments: argparse.Namespace) -> int:
    _django()
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["vang manage", *arguments.words])
    return 0


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vang.config.settings")
    import django  # noqa: PLC0415

    django.setup()


if __name__ == "__main__":
    raise SystemExit(main())
