"""What an office document says, apart from how it is set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vang.base.pdf import Head, Signature, TableColumn


@dataclass(frozen=True)
class Heading:
    """With its number, as it is printed: "I. KẾT QUẢ" (level 1), "1. Nội dung" (2), "a) …" (3)."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; "- " before it where it is one of a list."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; its head comes again on every page. Each row has a cell for every column."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row with another number of cells than columns")


Block = Heading | Paragraph | Grid


@dataclass(frozen=True)
class Paper:
    """``bases``: the "Căn cứ …" in order. ``to``: whom a report addresses ("Kính gửi").
    ``recipients``: the lines of "Nơi nhận", the last "Lưu: VT."."""

    head: Head
    blocks: tuple[Block, ...]
    signature: Signature
    made_at: datetime
    bases: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


def closed(lines: Iterable[str], last: str = ".") -> list[str]:
    """Semicolons after each line, ``last`` after the last: as bases and recipients are written."""
    bare = [one.rstrip(" ;.,") for one in lines if one.strip()]
    return [f"{one}{last if at == len(bare) else ';'}" for at, one in enumerate(bare, start=1)]
