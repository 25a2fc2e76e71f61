"""``vang-node status``: what the node says of itself, in a terminal, running or stopped."""

import json
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from typing import Any
from zoneinfo import ZoneInfo

from vang_node.home import Home
from vang_node.journal import chain_start, lines_after
from vang_node.plain import plain
from vang_protocol.instants import parse_instant
from vang_protocol.journals import ChainBroken, Head, line_hash, next_record

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Only for the eye of the technician; plans carry their own zone."""


def status_lines(home: Home) -> list[str]:
    """Raises HomeUnfit for a folder that is not enrolled."""
    pinned = home.pinned()
    answer = pinned.answer
    lines = [
        f"node     {answer.node}   unit {answer.unit}   cluster {answer.cluster}",
        f"server   {pinned.server}",
    ]
    try:
        told = json.loads(home.status_file.read_bytes())
    except (OSError, ValueError):
        return [*lines, "agent    has not run yet"]
    return [*lines, *_told_lines(told, running=is_running(home)), _journal_line(home)]


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
        return f"journal  BROKEN at record {error.seq}: {error}"
    return f"journal  {head.seq} records, chain verified, head {head.hash[:16]}"


def _told_lines(told: dict[str, Any], *, running: bool) -> list[str]:
    state = told["state"]
    at = _local(told["at"])
    return [
        f"agent    {'running' if running else 'stopped'}, as of {at}, {state['software']}",
        f"link     {'up' if running and told['link'] else 'down'}",
        *(["office   has withdrawn this device: it is silent"] if told["barred"] else []),
        f"plan     version {state['plan_version'] or 'none'}",
        f"playing  {state['playing'] or 'nothing'}",
        f"clock    {_clock(state['clock'])}",
        f"sink     {told['sink_name']}: {told['sink_failure'] or state['sink']}",
        f"volume   ceiling {state['volume_db']} dB",
        f"uploaded journal up to {told['uploaded']} of {state['journal_seq']}",
        f"disk     {state['free_mb']} MB free",
        *_next_lines(told["next"]),
    ]


def _next_lines(entries: list[dict[str, str]]) -> list[str]:
    if not entries:
        return ["next     nothing planned"]
    return [
        f"{'next' if index == 0 else '':8} {_local(entry['start'])}  "
        f"{entry['state']:9} {plain(entry['title'])}"
        for index, entry in enumerate(entries)
    ]


def _clock(clock: dict[str, Any]) -> str:
    if clock["source"] == "untrusted":
        return "not trusted: nothing plays"
    bound = clock["error_us"]
    known = "error unknown" if bound is None else f"error at most {bound / 1000:.1f} ms"
    return f"{clock['source']}, {known}, system clock off by {-clock['offset_us'] / 1000:.1f} ms"


def _local(text: str) -> str:
    moment: datetime = parse_instant(text).astimezone(ZONE)
    return f"{moment:%d/%m/%Y %H:%M:%S}"
