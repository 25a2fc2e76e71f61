"""``vang-node status``: what the node says of itself, in a terminal, running or stopped."""

import json
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from typing import Any
from zoneinfo import ZoneInfo

from vang_node.home import Home
from vang_node.journal import chain_start, lines_after
from vang_node.plain import plain
from vang_node.words import language, number, refusal, said
from vang_protocol.enrolments import EnrolAnswer
from vang_protocol.instants import parse_instant
from vang_protocol.journals import ChainBroken, Head, line_hash, next_record

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Only for the eye of the technician; plans carry their own zone."""


def status_lines(home: Home) -> list[str]:
    """Raises HomeUnfit for a folder that is not enrolled."""
    pinned = home.pinned()
    answer = pinned.answer
    lines = [
        _line("node", _identity(answer)),
        _line("server", pinned.server),
    ]
    try:
        told = json.loads(home.status_file.read_bytes())
    except (OSError, ValueError):
        return [*lines, _line("agent", said("has not run yet"))]
    return [*lines, *_told_lines(told, running=is_running(home)), _journal_line(home)]


def _identity(answer: EnrolAnswer) -> str:
    words = "{node}   unit {unit}   cluster {cluster}"
    return said(words, node=answer.node, unit=answer.unit, cluster=answer.cluster)


def _line(label: str, words: str) -> str:
    return f"{said(label):8} {words}" if language() == "en" else f"{said(label):14} {words}"


def is_running(home: Home) -> bool:
    """Whether an agent holds the folder."""
    try:
        with home.lock_file.open("r+") as file:
            flock(file, LOCK_EX | LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def verify_journal(home: Home) -> Head:
    """Follow the whole kept chain; raises ChainBroken at the first bad record."""
    node = home.pinned().answer.node
    head = chain_start(home.journal)
    for line in lines_after(home.journal, 0):
        record = next_record(line, node=node, head=head)
        head = Head(record.seq, line_hash(line))
    return head


def _journal_line(home: Home) -> str:
    try:
        head = verify_journal(home)
    except ChainBroken as error:
        return _line(
            "journal", said("BROKEN at record {seq}: {why}", seq=error.seq, why=refusal(error))
        )
    words = "{count} records, chain verified, head {head}"
    return _line("journal", said(words, count=head.seq, head=head.hash[:16]))


def _told_lines(told: dict[str, Any], *, running: bool) -> list[str]:
    state = told["state"]
    at, runs = _local(told["at"]), said("running" if running else "stopped")
    software = state["software"]
    withdrawn = _line("office", said("has withdrawn this device: it is silent"))
    through = {"through": told["uploaded"], "all": state["journal_seq"]}
    number = state["plan_version"] or said("none")
    words = "{state}, as of {at}, {software}"
    return [
        _line("agent", said(words, state=runs, at=at, software=software)),
        *_release_lines(state.get("release")),
        _line("link", said("up" if running and told["link"] else "down")),
        *([withdrawn] if told["barred"] else []),
        _line("plan", said("version {number}", number=number)),
        _line("playing", state["playing"] or said("nothing")),
        _line("clock", _clock(state["clock"])),
        _line("sink", f"{told['sink_name']}: {said(told['sink_failure'] or state['sink'])}"),
        _line("volume", said("ceiling {db} dB", db=state["volume_db"])),
        _line("uploaded", said("journal up to {through} of {all}", **through)),
        _line("disk", said("{mb} MB free", mb=state["free_mb"])),
        *_next_lines(told["next"]),
    ]


def _release_lines(release: dict[str, Any] | None) -> list[str]:
    if not release:
        return []
    version, since = release["version"], release["installed_at"]
    if not release["healthy"]:
        return [_line("software", said("{version}, on trial", version=version))]
    if since is None:
        return [_line("software", said("{version}, came with its package", version=version))]
    words = said("{version}, kept since {at}", version=version, at=_local(since))
    return [_line("software", words)]


def _next_lines(entries: list[dict[str, str]]) -> list[str]:
    if not entries:
        return [_line("next", said("nothing planned"))]
    return [
        _line(
            "next" if index == 0 else "",
            f"{_local(entry['start'])}  {said(entry['state']):9} {plain(entry['title'])}",
        )
        for index, entry in enumerate(entries)
    ]


def _clock(clock: dict[str, Any]) -> str:
    if clock["source"] == "untrusted":
        return said("not trusted: nothing plays")
    bound, off = clock["error_us"], number(-clock["offset_us"] / 1000)
    whose = "by the server" if clock["source"] == "server" else "by its own system"
    if bound is None:
        known = said(f"{whose}, error unknown")
    else:
        known = said(f"{whose}, error at most {{ms}} ms", ms=number(bound / 1000))
    return known + said(", system clock off by {ms} ms", ms=off)


def _local(text: str) -> str:
    moment: datetime = parse_instant(text).astimezone(ZONE)
    return f"{moment:%d/%m/%Y %H:%M:%S}"
