"""Lines that tell more of the task above them, put into its row. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from vang.library.official.folding import squeezed
from vang.plans.recognition.deadlines import deadlines_in
from vang.plans.recognition.labels import About, Label, labels_in
from vang.plans.recognition.lists import names_listed
from vang.plans.recognition.marks import POINTS, Family
from vang.plans.recognition.outline import Node
from vang.plans.recognition.rows import Doubt, Kind, Row
from vang.plans.recognition.text import Paragraph

_LABELLED = POINTS | {Family.LETTER, Family.BOLD}


def labels_of(node: Node) -> list[Label]:
    paragraph = node.paragraph
    if paragraph is None or (node.mark is not None and node.mark.family not in _LABELLED):
        return []
    return labels_in(paragraph.text, paragraph.words_at)


def beside_labels(node: Node) -> bool:
    """ "Nội dung: …" tells more of a task only where its lead or time is told beside it."""
    beside = (
        (label for other in node.parent.children if other is not node for label in labels_of(other))
        if node.parent
        else ()
    )
    return any(label.about in {About.LEAD, About.TIME, About.COOPERATING} for label in beside)


def attach(labels: Sequence[Label], paragraph: Paragraph, rows: list[Row]) -> bool:
    """Put what the labelled line tells into the row of the task above it."""
    place = len(rows) - 1
    while place >= 0 and rows[place].kind in {Kind.LAYOUT, Kind.NOTE}:
        place -= 1
    if place < 0 or rows[place].kind not in {
        Kind.TASK,
        Kind.CONTENT,
        Kind.SOLUTION,
        Kind.UNKNOWN,
    }:
        return False
    row = rows[place]
    for label in labels:
        row = _with_label(row, label, paragraph)
    also = (*row.also, (paragraph.start, paragraph.end))
    rows[place] = replace(row, also=also, kind=Kind.TASK)
    return True


def _with_label(row: Row, label: Label, paragraph: Paragraph) -> Row:
    if label.about == About.LEAD:
        doubts = tuple(d for d in row.doubts if d not in {Doubt.LEAD_UNKNOWN, Doubt.LEAD_GUESSED})
        return replace(row, leads=names_listed(label.text), doubts=doubts)
    if label.about == About.COOPERATING:
        return replace(row, cooperating=(*row.cooperating, *names_listed(label.text)))
    if label.about == About.TIME:
        at = paragraph.start + label.start
        found = tuple(d.shifted(at) for d in deadlines_in(label.text, told=True))
        return replace(row, deadlines=(*row.deadlines, *found))
    if label.about == About.MORE:
        at = paragraph.start + label.start
        found = tuple(d.shifted(at) for d in deadlines_in(label.text))
        return replace(row, deadlines=(*row.deadlines, *found))
    if label.about == About.PRODUCT:
        return replace(row, product=squeezed(label.text).strip(" .;"))
    return row
