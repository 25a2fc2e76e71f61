# ruff: noqa: E501 - patterns
"""The body of a plan: its outline → rows, each with who, when and what. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from vang.library.formats.lines import Kind as LineKind
from vang.library.official.folding import flat, is_capitals, squeezed
from vang.plans.recognition.bodies import Body, is_duty_word, names_listed
from vang.plans.recognition.deadlines import Deadline, deadlines_in
from vang.plans.recognition.duties import (
    Lead,
    cooperating_in,
    duties_in,
    lead_of,
    leads_inside,
)
from vang.plans.recognition.labels import About, Label, labels_in
from vang.plans.recognition.marks import POINTS, Family
from vang.plans.recognition.outline import Node, outline_of
from vang.plans.recognition.parts import Part, part_of
from vang.plans.recognition.rows import Doubt, Kind, Manner, Row
from vang.plans.recognition.tables import Column, Table, TableRow, Tables
from vang.plans.recognition.targets import targets_in
from vang.plans.recognition.text import Cell, Paragraph

_LONGEST_TITLE = 170
_CLOSING = re.compile(
    r"\W*(?:tren day la|trong qua trinh (?:to chuc |trien khai|thuc hien)|yeu cau (?:cac|thu truong).{0,200}(?:nghiem tuc"
    r"|ke hoach nay)|de nghi (?:cac|thu truong).{0,200}(?:nghiem tuc|quan tam|ke hoach nay)|noi dung ke hoach nay|ke hoach nay"
    r"|nhan duoc ke hoach|can cu (?:noi dung )?ke hoach nay,? (?:yeu cau|de nghi))"
)
_KINDS = {
    Part.OBJECTIVE: Kind.OBJECTIVE,
    Part.SITUATION: Kind.SITUATION,
    Part.CONTENT: Kind.CONTENT,
    Part.DUTY: Kind.TASK,
    Part.SOLUTION: Kind.SOLUTION,
    Part.MONEY: Kind.MONEY,
    Part.TIME: Kind.TIME,
    Part.SCOPE: Kind.SCOPE,
    Part.ORGANISATION: Kind.TASK,
    Part.REPORTING: Kind.REPORTING,
    None: Kind.UNKNOWN,
}
_QUIET = frozenset({Part.OBJECTIVE, Part.SITUATION, Part.SCOPE})
_SECTION = re.compile(r"[^.:;]{2,70}(?=:)")
_LABELLED = POINTS | {Family.LETTER, Family.BOLD}
_NOTHING_LEFT = 12


@dataclass(frozen=True)
class _Context:
    """What the headings above a paragraph say."""

    part: Part | None = None
    actor: Lead | None = None
    cooperating: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    annex: bool = False


@dataclass
class _Reading:
    prefix: str
    rows: list[Row] = field(default_factory=list)
    tables: Tables = field(default_factory=Tables)


def rows_of_body(paragraphs: Sequence[Paragraph], prefix: str, title: str = "") -> list[Row]:
    """In the order of the document. ``title`` is that of an annex."""
    reading = _Reading(prefix)
    part = part_of(title) if title else None
    if title and part is None:
        part = _part_of_annex(title)
    context = _Context(part=part, path=(title,) if title else (), annex=bool(title))
    _visit_all(outline_of(paragraphs).children, context, reading)
    return sorted(reading.rows, key=lambda row: row.start)


def _part_of_annex(title: str) -> Part | None:
    """ "PHỤ LỤC: DANH MỤC NHIỆM VỤ …" """
    folded = flat(title)
    return (
        Part.DUTY if re.search(r"nhiem vu|phan cong|cong viec|tien do|hoat dong", folded) else None
    )


def _visit_all(nodes: Sequence[Node], context: _Context, reading: _Reading) -> None:
    for node in nodes:
        paragraph = node.paragraph
        assert paragraph is not None  # noqa: S101 - only the root has none
        if paragraph.cells:
            _table_row(node, paragraph, context, reading)
            continue
        reading.tables.end()
        if paragraph.is_layout:
            reading.rows.append(_plain(Kind.LAYOUT, paragraph))
        elif paragraph.kind in {LineKind.NOTE, LineKind.HEADER, LineKind.FOOTER}:
            reading.rows.append(_plain(Kind.NOTE, paragraph))
        else:
            _visit(node, paragraph, context, reading)


def _visit(node: Node, paragraph: Paragraph, context: _Context, reading: _Reading) -> None:
    labels = _labels(node)
    if labels and not node.children and _attach(labels, paragraph, reading):
        return
    if not node.children:
        _leaf(node, paragraph, context, reading)
        return
    below = _children_context(node, paragraph, context)
    if _is_whole_task(node, paragraph):
        _leaf(
            node,
            paragraph,
            replace(context, actor=below.actor, cooperating=below.cooperating),
            reading,
        )
    else:
        reading.rows.append(_heading(node, paragraph, context, reading))
    _visit_all(node.children, below, reading)


def _labels(node: Node) -> list[Label]:
    paragraph = node.paragraph
    if paragraph is None or (node.mark is not None and node.mark.family not in _LABELLED):
        return []
    return labels_in(paragraph.text, paragraph.words_at)


# headings


def _children_context(node: Node, paragraph: Paragraph, context: _Context) -> _Context:
    words = paragraph.words
    path = (*context.path, words[:_LONGEST_TITLE])
    title = words.split(":")[0] if len(words) > _LONGEST_TITLE else words
    part = _part_below(node, title, context)
    below = replace(context, path=path, part=part)
    if part in _QUIET or (part != context.part and part == Part.REPORTING):
        return replace(below, actor=None, cooperating=(), doubts=())
    lead = lead_of(paragraph.text, paragraph.words_at)
    if lead is not None and not (part == Part.MONEY and not lead.heading):
        rest = paragraph.text[lead.rest :]
        return replace(below, actor=lead, cooperating=cooperating_in(rest), doubts=())
    if part != context.part:
        return replace(below, actor=None, cooperating=(), doubts=())
    if context.part == Part.ORGANISATION and context.actor is None and _may_be_actor(node, words):
        return replace(below, actor=_guessed(paragraph), doubts=(Doubt.LEAD_GUESSED,))
    return below


def _part_below(node: Node, title: str, context: _Context) -> Part | None:
    told = part_of(title)
    top = not any(True for _above in node.above)
    if told is None or (told == Part.SITUATION and not top):
        return context.part
    if context.actor is not None or context.part in {Part.ORGANISATION, Part.REPORTING}:
        strong = told in {Part.REPORTING, Part.MONEY, Part.TIME} and part_of(title, alone=True)
        own = told == Part.ORGANISATION or strong
        return told if own and context.actor is None else context.part
    if context.part in {Part.OBJECTIVE, Part.MONEY} and told in {
        Part.DUTY,
        Part.CONTENT,
        Part.SOLUTION,
    }:
        return context.part if not top else told
    if context.part is not None and not top and told in {Part.CONTENT, Part.OBJECTIVE, Part.SCOPE}:
        return (
            told
            if context.part in {Part.CONTENT, Part.OBJECTIVE, Part.SITUATION}
            or told == Part.OBJECTIVE
            else context.part
        )
    return told


def _may_be_actor(node: Node, words: str) -> bool:
    """An unknown body: a short heading that begins with no deed and has no bodies below."""
    point = node.mark is not None and node.mark.family in POINTS and not words.endswith(":")
    if len(words) > 150 or node.mark is None or point:
        return False
    if is_duty_word(words[:1].lower() + words[1:], 0) and not words.endswith(":"):
        return False
    if part_of(words) is not None or re.match(
        r"(?:cong tac|ve|doi voi|nhiem vu|mot so|cac giai)\b", flat(words)
    ):
        return False
    return not any(_is_actor(child) for child in node.walk())


def _is_actor(node: Node) -> bool:
    if node.paragraph is None or node.paragraph.cells:
        return False
    lead = lead_of(node.paragraph.text, node.paragraph.words_at)
    return lead is not None and (lead.heading or bool(node.children))


def _guessed(paragraph: Paragraph) -> Lead:
    text = paragraph.text
    end = text.find(":") if ":" in text else len(text)
    name = squeezed(text[paragraph.words_at : end]).strip(" .;,")
    return Lead([Body(name, paragraph.words_at, end)], Manner.PLAIN, len(text), heading=True)


def _is_whole_task(node: Node, paragraph: Paragraph) -> bool:
    """A paragraph that says a duty itself though points stand under it."""
    if any(_labels(child) for child in node.children) and not _only_title(node):
        return True
    lead = lead_of(paragraph.text, paragraph.words_at)
    words = paragraph.words
    if lead is None or lead.heading:
        named = lead or is_capitals(words) or part_of(words, alone=True)
        return words.endswith((".", ";")) and not named
    rest = paragraph.text[lead.rest :].strip()
    return len(rest) > _NOTHING_LEFT and not rest.endswith(":")


def _only_title(node: Node) -> bool:
    """The heading of a part, or of an actor: its labelled lines stand for themselves."""
    return (
        node.mark is not None
        and node.mark.family == Family.ROMAN
        and part_of(node.words) is not None
    )


def _heading(node: Node, paragraph: Paragraph, context: _Context, reading: _Reading) -> Row:
    row = _row(Kind.HEADING, node, paragraph, context, reading)
    return replace(row, cooperating=(), deadlines=(), duties=(), targets=())


# leaves


def _leaf(node: Node, paragraph: Paragraph, context: _Context, reading: _Reading) -> None:
    words = paragraph.words
    if _is_bare_heading(node, paragraph):
        reading.rows.append(_heading(node, paragraph, context, reading))
        return
    if _CLOSING.match(flat(words)) and context.part in {
        None,
        Part.ORGANISATION,
        Part.REPORTING,
        Part.MONEY,
        Part.DUTY,
        Part.SOLUTION,
    }:
        row = _row(Kind.CLOSING, node, paragraph, context, reading)
        reading.rows.append(replace(row, leads=()))
        return
    context = _own_part(words, node, context)
    own = None if context.part in _QUIET else lead_of(paragraph.text, paragraph.words_at)
    own = own if own and not own.heading else None
    told = own or context.actor
    kind = _kind_of(context, own)
    row = _row(kind, node, paragraph, context, reading)
    leads = told.names if told else ()
    manner = told.manner if told else Manner.PLAIN
    doubts = context.doubts if told is context.actor else ()
    if not told and kind == Kind.TASK:
        inside = next(leads_inside(paragraph.text), None)
        leads = inside.names if inside else ()
        manner = inside.manner if inside else manner
        doubts = () if leads else (Doubt.LEAD_UNKNOWN,)
    begin = own.rest if own else paragraph.words_at
    row = replace(row, leads=leads, manner=manner, doubts=doubts)
    if kind in {Kind.TASK, Kind.REPORTING, Kind.MONEY, Kind.SOLUTION}:
        row = replace(row, duties=duties_in(paragraph.text, begin, paragraph.start))
    cooperating = (*row.cooperating, *(context.cooperating if not own else ()))
    seen = tuple(dict.fromkeys(name for name in cooperating if name not in leads))
    reading.rows.append(replace(row, cooperating=seen))


def _is_bare_heading(node: Node, paragraph: Paragraph) -> bool:
    """A title of a part below which nothing stands: its text is missing."""
    numbered = node.mark is not None and node.mark.family not in POINTS | {Family.LETTER}
    words = paragraph.words
    if not numbered or len(words) > 120 or words.endswith((".", ";")):
        return False
    return part_of(words, alone=True) is not None


def _own_part(words: str, node: Node, context: _Context) -> _Context:
    """ "3. Thời gian thực hiện: từ tháng 01 …" is a part in one paragraph."""
    if context.actor is not None and context.part == Part.ORGANISATION:
        return context
    section = _SECTION.match(words)
    told = part_of(section[0], alone=True) if section else None
    if told in {Part.DUTY, Part.ORGANISATION} or (
        told and node.mark and node.mark.family in POINTS and context.part is not None
    ):
        return context
    return replace(context, part=told, actor=None, doubts=()) if told else context


def _kind_of(context: _Context, own: Lead | None) -> Kind:
    if context.part in {Part.REPORTING, Part.MONEY}:
        return _KINDS[context.part]
    if own is not None or (context.actor is not None and context.part != Part.TIME):
        return Kind.TASK
    return _KINDS[context.part]


def _row(kind: Kind, node: Node, paragraph: Paragraph, context: _Context, reading: _Reading) -> Row:
    text = paragraph.text
    code = ".".join(part for part in (reading.prefix, node.code) if part)
    found = () if kind == Kind.SITUATION else deadlines_in(text, told=kind == Kind.TIME)
    deadlines = tuple(d.shifted(paragraph.start) for d in found)
    return Row(
        kind,
        paragraph.words,
        paragraph.start,
        paragraph.end,
        code,
        sum(1 for _above in node.above),
        context.path,
        cooperating=cooperating_in(text),
        deadlines=deadlines,
        targets=targets_in(text)
        if kind in {Kind.OBJECTIVE, Kind.TASK, Kind.CONTENT, Kind.SOLUTION}
        else (),
    )


def _plain(kind: Kind, paragraph: Paragraph) -> Row:
    return Row(kind, squeezed(paragraph.text), paragraph.start, paragraph.end)


# labelled lines


def _attach(labels: Sequence[Label], paragraph: Paragraph, reading: _Reading) -> bool:
    """Put what the labelled line tells into the row of the task above it."""
    place = len(reading.rows) - 1
    while place >= 0 and reading.rows[place].kind in {Kind.LAYOUT, Kind.NOTE}:
        place -= 1
    if place < 0 or reading.rows[place].kind not in {
        Kind.TASK,
        Kind.CONTENT,
        Kind.SOLUTION,
        Kind.UNKNOWN,
    }:
        return False
    row = reading.rows[place]
    for label in labels:
        row = _with_label(row, label, paragraph)
    also = (*row.also, (paragraph.start, paragraph.end))
    reading.rows[place] = replace(row, also=also, kind=Kind.TASK)
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
    if label.about == About.PRODUCT:
        return replace(row, product=squeezed(label.text).strip(" .;"))
    return row


# tables


def _table_row(node: Node, paragraph: Paragraph, context: _Context, reading: _Reading) -> None:
    table = Table()
    reading.tables.take(paragraph, table)
    for row in table.rows:
        reading.rows.append(_task_of_table(row, node, context, reading))
    for one in (*table.headers, *table.headings):
        reading.rows.append(replace(_plain(Kind.HEADING, one), path=context.path))
    for one in table.rest:
        kind = Kind.MONEY if context.part == Part.MONEY else Kind.UNKNOWN
        reading.rows.append(replace(_plain(kind, one), path=context.path))


def _task_of_table(row: TableRow, node: Node, context: _Context, reading: _Reading) -> Row:
    paragraph = row.paragraph
    code = ".".join(
        p
        for p in (reading.prefix, node.parent.code if node.parent else "", row.number or node.label)
        if p
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
    deadlines = tuple(_deadlines(time, told=True)) or tuple(_deadlines(row.task, told=False))
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
        duties=duties_in(row.task.text, 0, row.task.start),
        targets=targets_in(row.task.text),
        doubts=tuple(doubts),
    )


def _named(cell: Cell | None) -> tuple[str, ...]:
    return names_listed(cell.text) if cell and cell.text.strip(" -–") else ()


def _deadlines(cell: Cell | None, *, told: bool) -> Iterator[Deadline]:
    if cell is not None:
        yield from (d.shifted(cell.start) for d in deadlines_in(cell.text, told=told))
