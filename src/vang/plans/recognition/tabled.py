"""Rows of tables → rows of the draft. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from vang.plans.recognition.deadlines import Deadline, deadlines_in
from vang.plans.recognition.duties import cooperating_in, duties_in, lead_of
from vang.plans.recognition.headers import Column
from vang.plans.recognition.headings import Context
from vang.plans.recognition.lists import names_listed
from vang.plans.recognition.outline import Node
from vang.plans.recognition.rows import Doubt, Duty, Kind, Row
from vang.plans.recognition.tables import TableRow
from vang.plans.recognition.targets import targets_in
from vang.plans.recognition.text import Cell, Paragraph


def task_of_table(row: TableRow, node: Node, context: Context, prefix: str) -> Row:
    paragraph = row.paragraph
    code = ".".join(
        p for p in (prefix, node.parent.code if node.parent else "", row.number or node.label) if p
    )
    leads = _named(row.cells.get(Column.LEAD))
    doubts = [Doubt.LEAD_FROM_ABOVE] if row.from_above else []
    if not leads and context.actor is not None:
        leads = context.actor.names
    told = lead_of(row.task.text) if not leads else None
    if told is not None and not told.heading:
        leads = told.names
    if not leads:
        doubts.append(Doubt.LEAD_UNKNOWN)
    if row.odd:
        doubts.append(Doubt.COLUMNS)
    time = row.cells.get(Column.TIME)
    deadlines = tuple(_deadlines(time, paragraph, told=True))
    deadlines = deadlines or tuple(_deadlines(row.task, paragraph, told=False))
    product = row.cells.get(Column.PRODUCT)
    cooperating = (*_named(row.cells.get(Column.COOPERATING)), *cooperating_in(row.task.text))
    return Row(
        Kind.TASK,
        row.task.text,
        paragraph.start,
        paragraph.end,
        code,
        sum(1 for _above in node.above),
        context.path,
        leads,
        tuple(dict.fromkeys(name for name in cooperating if name not in leads)),
        deadlines=deadlines,
        product=product.text if product else "",
        duties=tuple(_duties(row.task, paragraph)),
        targets=targets_in(row.task.text),
        doubts=tuple(doubts),
    )


def _named(cell: Cell | None) -> tuple[str, ...]:
    return names_listed(cell.text) if cell and cell.text.strip(" -–") else ()


def _deadlines(cell: Cell | None, paragraph: Paragraph, *, told: bool) -> Iterator[Deadline]:
    """The words of a cell that is broken over lines stand nowhere together, and those of a cell of
    the row above not here: then the place is where the cell or the row begins."""
    for deadline in deadlines_in(cell.text, told=told) if cell is not None else ():
        placed = deadline.shifted(cell.start if cell else 0)
        first, last = placed.start - paragraph.start, placed.end - paragraph.start
        whole = first >= 0 and paragraph.text[first:last] == deadline.text
        start = max(placed.start, paragraph.start)
        yield placed if whole else replace(placed, start=start, end=start)


def _duties(cell: Cell, paragraph: Paragraph) -> Iterator[Duty]:
    """None of them reaches beyond the row."""
    for duty in duties_in(cell.text, 0, cell.start):
        start = min(duty.start, paragraph.end)
        yield replace(duty, start=start, end=max(start, min(duty.end, paragraph.end)))
