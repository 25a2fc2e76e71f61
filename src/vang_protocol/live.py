"""Frames of a live voice: signed by the session's key, sealed with the group's, and in time.

A datagram is ``L``, the session (8 bytes) and the frame's number (4), then, sealed with
ChaCha20-Poly1305 under the group key (nonce: eight zero bytes and the number): play-at (8 bytes,
microseconds since 1970), the length and bytes of this frame's Opus packet (60 ms, 48 kHz, mono),
the same of the frame before, and an Ed25519 signature by the session key over all before it.

The group key keeps strangers out and is known to every node of the session; the signature keeps
the nodes out, one of which may be somebody else's by now. A frame without a packet is the last.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from vang_protocol.reasons import Reason, Refused

FRAME_US = 60_000
"""One frame lasts so long; its samples at 48 kHz are 2,880."""
RATE = 48_000
FRAME_SAMPLES = FRAME_US * RATE // 1_000_000
PACKET_BYTES = 480
"""Of one Opus packet; 24 kbit/s need 180."""
MOST_BYTES = 1_200
LAST_SEQ = 2**32 - 1

_HEAD = struct.Struct(">c8sI")
_LENGTH = struct.Struct(">H")
_INSTANT = struct.Struct(">Q")
_KIND = b"L"
_DOMAIN = b"vang-live-v1:"
_SIGNATURE = 64


@dataclass(frozen=True)
class Frame:
    """60 ms of sound: sample 0 is heard at ``play_at`` µs. ``before``: the packet of the frame
    before, b"" where there is none. No ``packet``: the voice has ended at ``play_at``."""

    session: bytes
    seq: int
    play_at: int
    packet: bytes
    before: bytes = b""


class SessionKey:
    """The private half. It stays in the memory of whoever stamps the frames.

    ``pem``: of a relay's, which the plan names days before; without it a new one.
    """

    def __init__(self, pem: bytes | None = None) -> None:
        """Raises ValueError for what is no key of this kind."""
        self._private = Ed25519PrivateKey.generate() if pem is None else _private(pem)
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = raw.hex()

    def sign(self, data: bytes) -> bytes:
        return self._private.sign(data)


def _private(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")  # noqa: TRY004 - what came, not how it was called
    return key


def seal_frame(frame: Frame, *, sign: Callable[[bytes], bytes], group_key: bytes) -> bytes:
    """The datagram. The same number must never be sealed twice under one group key."""
    head = _HEAD.pack(_KIND, frame.session, frame.seq)
    body = _INSTANT.pack(frame.play_at) + _counted(frame.packet) + _counted(frame.before)
    signed = body + sign(_DOMAIN + head + body)
    return head + ChaCha20Poly1305(group_key).encrypt(_nonce(frame.seq), signed, head)


def session_of(data: bytes) -> bytes:
    """Whose frame it says it is; proves nothing. b"" for what is no frame."""
    fits = _HEAD.size < len(data) <= MOST_BYTES and data[:1] == _KIND
    return data[1:9] if fits else b""


def open_frame(data: bytes, *, session: bytes, public: str, group_key: bytes) -> Frame:
    """Raises Refused(TOO_LARGE, WRONG_TYPE, BAD_ENVELOPE, BAD_SIGNATURE, BAD_FIELDS)."""
    if len(data) > MOST_BYTES:
        raise Refused(Reason.TOO_LARGE)
    if len(data) <= _HEAD.size or session_of(data) != session:
        raise Refused(Reason.WRONG_TYPE, "not a frame of this session")
    head = data[: _HEAD.size]
    _kind, _session, seq = _HEAD.unpack(head)
    try:
        signed = ChaCha20Poly1305(group_key).decrypt(_nonce(seq), data[_HEAD.size :], head)
    except InvalidTag:
        raise Refused(Reason.BAD_ENVELOPE, "not sealed for this session") from None
    body, signature = signed[:-_SIGNATURE], signed[-_SIGNATURE:]
    _check_signed(public, signature, _DOMAIN + head + body)
    return _read(session, seq, body)


def _check_signed(public: str, signature: bytes, data: bytes) -> None:
    try:
        _key(public).verify(signature, data)
    except InvalidSignature:
        raise Refused(Reason.BAD_SIGNATURE, "not by the session's key") from None


@lru_cache(maxsize=16)
def _key(public: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))


def _read(session: bytes, seq: int, body: bytes) -> Frame:
    try:
        (play_at,) = _INSTANT.unpack_from(body)
        packet, place = _packet(body, _INSTANT.size)
        before, place = _packet(body, place)
    except struct.error:
        raise Refused(Reason.BAD_FIELDS, "a frame is cut off") from None
    if place != len(body):
        raise Refused(Reason.BAD_FIELDS, "a frame has something behind its end")
    return Frame(session, seq, play_at, packet, before)


def _packet(body: bytes, place: int) -> tuple[bytes, int]:
    (count,) = _LENGTH.unpack_from(body, place)
    start = place + _LENGTH.size
    if count > PACKET_BYTES or start + count > len(body):
        raise Refused(Reason.BAD_FIELDS, "a packet's length")
    return body[start : start + count], start + count


def _counted(packet: bytes) -> bytes:
    if len(packet) > PACKET_BYTES:
        raise Refused(Reason.TOO_LARGE, "an Opus packet")
    return _LENGTH.pack(len(packet)) + packet


def _nonce(seq: int) -> bytes:
    return bytes(8) + seq.to_bytes(4, "big")
