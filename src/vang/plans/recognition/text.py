# ruff: noqa: E501 - patterns
"""The text of a document with its paragraphs, broken lines joined again. Pure.

A paragraph's text is as long as its passage, letter for letter, so that every place found in it is
a place in the document.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vang.library.formats.lines import Kind, Line, Side
from vang.library.official.folding import is_capitals
from vang.plans.recognition.duties import lead_of
from vang.plans.recognition.marks import Family, Mark, mark_of
from vang.plans.recognition.parts import part_of

_ENDED = re.compile(r"(?:[.;:!?…]|\./\.?)[\"”»)]*\s*$")
_RULE = re.compile(r"[\W_]*|[-–\s]*\d{1,3}[-–\s]*|(?:Trang|trang)\s*\d+(?:\s*/\s*\d+)?")
_PIPES = re.compile(r"\s*\|\s*")
_TABS = re.compile(r"\t")
_OPEN = re.compile(
    r"(?:,|(?<!\w)(?:và|các|của|với|về|trước|tại|cho|đến|từ|trong|theo|là|Phòng|Ban|Sở|Bộ|Ủy ban))\s*$"
)
_OPEN_NUMBER = re.compile(r"(?<!\w)(?:ngày|tháng|năm|số|quý|Quý|Số)\s*$")
_MOST_OF_A_LINE = 0.55
_SMALL_BEGINNINGS = 0.12
_WRAPPED_AT_MOST = 135
_NUMBER_LINE = 18
_SHORT_NUMBER = 6


@dataclass(frozen=True)
class Cell:
    """What stands in one cell, and where in the document's text."""

    text: str
    start: int


@dataclass(frozen=True)
class Paragraph:
    """``first`` and ``last`` are lines. ``cells`` are those of a row of a table."""

    text: str
    start: int
    first: int
    last: int
    mark: Mark | None = None
    bold: bool = False
    centred: bool = False
    side: Side = Side.WHOLE
    kind: Kind = Kind.TEXT
    cells: tuple[Cell, ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def words_at(self) -> int:
        """Where the words begin, after the mark."""
        return self.mark.end if self.mark else 0

    @property
    def words(self) -> str:
        return " ".join(self.text[self.words_at :].split())

    @property
    def is_layout(self) -> bool:
        """A rule or the number of a page."""
        return not self.cells and _RULE.fullmatch(self.text.strip()) is not None


@dataclass(frozen=True)
class Source:
    """The whole text, lines joined by line ends, and its paragraphs in order."""

    text: str
    paragraphs: list[Paragraph]


def source_of(lines: Sequence[Line], keep: frozenset[int] = frozenset()) -> Source:
    """``keep`` are lines that begin and end a paragraph of their own: those of head and foot."""
    texts = [line.text.replace("\n", " ") for line in lines]
    width = _width(lines)
    paragraphs: list[Paragraph] = []
    gathered: list[int] = []
    place, starts = 0, []
    for text in texts:
        starts.append(place)
        place += len(text) + 1
    whole = "\n".join(texts)
    for n, line in enumerate(lines):
        if not texts[n].strip():
            continue
        if (
            gathered
            and not (n in keep or gathered[-1] in keep)
            and _goes_on(texts, gathered, n, lines, width)
        ):
            gathered.append(n)
            continue
        if gathered:
            paragraphs.append(_paragraph(whole, lines, starts, gathered))
        gathered = [n]
        if line.kind == Kind.ROW:
            paragraphs.append(_row(whole, line, starts[n], n))
            gathered = []
    if gathered:
        paragraphs.append(_paragraph(whole, lines, starts, gathered))
    return Source(whole, paragraphs)


def _width(lines: Sequence[Line]) -> int:
    """The length to which lines were broken by hand or by a program; 0 where they were not."""
    if any(not line.begins or line.bold or line.centred or line.block for line in lines):
        return 0
    lengths = sorted(len(line.text.rstrip()) for line in lines if line.kind == Kind.TEXT)
    long = [length for length in lengths if length > 45]
    if len(long) < 4:
        return 0
    width = long[-1 - len(long) // 40]
    full = sum(length > 0.8 * width for length in long)
    filled = [line.text.strip() for line in lines if line.text.strip()]
    small = sum(text[0].islower() for text in filled)
    broken = full > 0.25 * len(long) or small > _SMALL_BEGINNINGS * len(filled)
    return width if long[-1] <= _WRAPPED_AT_MOST and broken else 0


def _goes_on(
    texts: Sequence[str], gathered: Sequence[int], n: int, lines: Sequence[Line], width: int
) -> bool:
    line, before = lines[n], lines[gathered[-1]]
    if line.kind != Kind.TEXT or before.kind != line.kind or line.side != before.side:
        return False
    text, above = texts[n], texts[gathered[-1]]
    if not line.begins:
        return not (_is_numbered(text) and _ENDED.search(above))
    if _is_bare_mark(texts, gathered):
        return mark_of(text) is None
    if mark_of(text) is not None or line.bold != before.bold or _has_cells(text + above):
        return False
    whole = " ".join(texts[place].strip() for place in gathered)
    if not text.strip()[:1].islower() and _is_whole_heading(whole):
        return False
    return _joins(above, text, width)


def _is_numbered(text: str) -> bool:
    """Begins with a number or letter of a list, which readers of pages may not know: "2- "."""
    found = mark_of(text)
    return found is not None and bool(found.label)


def _joins(above: str, text: str, width: int) -> bool:
    """Whether a line without a mark goes on with the one above it."""
    first = text.strip()[:1]
    if width and _is_full(above, text, width) and not is_capitals(text):
        return not _indented(text, above)
    if width and first.islower() and not is_capitals(above):
        return True
    if _ENDED.search(above) or is_capitals(above) != is_capitals(text):
        return False
    numbered = _OPEN_NUMBER.search(above) and (first.isdigit() or first in "IV")
    if first.islower() or _OPEN.search(above) or numbered:
        return True
    return len(above.strip()) > _MOST_OF_A_LINE * width > 0


def _is_whole_heading(text: str) -> bool:
    """Says all it has to: the name of a part, or of who has the duties below."""
    mark = mark_of(text)
    words = text[mark.end if mark else 0 :].strip()
    if is_capitals(words) or part_of(words, alone=True) is not None:
        return True
    lead = lead_of(words)
    return lead is not None and lead.heading


def _is_bare_mark(texts: Sequence[str], gathered: Sequence[int]) -> bool:
    """ "II." alone on its line: its words stand below."""
    above = texts[gathered[-1]].strip()
    if len(gathered) > 1 or len(above) > _NUMBER_LINE or not above:
        return False
    found = mark_of(f"{above} A")
    if found is None or found.end <= len(above) - 1:
        return False
    long = found.family in {Family.PART, Family.CHAPTER}
    return found.family != Family.DASH and (long or len(above) <= _SHORT_NUMBER)


def _is_full(above: str, text: str, width: int) -> bool:
    """The first word of the line below had no room any more."""
    word = text.split(maxsplit=1)[0]
    return len(above.rstrip()) + 1 + len(word) > width - 2


def _indented(text: str, above: str) -> bool:
    lead, other = (len(one) - len(one.lstrip()) for one in (text, above))
    return lead > other + 2


def _has_cells(text: str) -> bool:
    return text.count("|") > 1 or text.count("\t") > 1


def _paragraph(
    whole: str, lines: Sequence[Line], starts: Sequence[int], gathered: Sequence[int]
) -> Paragraph:
    first, last = gathered[0], gathered[-1]
    start, end = starts[first], starts[last] + len(lines[last].text)
    passage = whole[start:end]
    lead = len(passage) - len(passage.lstrip())
    text = passage.strip().replace("\n", " ")
    line, start = lines[first], start + lead
    if len(gathered) == 1 and (cells := _cells_in(text, start)):
        return Paragraph(text, start, first, last, kind=Kind.ROW, cells=cells)
    return Paragraph(
        text, start, first, last, mark_of(text), line.bold, line.centred, line.side, line.kind
    )


def _cells_in(text: str, start: int) -> tuple[Cell, ...]:
    """A row that was typed with bars or tabs between its cells."""
    pattern = _PIPES if text.count("|") > 1 else _TABS if text.count("\t") > 1 else None
    if pattern is None:
        return ()
    inner = text.strip("|") if pattern is _PIPES else text
    place = text.find(inner)
    cells = []
    for part in pattern.split(inner):
        at = text.find(part, place) if part else place
        cells.append(Cell(" ".join(part.split()), start + at))
        place = at + len(part)
    return tuple(cells)


def _row(whole: str, line: Line, start: int, n: int) -> Paragraph:
    """A row as the reader gave it: its text holds the filled cells between bars."""
    cells, place = [], start
    for cell in line.cells:
        told = " ".join(cell.split())
        at = whole.find(told, place) if told else place
        at = place if at < 0 else at
        cells.append(Cell(told, at))
        place = at + len(told)
    text = whole[start : start + len(line.text)].rstrip()
    return Paragraph(text, start, n, n, kind=Kind.ROW, cells=tuple(cells))
