"""Paragraphs → a tree by their marks, whatever order of marks a writer chose. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vang.library.official.folding import flat, is_capitals
from vang.plans.recognition.duties import lead_of
from vang.plans.recognition.marks import POINTS, Family, Mark
from vang.plans.recognition.parts import part_of
from vang.plans.recognition.text import Paragraph

_LONGEST_HEADING = 200
_CLOSING = re.compile(
    r"(?:trong qua trinh (?:to chuc |trien khai|thuc hien)|tren day la|ke hoach nay)\b"
)
_LARGE = {Family.PART: 0, Family.CHAPTER: 1, Family.CAPITAL: 1, Family.ARTICLE: 2, Family.ROMAN: 2}


@dataclass(eq=False)
class Node:
    """A paragraph with what stands under it; the root has none. ``order`` counts it among the
    points of its parent that bear no number."""

    paragraph: Paragraph | None
    mark: Mark | None
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    order: int = 0

    @property
    def words(self) -> str:
        return self.paragraph.words if self.paragraph else ""

    @property
    def label(self) -> str:
        """Its place among its siblings as it stands in a code."""
        if self.mark is None or not self.mark.label:
            return str(self.order)
        if self.mark.family == Family.DECIMAL:
            return self.mark.label.rpartition(".")[2]
        return self.mark.label

    @property
    def code(self) -> str:
        above = self.parent.code if self.parent is not None else ""
        if self.paragraph is None:
            return ""
        return f"{above}.{self.label}".lstrip(".")

    @property
    def above(self) -> Iterator["Node"]:
        node = self.parent
        while node is not None and node.paragraph is not None:
            yield node
            node = node.parent

    def walk(self) -> Iterator["Node"]:
        for child in self.children:
            yield child
            yield from child.walk()


def outline_of(paragraphs: Sequence[Paragraph]) -> Node:
    """The root above all paragraphs; rows of tables are leaves."""
    builder = _Builder()
    for n, paragraph in enumerate(paragraphs):
        following = paragraphs[n + 1] if n + 1 < len(paragraphs) else None
        builder.add(paragraph, following)
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root = Node(None, None)
        self._open: list[Node] = []

    def add(self, paragraph: Paragraph, following: Paragraph | None) -> None:
        mark = paragraph.mark or _heading_mark(paragraph, following)
        if mark is None:
            self._leaf(paragraph)
            return
        while self._open and not self._holds(self._open, mark):
            self._open.pop()
        self._open.append(self._under(paragraph, mark))

    def _leaf(self, paragraph: Paragraph) -> None:
        """A paragraph without a mark stands beside the points of a list, not under one: unless
        that point announces it with a colon. The closing words stand under nothing."""
        if _CLOSING.match(flat(paragraph.words)):
            self._open = [n for n in self._open if n.mark and n.mark.family in _LARGE][:1]
        while self._open and self._is_ended_point(self._open[-1]):
            self._open.pop()
        self._under(paragraph, None)

    def _is_ended_point(self, node: Node) -> bool:
        if node.mark is None:
            return False
        if node.mark.family == Family.LETTER:
            return node.words.endswith((".", ";"))
        return node.mark.family in POINTS and not node.words.endswith(":")

    def _under(self, paragraph: Paragraph, mark: Mark | None) -> Node:
        parent = self._open[-1] if self._open else self.root
        order = sum(child.mark is None or not child.mark.label for child in parent.children) + 1
        node = Node(paragraph, mark, parent, order=order)
        parent.children.append(node)
        return node

    def _holds(self, opened: Sequence[Node], mark: Mark) -> bool:
        """Whether the last of the open nodes is above the mark."""
        place = self._sibling(opened, mark)
        return place is None or place == len(opened)

    def _sibling(self, opened: Sequence[Node], mark: Mark) -> int | None:
        """The place of the open node that the mark's one follows; None where it opens a level."""
        marks = [node.mark for node in opened]
        for n in reversed(range(len(marks))):
            other = marks[n]
            if other is not None and _follows(other, mark):
                return n
        large = _LARGE.get(mark.family)
        if large is not None:
            for n, other in enumerate(marks):
                if other is not None and _LARGE.get(other.family, 9) > large:
                    return n
        return None


def _follows(other: Mark, mark: Mark) -> bool:
    """Whether the second mark counts on where the first did."""
    if other.family != mark.family:
        return False
    if mark.family in POINTS or other.style == mark.style:
        return mark.family != Family.ARABIC or mark.order != 1 or other.order == 0
    return mark.family != Family.DECIMAL and mark.order == other.order + 1


def _heading_mark(paragraph: Paragraph, following: Paragraph | None) -> Mark | None:
    """Headings without a number: in capitals, or bold before what is not."""
    words = paragraph.words
    if paragraph.cells or not 3 < len(words) < _LONGEST_HEADING or words.endswith((".", ";", ",")):
        return None
    if is_capitals(words):
        family = Family.SHOUTED
    elif (
        (paragraph.bold and following is not None and not following.bold)
        or _is_named_part(words, following)
        or _is_named_body(words, following)
    ):
        family = Family.BOLD
    else:
        return None
    return Mark(family, "", "", 0, 0)


def _is_named_body(words: str, following: Paragraph | None) -> bool:
    """ "Phòng Nghiệp vụ" alone on its line before its duties."""
    if following is None or following.cells or len(words) > 120:
        return False
    lead = lead_of(words)
    return lead is not None and lead.heading and len(following.words) > len(words)


def _is_named_part(words: str, following: Paragraph | None) -> bool:
    """ "Mục đích" alone on its line is a heading though nothing sets it off."""
    short = len(words) < 60 and re.search(r"[,;.]\s*$", words) is None
    return short and following is not None and part_of(words, alone=True) is not None
