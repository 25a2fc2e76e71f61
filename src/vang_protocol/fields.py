"""Typed reading of decoded JSON. Every complaint is Refused(BAD_FIELDS) naming the field."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import Enum
from typing import Any, NoReturn, TypeVar

from vang_protocol.instants import parse_instant
from vang_protocol.limits import ID_CHARS
from vang_protocol.reasons import Reason, Refused

_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)

E = TypeVar("E", bound=Enum)
T = TypeVar("T")


def wrong(where: str, what: str) -> NoReturn:
    raise Refused(Reason.BAD_FIELDS, f"{where}: {what}")


def table(
    value: Any, where: str, names: Iterable[str], optional: Iterable[str] = ()
) -> dict[str, Any]:
    """An object with exactly these names, and perhaps the optional ones."""
    if not isinstance(value, dict):
        wrong(where, "not an object")
    expected = set(names)
    if extra := sorted(set(value) - expected - set(optional)):
        wrong(where, f"unknown field {extra[0][:40]!r}")
    if absent := sorted(expected - set(value)):
        wrong(where, f"missing field {absent[0]!r}")
    return value


def rows(value: Any, where: str, most: int) -> list[Any]:
    if not isinstance(value, list):
        wrong(where, "not a list")
    if len(value) > most:
        wrong(where, f"more than {most} entries")
    return value


def whole(value: Any, where: str, least: int, most: int) -> int:
    if type(value) is not int:
        wrong(where, "not a whole number")
    if not least <= value <= most:
        wrong(where, f"{value} is not within {least}..{most}")
    return value


def text(value: Any, where: str, most: int, least: int = 0) -> str:
    if not isinstance(value, str):
        wrong(where, "not a text")
    if not least <= len(value) <= most:
        wrong(where, f"length not within {least}..{most}")
    return value


def identifier(value: Any, where: str) -> str:
    """Letters, digits, dot, hyphen, underscore; safe in a file name and in a header."""
    if not _IDENTIFIER.fullmatch(text(value, where, ID_CHARS, 1)):
        wrong(where, "not an identifier")
    return str(value)


def hexadecimal(value: Any, where: str, octets: int) -> str:
    if not isinstance(value, str) or len(value) != 2 * octets or not _HEX.fullmatch(value):
        wrong(where, f"not {octets} bytes in lower-case hex")
    return value


def instant(value: Any, where: str) -> datetime:
    try:
        return parse_instant(text(value, where, 24))
    except ValueError:
        wrong(where, "not an instant")


def choice(value: Any, where: str, kind: type[E]) -> E:
    try:
        return kind(text(value, where, ID_CHARS))
    except ValueError:
        wrong(where, f"not one of {', '.join(str(member.value) for member in kind)}")


def truth(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        wrong(where, "not true or false")
    return value


def optional(value: Any, read: Callable[[Any], T]) -> T | None:
    return None if value is None else read(value)


def version_one(value: Any, where: str) -> None:
    if type(value) is not int or value != 1:
        wrong(where, "only version 1 is known")
