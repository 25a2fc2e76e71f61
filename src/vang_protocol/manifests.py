"""What a command lets sound: its parts in order, each named by its hash, approved as a whole.

A command names the SHA-256 of this text. A node that has every part plays at once; one that lacks
a part lets the tone and the parts it has sound while it fetches the rest, by hash alone.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.commands import Mode
from vang_protocol.limits import (
    DAY_MS,
    ID_CHARS,
    MANIFEST_BYTES,
    MANIFEST_PARTS,
    NAME_CHARS,
    TITLE_CHARS,
)
from vang_protocol.plans import Audio, audio_table, parse_audio
from vang_protocol.reasons import Reason, Refused

MOST_TONE_MS = 30_000


class Part(Enum):
    """``tone``: the siren, which every node makes by itself. ``ready``: kept on every node
    beforehand. ``speech``: fetched by its hash."""

    TONE = "tone"
    READY = "ready"
    SPEECH = "speech"


@dataclass(frozen=True)
class Piece:
    """``audio`` None exactly for the tone; then ``duration_ms`` says how long it is."""

    part: Part
    duration_ms: int
    audio: Audio | None = None


@dataclass(frozen=True)
class Manifest:
    """``text_sha256``: of the words that are heard. ``made_by``: voice with its version, or the
    person who spoke, as the approver was shown it."""

    mode: Mode
    language: str
    title: str
    text_sha256: str
    made_by: str
    pieces: tuple[Piece, ...]

    @property
    def duration_ms(self) -> int:
        return sum(piece.duration_ms for piece in self.pieces)

    @property
    def audios(self) -> list[Audio]:
        """Every file that is needed, in order, each once."""
        return list(dict.fromkeys(piece.audio for piece in self.pieces if piece.audio))


_FIELDS = ["v", "mode", "language", "title", "text_sha256", "made_by", "pieces"]


def encode_manifest(manifest: Manifest) -> bytes:
    """The canonical bytes; their SHA-256 is what a command names."""
    table = {
        "v": 1,
        "mode": manifest.mode.value,
        "language": manifest.language,
        "title": manifest.title,
        "text_sha256": manifest.text_sha256,
        "made_by": manifest.made_by,
        "pieces": [
            {
                "part": piece.part.value,
                "duration_ms": piece.duration_ms,
                "audio": piece.audio and audio_table(piece.audio),
            }
            for piece in manifest.pieces
        ],
    }
    payload = strict_json.canonical(table)
    parse_manifest(payload)
    return payload


def parse_manifest(payload: bytes) -> Manifest:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode_canonical(payload, limit=MANIFEST_BYTES)
    table = fields.table(value, "manifest", _FIELDS)
    fields.version_one(table["v"], "v")
    pieces = fields.rows(table["pieces"], "pieces", MANIFEST_PARTS)
    manifest = Manifest(
        mode=fields.choice(table["mode"], "mode", Mode),
        language=fields.text(table["language"], "language", ID_CHARS, 1),
        title=fields.text(table["title"], "title", TITLE_CHARS, 1),
        text_sha256=fields.hexadecimal(table["text_sha256"], "text_sha256", 32),
        made_by=fields.text(table["made_by"], "made_by", NAME_CHARS),
        pieces=tuple(_piece(one, f"pieces[{n}]") for n, one in enumerate(pieces)),
    )
    _check_whole(manifest)
    return manifest


def named_manifest(payload: bytes, *, sha256: str, mode: Mode) -> Manifest:
    """The manifest that a command names. Raises Refused(MANIFEST_WRONG) for any other."""
    if strict_json.digest(payload) != sha256:
        raise Refused(Reason.MANIFEST_WRONG, "another hash")
    try:
        manifest = parse_manifest(payload)
    except Refused as error:
        raise Refused(Reason.MANIFEST_WRONG, error.detail) from None
    if manifest.mode is not mode:
        raise Refused(Reason.MANIFEST_WRONG, f"made for {manifest.mode.value}")
    return manifest


def _piece(value: Any, where: str) -> Piece:
    table = fields.table(value, where, ("part", "duration_ms", "audio"))
    part = fields.choice(table["part"], f"{where}.part", Part)
    piece = Piece(
        part,
        fields.whole(table["duration_ms"], f"{where}.duration_ms", 1, DAY_MS),
        fields.optional(table["audio"], lambda audio: parse_audio(audio, f"{where}.audio")),
    )
    if (part is Part.TONE) != (piece.audio is None):
        fields.wrong(where, "a file belongs to every part but the tone")
    if piece.audio is not None and piece.audio.duration_ms != piece.duration_ms:
        fields.wrong(where, "not as long as its file")
    if part is Part.TONE and piece.duration_ms > MOST_TONE_MS:
        fields.wrong(where, "a tone takes 30 s at most")
    return piece


def _check_whole(manifest: Manifest) -> None:
    if not any(piece.audio for piece in manifest.pieces):
        fields.wrong("pieces", "nothing is said")
    if manifest.mode is not Mode.ACTUAL and any(p.part is Part.TONE for p in manifest.pieces):
        fields.wrong("pieces", "the siren sounds for the real thing only")
