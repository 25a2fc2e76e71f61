"""The worker's half: the pieces of a take become one recording."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.library.models import Recording
from vang.library.services import keep_recording, note_duration
from vang.takes.clips import samples_of_clip
from vang.takes.models import Clip, Take
from vang.takes.reading import reading_parts
from vang.voice.failures import RecordingRefused
from vang.voice.joining import Piece, joined, trimmed_to_speech
from vang.voice.leases import Clock
from vang.voice.levels import HEAD_MARGIN_MS, TAIL_MARGIN_MS
from vang.voice.lossless import encode_lossless
from vang.voice.sound import RATE, Chunk

log = logging.getLogger(__name__)

UNEXPECTED = "unexpected"


@dataclass
class _Run:
    """Sentences that were read in one go and stay so: no seam inside."""

    clip: str
    from_ms: int
    to_ms: int
    last_line: int


def join_take(take_pk: int, *, clock: Clock) -> None:
    """Make the recording unless it is made; a failure is told in the take."""
    take = Take.objects.select_related("unit", "by").get(pk=take_pk)
    if take.state != Take.State.JOINING:
        return
    try:
        sound = joined(list(_pieces(take)))
        recording = keep_recording(
            unit=take.unit,
            file_name=_file_name(take),
            content=encode_lossless([sound]),
            by=take.by,
            now=clock(),
        )
    except (Refusal, RecordingRefused, FileNotFoundError) as error:
        _fail(take, getattr(error, "code", "file-missing"), clock)
    except Exception:
        _fail(take, UNEXPECTED, clock)
        raise
    else:
        note_duration(recording=recording, duration_ms=1000 * len(sound) // RATE)
        _note_joined(take, recording, clock())


def _fail(take: Take, code: str, clock: Clock) -> None:
    log.warning("take %s could not be joined: %s", take.pk, code)
    Take.objects.filter(pk=take.pk, state=Take.State.JOINING).update(
        state=Take.State.FAILED, failure=code, changed_at=clock()
    )


def _note_joined(take: Take, recording: Recording, now: datetime) -> None:
    with transaction.atomic():
        joining = Take.objects.filter(pk=take.pk, state=Take.State.JOINING)
        if joining.update(
            state=Take.State.READY, recording=recording, joined_at=now, changed_at=now
        ):
            record(
                "join-take",
                f"take:{take.pk}",
                by=take.by,
                unit=take.unit,
                now=now,
                about=[take.subject],
                read_for=take.subject,
                recording=recording.pk,
            )


def runs(take: Take) -> list[_Run]:
    """The pieces in the order of the text; neighbours of one clip that touch are one run."""
    found: list[_Run] = []
    for place in sorted(take.pieces, key=int):
        piece = take.pieces[place]
        last = int(piece.get("through", place))
        if found and found[-1].clip == piece["clip"] and found[-1].to_ms == piece["from"]:
            found[-1].to_ms, found[-1].last_line = piece["to"], last
        else:
            found.append(_Run(piece["clip"], piece["from"], piece["to"], last))
    return found


def _pieces(take: Take) -> Iterator[Piece]:
    clips = {c.key.hex: c for c in Clip.objects.filter(key__in=_keys(take))}
    pauses = [part.pause_ms for part in reading_parts(take.text)]
    decoded: dict[str, Chunk] = {}
    for run in runs(take):
        if run.clip not in decoded:
            decoded = {run.clip: samples_of_clip(clips[run.clip])}
        part = decoded[run.clip][run.from_ms * RATE // 1000 : run.to_ms * RATE // 1000]
        yield Piece(trimmed_to_speech(part, HEAD_MARGIN_MS, TAIL_MARGIN_MS), _left(pauses, run))


def _left(pauses: list[int], run: _Run) -> int:
    """The pause after a run, less what of the room its edges and the next one's bring along."""
    if run.last_line + 1 >= len(pauses):
        return 0
    return max(0, pauses[run.last_line] - HEAD_MARGIN_MS - TAIL_MARGIN_MS)


def _keys(take: Take) -> set[str]:
    return {piece["clip"] for piece in take.pieces.values()}


def _file_name(take: Take) -> str:
    title = take.text.partition("\n")[0][:80] or "take"
    return f"{title}.ogg"
