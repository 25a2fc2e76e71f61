"""What is recognised: named fields, each with its passage and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SURE = 0.8
LONGEST_PASSAGE = 600


class Name(StrEnum):
    """Parts of an official document, decree 30/2020/NĐ-CP annex I."""

    SECRECY = "secrecy"
    URGENCY = "urgency"
    SUPERIOR = "superior"
    ISSUER = "issuer"
    NUMBER = "number"
    PLACE = "place"
    ISSUED_ON = "issued_on"
    KIND = "kind"
    ABSTRACT = "abstract"
    ADDRESSEE = "addressee"
    BASIS = "basis"
    AUTHORITY = "authority"
    SIGNER_POST = "signer_post"
    SIGNER = "signer"
    RECIPIENT = "recipient"
    APPENDIX = "appendix"


REPEATED = frozenset({Name.ADDRESSEE, Name.BASIS, Name.RECIPIENT, Name.APPENDIX})


class Doubt(StrEnum):
    """Why a field is not sure."""

    BLANK = "blank"
    ELSEWHERE = "elsewhere"
    CONTRADICTS = "contradicts"
    UNUSUAL = "unusual"
    GUESSED = "guessed"
    RUN_TOGETHER = "run-together"


@dataclass(frozen=True)
class Field:
    """``value`` as people write it; a day as 2026-06-08. The passage begins in line ``line`` and
    ends in ``last``, -1 for the same."""

    name: Name
    value: str
    confidence: float
    passage: str
    line: int
    doubt: Doubt | None = None
    last: int = -1

    @property
    def end(self) -> int:
        return max(self.line, self.last)

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE


@dataclass(frozen=True)
class Section:
    """A part of the body: ``depth`` 0 is the largest; ``last`` is its last line."""

    depth: int
    mark: str
    title: str
    line: int
    last: int


@dataclass(frozen=True)
class Official:
    """A whole document. The body lies between the lines ``first`` and ``last``, both in it."""

    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    first: int
    last: int
    party: bool

    def one(self, name: Name) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def all(self, name: Name) -> Sequence[Field]:
        return [field for field in self.fields if field.name == name]

    def value(self, name: Name) -> str:
        found = self.one(name)
        return found.value if found else ""

    @property
    def is_official(self) -> bool:
        """Enough of a head to be taken for an official document."""
        head = {Name.NUMBER, Name.ISSUED_ON, Name.ISSUER, Name.KIND}
        found = {field.name for field in self.fields if field.confidence >= 0.6}
        return len(head & found) >= 2
