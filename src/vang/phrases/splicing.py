"""A notice put together from the announcer's phrases: exactly its spoken text, or not at all."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from vang.base.files import FileStore, sha256_of_file, write_atomic
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.library.services import keep_recording, note_duration
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.phrases.covering import JOIN_MS, Placed, covered
from vang.phrases.models import Pin
from vang.phrases.queries import bank_of
from vang.phrases.tokens import tokens_of, tokens_of_key, words_only
from vang.takes.models import Take
from vang.takes.reading import reading_lines, text_sha256
from vang.voice.choices import sentence_cache
from vang.voice.failures import RecordingRefused
from vang.voice.joining import FADE_MS, Piece, joined, trimmed_to_speech
from vang.voice.lossless import encode_lossless
from vang.voice.queries import speakable_text
from vang.voice.recordings import decode_recording
from vang.voice.sound import RATE, Chunk

_HEAD_MS, _TAIL_MS = 20, 40


@dataclass(frozen=True)
class Part:
    """A recording by the hash of its bytes, and the pause after it (ms)."""

    key: str
    sha256: str
    pause_ms: int


def plan(unit: Unit, text: str, pin: Pin | None = None) -> list[Part]:
    """The recordings that say ``text`` (as written), in order. With a pin only pinned ones.

    Raises Refusal ``phrases-missing`` when not every word can be said.
    """
    tokens = tokens_of(speakable_text(unit, text))
    hashes = pinned_hashes(pin) if pin else current_hashes(unit)
    placed = covered(tokens, hashes.keys())
    if not placed or any(not one.recorded for one in placed):
        raise Refusal("phrases-missing", _MISSING)
    said = tuple(word for one in placed for word in words_only(tokens_of_key(one.key)))
    if said != words_only(tokens):
        raise Refusal("phrases-missing", _MISSING)
    return [_part(one, hashes) for one in placed]


def current_hashes(unit: Unit) -> dict[str, str]:
    """Key → hash of the newest recording."""
    return {key: saying.clip.sha256 for key, saying in bank_of(unit).items()}


def pinned_hashes(pin: Pin) -> dict[str, str]:
    """Key → hash, as somebody fixed it."""
    return {key: one["sha256"] for key, one in pin.phrases.items()}


def splice(parts: list[Part]) -> Chunk:
    """The sound at ``RATE``. Raises Refusal when a recording is gone or no longer the same."""
    heard: dict[str, Chunk] = {}
    for part in parts:
        if part.sha256 not in heard:
            heard[part.sha256] = phrase_sound(part.sha256)
    return joined([Piece(heard[part.sha256], _left(part.pause_ms)) for part in parts])


def spliced_take(
    *,
    unit: Unit,
    subject: str,
    text: str,
    by: Person,
    now: datetime,
    pin: Pin | None = None,
) -> Take:
    """A take put together from the bank, ready to be used. Raises Refusal."""
    parts = plan(unit, text, pin)
    sound = splice(parts)
    recording = keep_recording(
        unit=unit,
        file_name=f"{text.partition(chr(10))[0][:80]}.ogg",
        content=encode_lossless([sound]),
        by=by,
        now=now,
    )
    note_duration(recording=recording, duration_ms=1000 * len(sound) // RATE)
    with transaction.atomic():
        take, created = Take.objects.get_or_create(
            recording=recording,
            defaults={
                "unit": unit,
                "subject": subject,
                "kind": Take.Kind.SPLICED,
                "state": Take.State.READY,
                "text": text,
                "text_sha256": text_sha256(text),
                "lines": reading_lines(text),
                "pieces": {str(at): _told(part) for at, part in enumerate(parts)},
                "by": by,
                "begun_at": now,
                "changed_at": now,
                "joined_at": now,
            },
        )
        if created:
            record(
                "splice-notice",
                f"take:{take.pk}",
                by=by,
                unit=unit,
                now=now,
                phrases=len(parts),
                pin=pin.sha256 if pin else "",
            )
    return take


def _told(part: Part) -> dict[str, object]:
    return {"phrase": part.key, "sha256": part.sha256, "pause": part.pause_ms}


def _part(placed: Placed, hashes: Mapping[str, str]) -> Part:
    return Part(placed.key, hashes[placed.key], placed.pause_ms)


def _left(pause_ms: int) -> int:
    """The pause less the edges that pieces bring along; a join overlaps by the crossfade."""
    if pause_ms <= JOIN_MS:
        return 0
    return max(FADE_MS, pause_ms - _HEAD_MS - _TAIL_MS)


def phrase_sound(sha256: str) -> Chunk:
    """A recorded phrase without the room around it. Kept decoded: a decoder is slow to start.

    Raises Refusal when the recording is gone or its bytes are not those that were recorded.
    """
    path = FileStore(Path(settings.DATA) / "files").path(sha256)
    if not path.is_file() or sha256_of_file(path) != sha256:
        raise Refusal("phrase-gone", _GONE)
    kept = sentence_cache().root / "phrases" / f"{sha256}.npy"
    try:
        whole = np.load(kept, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        whole = _decoded(path)
        content = io.BytesIO()
        np.save(content, whole)
        write_atomic(kept, content.getvalue())
    sound: Chunk = whole.astype(np.float32) / np.float32(32767)
    return sound


def _decoded(path: Path) -> NDArray[np.int16]:
    try:
        samples = np.concatenate(list(decode_recording(path)))
    except (RecordingRefused, ValueError) as error:
        raise Refusal("phrase-gone", _GONE) from error
    trimmed = trimmed_to_speech(samples, _HEAD_MS, _TAIL_MS)
    return np.round(trimmed.clip(-1, 1) * 32767).astype(np.int16)


_MISSING = _("Not every word of this notice is in the phrase bank. Record what is missing first.")
_GONE = _("A recorded phrase can no longer be read. Record it again.")
