"""A process for each capture, begun by the worker; one that died goes on in a part of its own."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from vang.base import clock
from vang.base.display import local, vi_datetime
from vang.base.processes import Processes, alone, work_while
from vang.base.refusals import Refusal
from vang.captures.models import Capture
from vang.captures.notices import tell_of_end
from vang.captures.services import still_open
from vang.captures.taping import Told, put_together, tape
from vang.library.models import Item
from vang.library.searching import search_key
from vang.library.services import keep_item
from vang.relays.carrying import FRAME, MOST_CHANGES, TUNED_AHEAD
from vang.relays.models import Source
from vang.relays.tuning import BLOCK, RATE, Address, Kind, Tuner

GIVEN_UP = timedelta(days=1)
"""After the end: so long it is tried to bring what was taped into the library."""
processes = Processes("capture")


def due(now: datetime) -> QuerySet[Capture]:
    """What is to be recorded now or very soon, and what was not brought to its end."""
    return still_open().filter(starts_at__lte=now + TUNED_AHEAD).order_by("starts_at", "pk")


def begin_due(*, now: datetime) -> int:
    """Called by the worker every few seconds. How many began."""
    _forget_cancelled()
    return processes.keep(list(due(now).values_list("pk", flat=True)), now=now)


def capture(pk: int) -> int:
    """The work of one process. 0; also when another process does it already."""
    found = due(clock.now()).filter(pk=pk).select_related("unit", "station", "asked_by").first()
    if found is not None:
        with alone(f"capture-{pk}") as mine:
            if mine:
                _capture(found)
    return 0


def _capture(row: Capture) -> None:
    told, sources = Told(), _sources(row)
    if clock.now() < row.ends_at:
        tuned = {
            one.address: Tuner(Address(Kind(one.kind), one.address), settings.RELAYS_INSIDE)
            for one in sources
        }
        times, part = (row.starts_at, row.ends_at), _next_part(row)

        def work(over: threading.Event) -> None:
            tape(tuned, times, part, told, over)

        problems: list[str] = []
        try:
            work_while(lambda: still_open().filter(pk=row.pk).exists(), work)
        except OSError:
            problems = ["no-room"]
            raise
        finally:
            for tuner in tuned.values():
                tuner.close()
            _note(row, told, problems or [one.problem for one in tuned.values() if one.problem])
    if clock.now() >= row.ends_at - FRAME:  # the last one was written a little ahead
        finish(row, now=clock.now())


def _sources(row: Capture) -> list[Source]:
    return list(Source.objects.filter(station=row.station, ended_at=None).order_by("place"))


def _note(row: Capture, told: Told, problems: Sequence[str]) -> None:
    row.changes = [*row.changes, *told.changes][:MOST_CHANGES]
    row.recorded_ms += told.blocks * BLOCK * 1000 // RATE
    if not row.recorded_ms:
        row.problem = problems[0] if problems else "silent" if row.changes else "no-source"
    else:
        row.problem = ""
    still_open().filter(pk=row.pk).update(
        changes=row.changes, recorded_ms=row.recorded_ms, problem=row.problem
    )


def finish(row: Capture, *, now: datetime) -> None:
    """What was taped becomes material of the library; whoever asked is told either way."""
    parts = parts_of(row)
    try:
        sound, length_ms = put_together(parts)
        _end(row, sound, length_ms, now)
    except OSError:  # no room, most likely: what was taped stays, and it is tried again
        if now - row.ends_at < GIVEN_UP:
            raise
        _end(row, b"", row.recorded_ms, now, "no-room")
    if row.item is not None or not row.recorded_ms:
        for part in parts:
            part.unlink(missing_ok=True)


def _end(row: Capture, sound: bytes, length_ms: int, now: datetime, problem: str = "") -> None:
    with transaction.atomic():
        fresh = still_open().select_for_update(of=("self",)).filter(pk=row.pk).first()
        if fresh is None:
            return
        row.unit, row.station = fresh.unit, fresh.station  # a merger may have moved it meanwhile
        row.ended_at, row.recorded_ms = now, length_ms
        if sound:
            row.problem = _keep(row, sound, now)
        else:
            row.problem = problem or row.problem or "missed"
        row.save(update_fields=["ended_at", "recorded_ms", "problem", "item"])
        tell_of_end(row, now=now)


def _keep(row: Capture, sound: bytes, now: datetime) -> str:
    """ "" or why the library did not take it."""
    title = f"{row.station.name} {vi_datetime(row.starts_at)}"
    name = f"{row.station.name} {local(row.starts_at):%Y-%m-%d %H.%M}.ogg"
    try:
        item = keep_item(unit=row.unit, file_name=name, content=sound, by=row.asked_by, now=now)
    except Refusal as refusal:
        return refusal.code
    row.item = item
    if item.licence == Item.Licence.UNKNOWN:  # else somebody has said already what it is
        item.title, item.source, item.licence = title, row.station.name, Item.Licence.PERMITTED
        item.search_key = search_key(item)
        item.save(update_fields=["title", "source", "licence", "search_key"])
    return ""


def folder() -> Path:
    found: Path = settings.DATA / "captures"
    found.mkdir(parents=True, exist_ok=True)
    return found


def parts_of(row: Capture) -> list[Path]:
    found = [one for one in folder().glob(f"{row.pk}-*.ogg") if _numbers(one) is not None]
    return sorted(found, key=lambda one: _numbers(one) or (0, 0))


def _next_part(row: Capture) -> Path:
    last = parts_of(row)[-1:]
    number = 1 + (int(last[0].stem.partition("-")[2]) if last else 0)
    return folder() / f"{row.pk}-{number}.ogg"


def _forget_cancelled() -> None:
    """What was taped of it before somebody cancelled it."""
    for part in folder().glob("*-*.ogg"):
        numbers = _numbers(part)
        cancelled = Capture.objects.exclude(cancelled_at=None)
        if numbers is not None and cancelled.filter(pk=numbers[0]).exists():
            part.unlink(missing_ok=True)


def _numbers(part: Path) -> tuple[int, int] | None:
    """Key and number; None for a file that somebody else put there."""
    key, _, number = part.stem.partition("-")
    return (int(key), int(number)) if (key + number).isdecimal() and key and number else None
