# ruff: noqa: E501 - patterns
"""Lines of an official plan → a draft of it. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from vang.library.formats.lines import Line
from vang.library.official.fields import Name, Official
from vang.library.official.folding import flat, is_capitals, squeezed
from vang.library.official.kinds import kind_alone
from vang.library.official.numbers import references
from vang.library.official.recognition import recognise
from vang.plans.recognition.body import rows_of_body
from vang.plans.recognition.marks import POINTS, Family
from vang.plans.recognition.parts import part_of
from vang.plans.recognition.periods import period_of
from vang.plans.recognition.reporting import reporting_of
from vang.plans.recognition.rows import Actor, Kind, PlanDraft, Row
from vang.plans.recognition.text import Paragraph, Source, source_of

PLAN_KINDS = frozenset({"Kế hoạch", "Chương trình", "Phương án", "Đề án"})
_FOOT = frozenset({Name.RECIPIENT, Name.AUTHORITY, Name.SIGNER, Name.SIGNER_POST})
_ATTACHED = re.compile(r"\W*(?:kem theo|ban hanh kem theo|dinh kem)\b")
_RECIPIENTS = re.compile(r"\W*noi\s*(?:nhan|gui)\b")
_LONGEST_FOOT = 160
_OPENING = re.compile(
    r"\W*(?:can cu|thuc hien|trien khai|thi hanh|xet|theo|de |nham|tiep tuc|tren co so|cu the hoa|nhan)"
)
_LONGEST_SYMBOL = 240
_MOST_MENTIONED = 60


def draft_of(lines: Sequence[Line]) -> PlanDraft:
    """Everything that can be told of the plan; nothing is invented."""
    official = recognise(lines)
    bounds = _Bounds(official, lines)
    source = source_of(lines, bounds.kept)
    rows = list(_rows(source, bounds, official))
    text = source.text
    reporting = [r for row in rows if (r := reporting_of(row, text[row.start : row.end]))]
    issued_on = _day(official.value(Name.ISSUED_ON))
    title = _title(official, rows)
    opening = " ".join(row.text for row in rows if row.kind == Kind.BASIS)
    return PlanDraft(
        text,
        official.fields,
        title,
        official.value(Name.ISSUER),
        official.value(Name.NUMBER),
        issued_on,
        official.value(Name.PLACE),
        period_of(title, opening, issued_on),
        tuple(dict.fromkeys(_whole(field.value, rows) for field in official.all(Name.BASIS))),
        _mentioned(text, rows),
        tuple(field.value for field in official.all(Name.RECIPIENT)),
        official.value(Name.SIGNER),
        official.value(Name.SIGNER_POST),
        official.value(Name.AUTHORITY),
        tuple(rows),
        tuple(reporting),
        tuple(_actors(rows)),
        _kind(official, rows),
    )


def is_plan(draft: PlanDraft) -> bool:
    """Said by the document, or told by its parts where the head is missing."""
    if draft.kind:
        return draft.kind in PLAN_KINDS
    parts = {part_of(row.text) for row in draft.of(Kind.HEADING)} - {None}
    return len(parts) >= 2 and bool(draft.of(Kind.TASK))


class _Bounds:
    """Which lines are head, body, foot and annexes."""

    def __init__(self, official: Official, lines: Sequence[Line]) -> None:
        self.first = official.first
        annexes = [f.line for f in official.all(Name.APPENDIX) if f.line > official.first]
        self.annexes = sorted(annexes)
        told = [f for f in official.fields if f.name in _FOOT and f.line > official.last]
        self.has_foot = bool(told)
        self.last = official.last if self.has_foot else len(lines)
        self.foot_end = min(annexes, default=len(lines)) if self.has_foot else len(lines)
        if not self.has_foot and annexes:
            self.last = min(annexes) - 1
            self.foot_end = min(annexes)
        head = set(range(self.first))
        foot = set(range(self.last + 1, self.foot_end))
        self.kept = frozenset(head | foot)


def _rows(source: Source, bounds: _Bounds, official: Official) -> Iterator[Row]:
    head = [p for p in source.paragraphs if p.first < bounds.first]
    body = [p for p in source.paragraphs if bounds.first <= p.first <= bounds.last]
    foot = [p for p in source.paragraphs if bounds.last < p.first < bounds.foot_end]
    yield from _head_rows(head, official)
    yield from _body_rows(body, "")
    yield from _foot_rows(foot, official)
    starts = [*bounds.annexes, len(source.text)]
    for n, (first, last) in enumerate(pairwise(starts), start=1):
        annex = [
            p for p in source.paragraphs if first <= p.first < last and p.first >= bounds.foot_end
        ]
        yield from _annex_rows(annex, "PL" if len(bounds.annexes) == 1 else f"PL{n}")


# the head


def _head_rows(paragraphs: Sequence[Paragraph], official: Official) -> Iterator[Row]:
    titled = official.one(Name.ABSTRACT)
    kind = official.one(Name.KIND)
    for paragraph in paragraphs:
        told = Kind.HEAD
        if paragraph.is_layout:
            told = Kind.LAYOUT
        elif (titled and titled.line <= paragraph.first <= titled.end) or (
            kind and paragraph.first == kind.line
        ):
            told = Kind.TITLE
        yield _plain(told, paragraph)


def _plain(kind: Kind, paragraph: Paragraph) -> Row:
    return Row(kind, squeezed(paragraph.text), paragraph.start, paragraph.end)


# the body


def _body_rows(paragraphs: Sequence[Paragraph], prefix: str) -> Iterator[Row]:
    opening = _opening(paragraphs)
    for paragraph in paragraphs[:opening]:
        yield _plain(Kind.LAYOUT if paragraph.is_layout else Kind.BASIS, paragraph)
    yield from rows_of_body(paragraphs[opening:], prefix)


def _opening(paragraphs: Sequence[Paragraph]) -> int:
    """How many paragraphs stand before the first numbered or shouted one."""
    for n, paragraph in enumerate(paragraphs):
        mark = paragraph.mark
        if paragraph.cells:
            return n
        if mark is not None and not (mark.family in POINTS and _opens(paragraph)):
            return n
        heading = len(paragraph.text) < 120 and part_of(paragraph.words, alone=True)
        if heading or (is_capitals(paragraph.text) and part_of(paragraph.words)):
            return n
    return 0 if not any(_opens(p) for p in paragraphs) else len(paragraphs)


def _opens(paragraph: Paragraph) -> bool:
    return _OPENING.match(flat(paragraph.words)) is not None


# foot and annexes


def _foot_rows(paragraphs: Sequence[Paragraph], official: Official) -> Iterator[Row]:
    recipients = {n for f in official.all(Name.RECIPIENT) for n in range(f.line, f.end + 1)}
    for paragraph in paragraphs:
        told = Kind.SIGNATURE
        if paragraph.is_layout:
            told = Kind.LAYOUT
        elif paragraph.first in recipients or _RECIPIENTS.match(flat(paragraph.text)):
            told = Kind.RECIPIENT
        elif len(paragraph.text) > _LONGEST_FOOT:
            told = Kind.UNKNOWN
        yield _plain(told, paragraph)


def _annex_rows(paragraphs: Sequence[Paragraph], prefix: str) -> Iterator[Row]:
    """The title of an annex reaches to its first number, row or named part."""
    begin = 0
    for begin, paragraph in enumerate(paragraphs):
        shouted = is_capitals(paragraph.text) or kind_alone(paragraph.text) is not None
        named = shouted and begin > 0 and part_of(paragraph.words, alone=True)
        numbered = paragraph.mark is not None and paragraph.mark.family != Family.STAR
        if paragraph.cells or numbered or named or begin > 6:
            break
        attached = _ATTACHED.match(flat(paragraph.text)) is not None
        if (
            begin
            and not (shouted or attached or paragraph.centred or paragraph.bold)
            and (len(paragraph.text) > 150 or _opens(paragraph))
        ):
            break
    else:
        begin = len(paragraphs)
    title = squeezed(
        " ".join(p.text for p in paragraphs[:begin] if not _ATTACHED.match(flat(p.text)))
    )
    for paragraph in paragraphs[:begin]:
        yield _plain(Kind.LAYOUT if paragraph.is_layout else Kind.HEADING, paragraph)
    rest = paragraphs[begin:]
    opening = _opening(rest)
    if opening < len(rest):
        for paragraph in rest[:opening]:
            yield _plain(Kind.LAYOUT if paragraph.is_layout else Kind.BASIS, paragraph)
        rest = rest[opening:]
    yield from rows_of_body(rest, prefix, title)


# what is told of the whole


def _title(official: Official, rows: Sequence[Row]) -> str:
    """What the plan is about; of a decision that issues a plan, what stands over the plan."""
    told = official.value(Name.ABSTRACT)
    if official.value(Name.KIND) in PLAN_KINDS or not told:
        return told
    below = [row for row in rows if row.kind == Kind.HEADING]
    for n, row in enumerate(below):
        if kind_alone(row.text) in PLAN_KINDS:
            more = [
                r.text
                for r in below[n + 1 : n + 4]
                if not _ATTACHED.match(flat(r.text)) and not r.code
            ]
            return squeezed(" ".join(more)) or told
    return told


def _kind(official: Official, rows: Sequence[Row]) -> str:
    told = official.value(Name.KIND)
    if told in PLAN_KINDS:
        return told
    for row in rows:
        name = kind_alone(row.text) if row.kind == Kind.HEADING else None
        if name in PLAN_KINDS:
            return name
    return told


def _whole(basis: str, rows: Sequence[Row]) -> str:
    """A basis whose line was broken, to its semicolon."""
    for row in rows:
        if row.kind == Kind.BASIS and row.text.startswith(basis):
            return (
                row.text[: row.text.find(";", len(basis))]
                if ";" in row.text[len(basis) :]
                else row.text.rstrip(" ;.,")
            )
    return basis


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _mentioned(text: str, rows: Sequence[Row]) -> tuple[str, ...]:
    """Documents that the plan names anywhere, by kind and number."""
    found: dict[str, None] = {}
    for row in rows:
        if row.kind in {Kind.HEAD, Kind.RECIPIENT, Kind.SIGNATURE}:
            continue
        passage = text[row.start : row.end].replace("\n", " ")
        for start, end in references(passage):
            found.setdefault(squeezed(passage[start:end])[:_LONGEST_SYMBOL])
    return tuple(found)[:_MOST_MENTIONED]


def _actors(rows: Sequence[Row]) -> Iterator[Actor]:
    """Each group of organisations that leads tasks together, with the codes of those."""
    told: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row.kind == Kind.TASK and row.leads:
            told.setdefault(row.leads, []).append(row)
    for leads, theirs in told.items():
        section = theirs[0].path[0] if theirs[0].path else ""
        yield Actor(", ".join(leads), leads, section, tuple(row.code for row in theirs))
