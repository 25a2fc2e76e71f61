"""Who may do what, which version exists in which language: a table of kinds by kinds."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One crossing. ``state`` is "yes", "no", "part", a key of base.states, or "" (words only)."""

    words: str = ""
    state: str = ""
    url: str = ""

    @property
    def mark(self) -> str:
        """ "yes", "no" or "part", drawn as a mark and not as a badge."""
        return self.state if self.state in {"yes", "no", "part"} else ""


@dataclass(frozen=True)
class MatrixRow:
    """One line, its cells in the order of the columns."""

    label: str
    cells: Sequence[Cell]
    note: str = ""


@dataclass(frozen=True)
class Matrix:
    """``corner`` names what the rows are; ``caption`` says what the table tells."""

    caption: str
    corner: str
    columns: Sequence[str]
    rows: Sequence[MatrixRow]
