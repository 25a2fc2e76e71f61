"""Why a file could not be read."""

from enum import StrEnum


class Code(StrEnum):
    """Stable: part of the verdict that the reading process hands back."""

    EMPTY = "empty"
    WRONG_KIND = "wrong-kind"
    TOO_MUCH = "unpacks-too-large"
    TOO_MANY_PAGES = "too-many-pages"
    TOO_LONG = "too-long"
    PROTECTED = "protected"
    DAMAGED = "damaged"
    SCANNED = "scanned"
    NOT_TEXT = "not-text"
    OLD_WORD = "old-word"
    TOO_SLOW = "too-slow"


class Unreadable(Exception):
    """``detail`` is for the log, never for the page."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
