"""Questions and answers about the time, by UDP; and how a node keeps its way through a NAT open.

A datagram of one kind has one length and ends in 16 bytes of keyed BLAKE2b, with the key that the
link handed out over TLS: whoever does not know it can neither move a clock nor have anything
answered. A question is not shorter than its answer, so nobody is flooded through the link.

All numbers big-endian; instants in microseconds.
"""

import hashlib
import hmac
import struct
from dataclasses import dataclass

MAC_BYTES = 16
MOST_BYTES = 1_200
"""No datagram of ours is longer: it must never be cut up on its way."""

_QUESTION = struct.Struct(">c8sQ16x")
_ANSWER = struct.Struct(">c8sQQQ")
_HERE = struct.Struct(">c8s8sQ")
ASKS, TELLS, IS_HERE = b"Q", b"A", b"K"


class NotOurs(Exception):
    """Not a datagram of that kind, or not made with the key."""


@dataclass(frozen=True)
class Question:
    """``mark``: any number by which the node knows its answer again."""

    id: bytes
    mark: int


@dataclass(frozen=True)
class Told:
    """``arrived`` and ``left``: the server's time as the question came and as this went."""

    id: bytes
    mark: int
    arrived: int
    left: int


@dataclass(frozen=True)
class Here:
    """Send the session's frames to where this came from. ``number`` rises: an old one that is
    sent again by somebody else moves nothing."""

    id: bytes
    session: bytes
    number: int


def question(one: Question, key: bytes) -> bytes:
    return _sealed(_QUESTION.pack(ASKS, one.id, one.mark), key)


def read_question(data: bytes, key: bytes) -> Question:
    """Raises NotOurs."""
    _kind, who, mark = _QUESTION.unpack(_opened(data, ASKS, _QUESTION.size, key))
    return Question(who, mark)


def told(one: Told, key: bytes) -> bytes:
    return _sealed(_ANSWER.pack(TELLS, one.id, one.mark, one.arrived, one.left), key)


def read_told(data: bytes, key: bytes) -> Told:
    """Raises NotOurs."""
    _kind, who, mark, arrived, left = _ANSWER.unpack(_opened(data, TELLS, _ANSWER.size, key))
    return Told(who, mark, arrived, left)


def here(one: Here, key: bytes) -> bytes:
    return _sealed(_HERE.pack(IS_HERE, one.id, one.session, one.number), key)


def read_here(data: bytes, key: bytes) -> Here:
    """Raises NotOurs."""
    _kind, who, session, number = _HERE.unpack(_opened(data, IS_HERE, _HERE.size, key))
    return Here(who, session, number)


def sender_of(data: bytes) -> bytes:
    """Whose key to try; proves nothing. b"" for what is too short."""
    return data[1:9] if len(data) > 9 else b""


def _sealed(body: bytes, key: bytes) -> bytes:
    return body + _mac(body, key)


def _opened(data: bytes, kind: bytes, size: int, key: bytes) -> bytes:
    body, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]
    if len(data) != size + MAC_BYTES or data[:1] != kind:
        raise NotOurs
    if not hmac.compare_digest(_mac(body, key), mac):
        raise NotOurs
    return body


def _mac(body: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=MAC_BYTES, key=key).digest()
