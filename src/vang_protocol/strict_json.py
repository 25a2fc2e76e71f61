"""JSON as the protocol allows it: UTF-8, no duplicate keys, no floats, capped before parsing."""

import json
from hashlib import sha256
from typing import Any, NoReturn

from vang_protocol.reasons import Reason, Refused


def decode(data: bytes, *, limit: int) -> Any:
    """The value in ``data``; raises Refused(TOO_LARGE or BAD_JSON)."""
    if len(data) > limit:
        raise Refused(Reason.TOO_LARGE, f"{len(data)} bytes, allowed {limit}")
    try:
        return _READER.decode(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused(Reason.BAD_JSON, str(error)[:200]) from None


def canonical(value: Any) -> bytes:
    """The one encoding of ``value``: compact, keys sorted, characters as UTF-8."""
    return _WRITER.encode(value).encode("utf-8")


def decode_canonical(data: bytes, *, limit: int, reason: Reason = Reason.BAD_JSON) -> Any:
    """Like decode, and refuses with ``reason`` every other spelling of the same value."""
    value = decode(data, limit=limit)
    if canonical_or_none(value) != data:
        raise Refused(reason, "not in canonical form")
    return value


def canonical_or_none(value: Any) -> bytes | None:
    """The canonical bytes, or None for text that UTF-8 cannot carry (a lone surrogate)."""
    try:
        return canonical(value)
    except UnicodeEncodeError:
        return None


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return sha256(data).hexdigest()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"only whole numbers are allowed, not {text[:20]}")


def _whole(text: str) -> int:
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        raise ValueError("a number is outside 64 bits")
    return int(text)


_READER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_no_float, parse_constant=_no_float, parse_int=_whole
)
_WRITER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
