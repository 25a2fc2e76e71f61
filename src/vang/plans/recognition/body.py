# ruff: noqa: E501 - patterns
"""The body of a plan: its outline → rows, each with who, when and what. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vang.library.formats.lines import Kind as LineKind
from vang.library.official.folding import flat, is_capitals, squeezed
from vang.plans.recognition.bodies import is_duty_word
from vang.plans.recognition.deadlines import deadlines_in
from vang.plans.recognition.duties import Lead, cooperating_in, duties_in, lead_of, leads_inside
from vang.plans.recognition.headings import QUIET, Context, below, own_part, part_of_annex
from vang.plans.recognition.labelled import attach, beside_labels, labels_of
from vang.plans.recognition.labels import About
from vang.plans.recognition.marks import POINTS, Family
from vang.plans.recognition.outline import Node, outline_of
from vang.plans.recognition.parts import Part, part_of
from vang.plans.recognition.rows import Doubt, Kind, Manner, Row
from vang.plans.recognition.tabled import task_of_table
from vang.plans.recognition.tables import Table, Tables
from vang.plans.recognition.targets import targets_in
from vang.plans.recognition.text import Paragraph

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
_GIVING = frozenset({Part.ORGANISATION, Part.DUTY, Part.REPORTING})
_ENDING = frozenset({None, Part.ORGANISATION, Part.REPORTING, Part.MONEY, Part.DUTY, Part.SOLUTION})
_NOTHING_LEFT = 12


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
        part = part_of_annex(title)
    context = Context(part=part, path=(title,) if title else (), annex=bool(title))
    _visit_all(outline_of(paragraphs).children, context, reading)
    return sorted(reading.rows, key=lambda row: row.start)


def _visit_all(nodes: Sequence[Node], context: Context, reading: _Reading) -> None:
    for node in nodes:
        paragraph = node.paragraph
        assert paragraph is not None  # noqa: S101 - only the root has none
        if paragraph.cells:
            _table_row(node, paragraph, context, reading)
            continue
        reading.tables.end()
        if paragraph.is_layout:
            reading.rows.append(plain_row(Kind.LAYOUT, paragraph))
        elif paragraph.kind in {LineKind.NOTE, LineKind.HEADER, LineKind.FOOTER}:
            reading.rows.append(plain_row(Kind.NOTE, paragraph))
        else:
            _visit(node, paragraph, context, reading)


def _visit(node: Node, paragraph: Paragraph, context: Context, reading: _Reading) -> None:
    labels = labels_of(node)
    if any(label.about == About.MORE for label in labels) and not beside_labels(node):
        labels = []
    if labels and not node.children and attach(labels, paragraph, reading.rows):
        return
    if not node.children:
        _leaf(node, paragraph, context, reading)
        return
    inside = below(node, paragraph, context)
    if _is_whole_task(node, paragraph):
        _leaf(
            node,
            paragraph,
            replace(context, actor=inside.actor, cooperating=inside.cooperating),
            reading,
        )
    else:
        reading.rows.append(_heading(node, paragraph, context, reading))
    _visit_all(node.children, inside, reading)


def _is_whole_task(node: Node, paragraph: Paragraph) -> bool:
    """A paragraph that says a duty itself though points stand under it."""
    if any(labels_of(child) for child in node.children) and not _only_title(node):
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


def _heading(node: Node, paragraph: Paragraph, context: Context, reading: _Reading) -> Row:
    row = _row(Kind.HEADING, node, paragraph, context, reading)
    return replace(row, cooperating=(), deadlines=(), duties=(), targets=())


def _leaf(node: Node, paragraph: Paragraph, context: Context, reading: _Reading) -> None:
    words = paragraph.words
    if _is_bare_heading(node, paragraph):
        reading.rows.append(_heading(node, paragraph, context, reading))
        return
    if _CLOSING.match(flat(words)) and context.part in _ENDING and not _is_dated(node, words):
        row = _row(Kind.CLOSING, node, paragraph, context, reading)
        reading.rows.append(replace(row, leads=()))
        return
    context = own_part(words, node, context)
    own = (
        None
        if context.part in QUIET
        else lead_of(paragraph.text, paragraph.words_at, given=context.part in _GIVING)
    )
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
    if kind == Kind.CONTENT and _is_work(row, words):
        kind, row = Kind.TASK, replace(row, kind=Kind.TASK)
        doubts = () if leads else (Doubt.LEAD_UNKNOWN,)
    row = replace(row, leads=leads, manner=manner, doubts=doubts)
    if kind in {Kind.TASK, Kind.REPORTING, Kind.MONEY, Kind.SOLUTION}:
        row = replace(row, duties=duties_in(paragraph.text, begin, paragraph.start))
    cooperating = (*row.cooperating, *(context.cooperating if not own else ()))
    seen = tuple(dict.fromkeys(name for name in cooperating if name not in leads))
    reading.rows.append(replace(row, cooperating=seen))


def _is_dated(node: Node, words: str) -> bool:
    """A numbered paragraph with a day in it asks for something, however it begins."""
    return node.mark is not None and bool(deadlines_in(words))


def _is_work(row: Row, words: str) -> bool:
    """What has to be done stands under "Nội dung" too: a deed with a figure or a day."""
    deed = is_duty_word(words[:1].lower() + words[1:], 0)
    return deed and bool(row.deadlines or any(target.unit != "%" for target in row.targets))


def _is_bare_heading(node: Node, paragraph: Paragraph) -> bool:
    """A title of a part below which nothing stands: its text is missing."""
    numbered = node.mark is not None and node.mark.family not in POINTS | {Family.LETTER}
    words = paragraph.words
    if not numbered or len(words) > 120 or words.endswith((".", ";")):
        return False
    return part_of(words, alone=True) is not None


def _kind_of(context: Context, own: Lead | None) -> Kind:
    if context.part in {Part.REPORTING, Part.MONEY}:
        return _KINDS[context.part]
    if own is not None or (context.actor is not None and context.part != Part.TIME):
        return Kind.TASK
    return _KINDS[context.part]


def _row(kind: Kind, node: Node, paragraph: Paragraph, context: Context, reading: _Reading) -> Row:
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


def plain_row(kind: Kind, paragraph: Paragraph) -> Row:
    return Row(kind, squeezed(paragraph.text), paragraph.start, paragraph.end)


def _table_row(node: Node, paragraph: Paragraph, context: Context, reading: _Reading) -> None:
    table = Table()
    reading.tables.take(paragraph, table)
    for row in table.rows:
        reading.rows.append(task_of_table(row, node, context, reading.prefix))
    for one in (*table.headers, *table.headings):
        reading.rows.append(replace(plain_row(Kind.HEADING, one), path=context.path))
    for one in table.rest:
        kind = Kind.MONEY if context.part == Part.MONEY else Kind.UNKNOWN
        reading.rows.append(replace(plain_row(kind, one), path=context.path))
