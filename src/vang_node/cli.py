"""The ``vang-node`` command."""

import argparse
import json
import logging
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from vang_node import SOFTWARE
from vang_node.home import Home, HomeUnfit, become_owner
from vang_node.sinks import SinkFailed
from vang_node.words import refusal, said
from vang_protocol.reasons import Reason, Refused

DEFAULT_HOME = "/var/lib/vang-node"
_BUSY = (
    "The agent holds the sound card. Stop it, try again, start it again: "
    "sudo systemctl stop vang-node; sudo vang-node test-tone; sudo systemctl start vang-node"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when all is well; 1 and one clear sentence when not; 2 for a wrong command line."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        if options.work not in _AS_ROOT:
            become_owner(options.home)
        return int(options.work(Home(options.home), options))
    except Refused as error:
        return _say(refusal(error))
    except (HomeUnfit, SinkFailed) as error:
        return _say(str(error))
    except PermissionError:
        words = "{home} may not be read by you: put sudo before the command."
        return _say(said(words, home=options.home))
    except OSError as error:
        return _say(f"{options.home}: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="vang-node", description=said("The agent on a loudspeaker.")
    )
    parser.add_argument("--version", action="version", version=SOFTWARE)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_enrol(commands)
    run = _add(commands, "run", _run, said("fetch, verify and play what the plan says"))
    run.add_argument("--sink", default="alsa", help=said("alsa, alsa:DEVICE or wav:FOLDER"))
    _add(
        commands,
        "reset",
        _reset,
        said("forget everything, to be enrolled anew; the journal is kept"),
    )
    status = _add(commands, "status", _status, said("what the node plays, what comes, how it is"))
    del status
    tone = _add(commands, "test-tone", _tone, said("two seconds of sound, to see that it is heard"))
    tone.add_argument("--sink", help=said("that of the service"))
    tone.add_argument("--volume-db", type=int, default=-20)
    level = _add(commands, "level", _level, said("how loud this device may be; set it, hear it"))
    level.add_argument("--set", type=int, metavar="DB", help=said("never louder here: -60 to 0"))
    level.add_argument(
        "--tone", action="store_true", help=said("five seconds at that level, to measure")
    )
    level.add_argument("--sink", help=said("that of the service"))
    _add(
        commands,
        "network",
        _network,
        said("which network is there, and whether the server answers"),
    )
    logs = _add(commands, "logs", _logs, said("what the agent wrote lately"))
    logs.add_argument("-n", "--lines", type=int, default=50)
    setup = _add(
        commands, "setup", _setup, said("a page for a telephone, until the device is enrolled")
    )
    setup.add_argument("--interface", default="wlan0", help=said("that of the access point alone"))
    setup.add_argument("--port", type=int, default=80)
    stick = _add(
        commands, "import", _import, said("take what a stick brings, give the journal to it")
    )
    stick.add_argument("stick", type=Path, metavar="DIR", help=said("where the stick is mounted"))
    journal = _add(commands, "journal", _journal, said("check the journal's chain"))
    journal.add_argument("action", choices=["verify"])
    return parser


def _add_enrol(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    enrol = _add(commands, "enrol", _enrol, said("become a node, with a one-time code"))
    enrol.add_argument("--server", required=True, metavar="URL")
    enrol.add_argument("--code", required=True)
    enrol.add_argument("--name", default=platform.node())


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    work: object,
    text: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--home", type=Path, default=Path(DEFAULT_HOME), metavar="DIR")
    parser.set_defaults(work=work)
    return parser


def _enrol(home: Home, options: argparse.Namespace) -> int:
    from vang_node.enrolment import enrol  # noqa: PLC0415  (each command loads only its part)
    from vang_node.journal import JournalFailed  # noqa: PLC0415
    from vang_node.server import Unreachable  # noqa: PLC0415

    try:
        answer = enrol(home, server=options.server, code=options.code, name=options.name)
    except Unreachable as error:
        words = "{server} could not be reached: {why}"
        return _say(said(words, server=options.server, why=error))
    except JournalFailed as error:
        words = "Enrolled, but the journal cannot be kept: {why}"
        return _say(said(words, why=error.__cause__ or error))
    told = {"node": answer.node, "unit": answer.unit, "cluster": answer.cluster}
    print(said("Enrolled as {node}: unit {unit}, cluster {cluster}.", **told))
    return 0


def _reset(home: Home, _options: argparse.Namespace) -> int:
    from vang_node.resetting import reset  # noqa: PLC0415

    kept = reset(home)
    words = (
        "Everything is forgotten. The journal is kept in {kept}. Enrol this device again: "
        "sudo systemctl start vang-node-setup makes it ready for that."
    )
    print(said(words, kept=kept))
    return 0


def _run(home: Home, options: argparse.Namespace) -> int:
    from vang_node.journal import JournalFailed  # noqa: PLC0415
    from vang_node.launcher import AGAIN  # noqa: PLC0415
    from vang_node.releases import settings_followed  # noqa: PLC0415
    from vang_node.running import run  # noqa: PLC0415

    level = settings_followed()[1].log_level
    if level is not None:
        logging.getLogger().setLevel(level.upper())
    try:
        code = run(home, options.sink)
    except JournalFailed as error:
        return _say(said("The journal cannot be kept: {why}", why=error.__cause__ or error))
    if code == AGAIN and not os.environ.get("VANG_NODE_GUARDED"):
        line = json.loads(os.environ["VANG_NODE_LAUNCHER"])
        os.execv(line[0], line)  # noqa: S606 - the launcher that started this very process
    return code


def _status(home: Home, _options: argparse.Namespace) -> int:
    from vang_node.status import status_lines  # noqa: PLC0415

    print("\n".join(status_lines(home)))
    return 0


def _import(home: Home, options: argparse.Namespace) -> int:
    from vang_node.stick import copy_in, give_out, taken  # noqa: PLC0415

    try:
        copied = copy_in(home, options.stick)
    except Refused as error:
        words = "{stick} has nothing for this unit, or the stick is mounted elsewhere."
        missing = error.reason is Reason.FILE_NOT_FOUND
        return _say(said(words, stick=options.stick) if missing else refusal(error))
    words = "{files} files and {sounds} sounds are taken over from the stick."
    print(said(words, files=copied.files, sounds=copied.sounds))
    for refused in copied.refused:
        print(said("  not taken: {refused}", refused=refused))
    if not taken(home):
        print(said("The agent does not run: it reads them when it starts."))
    words = "{lines} lines of the journal are on the stick, for: vang usb import DIR"
    print(said(words, lines=give_out(home, options.stick)))
    return _status(home, options)


def _tone(home: Home, options: argparse.Namespace) -> int:
    level = min(options.volume_db, home.local().volume_ceiling_db)
    sink = _sound(home, options.sink, seconds=2.0, volume_db=level)
    print(said("A tone was played on {sink}.", sink=sink))
    return 0


def _sound(home: Home, wanted: str | None, *, seconds: float, volume_db: int) -> str:
    """The name of the output on which a tone was played. Raises SinkFailed."""
    from vang_node.running import make_sink, usual_sink  # noqa: PLC0415
    from vang_node.status import is_running  # noqa: PLC0415
    from vang_node.tone import play_tone  # noqa: PLC0415

    sink = make_sink(wanted or usual_sink(), home)
    try:
        play_tone(sink, seconds=seconds, volume_db=volume_db)
    except SinkFailed as error:
        why = said("No sound through {why}.", why=error)
        busy = said(_BUSY) if is_running(home) else ""
        raise SinkFailed(f"{why} {busy}".strip()) from None
    return sink.name


def _level(home: Home, options: argparse.Namespace) -> int:
    from vang_node.loudness import level_line, set_level  # noqa: PLC0415

    if options.set is not None:
        print(set_level(home, options.set))
    if options.tone:
        level = min(home.pinned().answer.volume_ceiling_db, home.local().volume_ceiling_db)
        sink = _sound(home, options.sink, seconds=5.0, volume_db=level)
        words = "A tone of {level} dB was played on {sink}. Measure it one metre from the horn."
        print(said(words, level=level, sink=sink))
    print(level_line(home))
    return 0


def _network(home: Home, _options: argparse.Namespace) -> int:
    from vang_node.network import network_lines  # noqa: PLC0415

    print("\n".join(network_lines(home)))
    return 0


def _logs(_home: Home, options: argparse.Namespace) -> int:
    from vang_node.programs import run  # noqa: PLC0415

    lines = str(min(max(options.lines, 1), 1000))
    ran = run("journalctl", "-u", "vang-node", "-n", lines, "--no-pager", "-o", "short-iso")
    if ran is None:
        return _say(said("There is no journalctl here; the log is where the agent was started."))
    print(ran.out or ran.error, end="")
    return 1 if ran.code else 0


def _setup(home: Home, options: argparse.Namespace) -> int:
    from vang_node.set_up.serving import serve  # noqa: PLC0415

    def say(words: str) -> None:
        print(words, flush=True)

    return serve(home, interface=options.interface, port=options.port, say=say)


def _journal(home: Home, _options: argparse.Namespace) -> int:
    from vang_node.status import verify_journal  # noqa: PLC0415
    from vang_protocol.journals import ChainBroken  # noqa: PLC0415

    try:
        head = verify_journal(home)
    except ChainBroken as error:
        return _say(said("BROKEN at record {seq}: {why}", seq=error.seq, why=refusal(error)))
    words = "{count} records, chain verified, head {head}"
    print(said(words, count=head.seq, head=head.hash))
    return 0


# The system's log is root's to read; the set-up page needs its port first.
_AS_ROOT = (_logs, _setup)


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
