"""Made-up plans of many offices and styles with the answers that a reader would give, as files in
the ways in which people keep them, and how well the recogniser does on them.

A line of ``made/*.txt`` ends in "@@ KIND | leads | cooperating | deadlines". Deadlines: 15/6/2026,
``*`` every year, Q quarter, T month, Y year, ``~`` comes again, d days from an event.
"""

import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tests.library.formats.making import odt, saved
from vang.library.official.folding import flat
from vang.plans.recognition.deadlines import Deadline, Point
from vang.plans.recognition.rows import Kind, PlanDraft, Row

FOLDER = Path(__file__).parent / "made"
ASIDE = Path(__file__).parent / "aside"
"""Plans that nobody may look at while the recogniser is changed."""
KINDS = {
    "H": Kind.HEADING, "B": Kind.BASIS, "O": Kind.OBJECTIVE, "C": Kind.CONTENT, "T": Kind.TASK,
    "S": Kind.SOLUTION, "M": Kind.MONEY, "R": Kind.REPORTING, "X": Kind.CLOSING, "N": Kind.TIME,
    "SI": Kind.SITUATION, "SC": Kind.SCOPE,
}  # fmt: skip
_ANSWER = re.compile(r"\s*@@\s*(.*)$")


@dataclass(frozen=True)
class Answer:
    """What a reader says of one paragraph."""

    key: str
    cells: str
    kind: Kind
    leads: frozenset[str]
    cooperating: frozenset[str]
    due: frozenset[str]


@dataclass(frozen=True)
class Made:
    """One plan: its lines as typed, and the answers."""

    name: str
    lines: tuple[str, ...]
    answers: tuple[Answer, ...]

    @property
    def forms(self) -> list[str]:
        """A table set by spaces, or copied cell by cell, is no table in a Word file or portal."""
        spaced = any(len(re.split(r"\s{3,}", line.strip())) > 2 for line in self.lines)
        copied = any(line.strip() == "STT" for line in self.lines)
        return [form for form in FORMS if not (spaced or copied) or form in _AS_TYPED]


def made_plans(folder: Path = FOLDER) -> list[Made]:
    return [_read(path) for path in sorted(folder.glob("*.txt"))]


def _read(path: Path) -> Made:
    lines, answers = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _ANSWER.search(line)
        bare = line[: found.start()] if found else line
        lines.append(bare)
        if found:
            answers.append(_answer(bare, found[1]))
    return Made(path.stem, tuple(lines), tuple(answers))


def _answer(line: str, told: str) -> Answer:
    kind, *rest = [part.strip() for part in told.split("|")]
    leads, cooperating, due = [*rest, "", "", ""][:3]
    return Answer(
        letters(line)[:50],
        letters("".join(re.split(r"\s*\|\s*|\s{2,}", line.strip("| "))[:2]))[:50],
        KINDS[kind],
        _names(leads),
        _names(cooperating),
        frozenset(due.split()),
    )


def _names(told: str) -> frozenset[str]:
    return frozenset(letters(name) for name in told.split(";") if name.strip())


def letters(text: str) -> str:
    """Letters and figures only, without marks."""
    return re.sub(r"[\W_]+", "", flat(unicodedata.normalize("NFC", text)))


# as files


def typed(made: Made) -> bytes:
    """As it stands."""
    return "\n".join(line.replace("**", "") for line in made.lines).encode()


def decomposed(made: Made) -> bytes:
    return unicodedata.normalize("NFD", typed(made).decode()).encode()


def wrapped(made: Made) -> bytes:
    """Every line broken at 76 letters, as mail does."""
    told: list[str] = []
    for line in typed(made).decode().splitlines():
        short = len(line) <= 76 or "   " in line.strip() or line.startswith("|")
        told += [line] if short else textwrap.wrap(line, 76)
    return "\n".join(told).encode()


def blank_lines(made: Made) -> bytes:
    return typed(made).decode().replace("\n", "\r\n\r\n").encode()


def portal(made: Made) -> bytes:
    """As portals of law print it: bars for cells, lines of 40 to 64 letters, no blank lines."""
    told: list[str] = []
    width = 40
    for line in typed(made).decode().splitlines():
        sides = re.split(r"\s{4,}", line.strip())
        if len(sides) == 2:
            told += [sides[0], "|", sides[1], "|"]
        elif line.startswith("|"):
            told.append(line)
        else:
            width = 40 + (width + 7) % 25
            told += textwrap.wrap(line.strip(), width)
    return "\n".join(told).encode()


def word_file(made: Made) -> bytes:
    """Headings bold, head and foot in tables without rules, rows in tables with rules."""
    document = Document()
    rows: list[list[str]] = []
    columns: list[tuple[str, str]] = []
    for line in [*_joined(made), ""]:
        cells = (
            [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        )
        sides = re.split(r"\s{4,}", line.strip()) if not cells else []
        if rows and not cells:
            _table(document, rows)
            rows = []
        if columns and len(sides) != 2:
            _columns(document, columns)
            columns = []
        if cells:
            rows.append(cells)
        elif len(sides) == 2:
            columns.append((sides[0], sides[1]))
        elif line.strip():
            paragraph = document.add_paragraph()
            text = line.strip()
            paragraph.add_run(text.strip("*") if text.startswith("**") else text).bold = (
                text.startswith("**") or text.isupper()
            )
            if text in {"KẾ HOẠCH", "QUYẾT ĐỊNH"}:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return saved(document)


def _joined(made: Made) -> list[str]:
    """Lines that were broken by hand are whole in a Word file."""
    if made.name != "dong-gay":
        return list(made.lines)
    told: list[str] = []
    for line in made.lines:
        if (told and line[:1].islower()) or line[:3].isdigit() or line.startswith("15/02"):
            told[-1] = f"{told[-1]} {line}"
        else:
            told.append(line)
    return told


def _table(document: "Document", rows: list[list[str]]) -> None:  # type: ignore[valid-type]
    table = document.add_table(rows=0, cols=max(map(len, rows)), style="Table Grid")  # type: ignore[attr-defined]
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = text


def _columns(document: "Document", columns: list[tuple[str, str]]) -> None:  # type: ignore[valid-type]
    cells = document.add_table(rows=1, cols=2).rows[0].cells  # type: ignore[attr-defined]
    for n, cell in enumerate(cells):
        cell.paragraphs[0].text = columns[0][n]
        for column in columns[1:]:
            cell.add_paragraph(column[n])


def open_document(made: Made) -> bytes:
    body = ""
    for line in _joined(made):
        text = line.replace("**", "").replace("&", "&amp;").replace("<", "&lt;")
        if line.startswith("|"):
            cells = "".join(
                f"<table:table-cell><text:p>{cell.strip()}</text:p></table:table-cell>"
                for cell in text.strip("|").split("|")
            )
            body += f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
        else:
            body += f"<text:p>{text}</text:p>"
    return odt(re.sub(r"</table:table><table:table>", "", body))


def laid_out(made: Made) -> bytes:
    """As programs copy it from a page: the cells of a table broken over lines in columns."""
    told: list[str] = []
    for line in typed(made).decode().splitlines():
        told += _in_columns(line) if line.startswith("|") else [line]
    return "\n".join(told).encode()


def _in_columns(row: str) -> list[str]:
    cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
    widths = [5, 30, *[18] * (len(cells) - 2)]
    broken = [textwrap.wrap(c, w) or [""] for c, w in zip(cells, widths, strict=True)]
    lines = zip_longest(*broken, fillvalue="")
    return [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


FORMS = {
    form.__name__: form
    for form in (
        typed, decomposed, wrapped, blank_lines, portal, laid_out, word_file, open_document,
    )
}  # fmt: skip
_AS_TYPED = ("typed", "decomposed", "wrapped", "blank_lines")


# how well


@dataclass
class Score:
    """Right, wrong and missed of one thing."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, wanted: frozenset[str], told: frozenset[str]) -> None:
        self.right += len(wanted & told)
        self.wrong += len(told - wanted)
        self.missed += len(wanted - told)

    def join(self, other: "Score") -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def scores(made: Made, draft: PlanDraft) -> Iterator[tuple[str, Score, list[str]]]:
    """Of rows, tasks with their leads, leads, cooperating organisations and deadlines; with what
    is not right."""
    by_key = _keyed(draft)
    told = {name: Score() for name in ("rows", "tasks", "leads", "cooperating", "deadlines")}
    faults: dict[str, list[str]] = {name: [] for name in told}
    seen, met = Counter[str](), set[int]()
    for answer in made.answers:
        rows = by_key.get(answer.key) or by_key.get(answer.cells) or _longer(by_key, answer.key)
        found = rows[min(seen[answer.key], len(rows) - 1)] if rows else None
        seen[answer.key] += 1
        met.add(id(found))
        for name, wanted, got in _compared(answer, found):
            told[name].add(wanted, got)
            if wanted != got:
                faults[name].append(f"{answer.key[:40]}: {sorted(wanted)} != {sorted(got)}")
    for stray in draft.rows:
        if stray.kind == Kind.TASK and id(stray) not in met:
            told["tasks"].wrong += 1
            faults["tasks"].append(f"unexpected {stray.text[:60]}")
    for name, score in told.items():
        yield name, score, faults[name]


def _keyed(draft: PlanDraft) -> dict[str, list[Row]]:
    """The rows by the first letters of their passage, and by number and task: those of a row of a
    table may stand between those of other cells."""
    by_key: dict[str, list[Row]] = {}
    for row in draft.rows:
        passage = letters(draft.text[row.start : row.end])
        numbered = letters(row.code.rpartition(".")[2] + row.text)
        for key in {passage[:50], numbered[:50], letters(row.text)[:50]}:
            by_key.setdefault(key, []).append(row)
    return by_key


def _compared(
    answer: Answer, row: Row | None
) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    leads, cooperating, due = _found(row)
    yield "rows", frozenset({answer.kind.value}), frozenset({row.kind.value} if row else ())
    yield "leads", answer.leads, leads
    yield "cooperating", answer.cooperating, cooperating
    yield "deadlines", answer.due, due
    wanted = frozenset({_task(answer.leads)} if answer.kind == Kind.TASK else ())
    yield "tasks", wanted, frozenset({_task(leads)} if row and row.kind == Kind.TASK else ())


def _longer(by_key: dict[str, list[Row]], key: str) -> list[Row]:
    """A heading that goes on in the next line."""
    return next((rows for other, rows in by_key.items() if other.startswith(key)), [])


def _task(leads: frozenset[str]) -> str:
    return "+".join(sorted(leads)) or "nobody"


def _found(row: Row | None) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    if row is None:
        return frozenset(), frozenset(), frozenset()
    return (
        frozenset(letters(name) for name in row.leads),
        frozenset(letters(name) for name in row.cooperating),
        frozenset(sign for deadline in row.deadlines for sign in signs(deadline)),
    )


_BARE = {"yearly": "~year", "monthly": "~month", "quarterly": "~quarter", "weekly": "~week",
         "half-yearly": "~half", "always": "~always"}  # fmt: skip


def signs(deadline: Deadline) -> Iterator[str]:
    """A deadline in the signs of the answers."""
    repeat, points = deadline.repeat.value, deadline.points
    if deadline.days:
        yield f"d{deadline.days}"
    elif not points or repeat == "half-yearly":
        yield _BARE[repeat]
    elif repeat in {"quarterly", "monthly"}:
        yield f"{'~q' if repeat == 'quarterly' else '~month'}{points[0].day}"
    else:
        yield from (_sign(point, deadline) for point in points)


def _sign(point: Point, deadline: Deadline) -> str:
    star = "*" if deadline.repeat.value == "yearly" else ""
    year = f"/{point.year}" if point.year else ""
    if point.day:
        return f"{star}{point.day}/{point.month}{year}"
    if "qu" in flat(deadline.text):
        return f"{star}Q{point.month // 3}{year}"
    if point.year and "thang" not in flat(deadline.text):
        return f"Y{point.year}"
    return f"{star}T{point.month}{year}"
