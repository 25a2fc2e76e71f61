"""Tables to take away: CSV and XLSX that no spreadsheet program misreads or runs.

A cell of text is never a formula, a date is a date, a number a number. Rows stream through: a
table of a million lines needs no more memory than one of ten.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from vang.base.display import vi_number
from vang.base.text import slug

Cell = str | int | float | Decimal | date | datetime | time | timedelta | None
Row = Sequence[Cell]

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""Of one XLSX sheet; a CSV file has no such bound."""
MOST_CHARS = 32_767
"""Of one XLSX cell."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_SECONDS_A_DAY = 86_400


class Kind(Enum):
    """What a column holds: the format a spreadsheet shows it in, and its width in characters."""

    TEXT = ("@", 28)
    WHOLE = ("#,##0", 11)
    NUMBER = ("#,##0.0##", 11)
    DATE = (r"dd\/mm\/yyyy", 12)
    INSTANT = (r"hh:mm:ss dd\/mm\/yyyy", 20)
    CLOCK = ("hh:mm:ss", 10)
    LENGTH = ("[h]:mm:ss", 10)

    @property
    def format(self) -> str:
        return self.value[0]

    @property
    def width(self) -> int:
        return self.value[1]


@dataclass(frozen=True)
class Column:
    """``width`` in characters, 0 for the usual one of its kind."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 0


@dataclass(frozen=True)
class Sheet:
    """One table. ``above`` are lines over it, ``below`` lines under it (words, dates, names)."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    above: Sequence[str] = ()
    below: Sequence[Row] = ()


class TooManyRows(ValueError):
    """More rows than one XLSX sheet can hold."""


def csv_lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a CSV file: semicolons and a byte order mark, as a Vietnamese spreadsheet
    expects them."""
    yield "\ufeff" + _csv_line([column.title for column in columns])
    for row in rows:
        cells = zip(columns, row, strict=True)
        yield _csv_line([_as_text(column.kind, cell) for column, cell in cells])


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    writer = csv.writer(line, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(cells)
    return line.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it reads it from a CSV file."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _as_text(kind: Kind, cell: Cell) -> str:
    match cell:
        case None | "":
            return ""
        case str():
            return harmless(cell)
        case datetime():
            return _local(cell).strftime(_CLOCKS[kind])
        case date() | time():
            return cell.strftime("%d/%m/%Y" if isinstance(cell, date) else "%H:%M:%S")
        case timedelta():
            return _length_words(cell)
    return vi_number(cell)


_CLOCKS = dict.fromkeys(Kind, "%H:%M:%S %d/%m/%Y") | {
    Kind.DATE: "%d/%m/%Y",
    Kind.CLOCK: "%H:%M:%S",
}


def _length_words(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _local(instant: datetime) -> datetime:
    """On the wall clock of the page: a spreadsheet knows no zones."""
    if timezone.is_aware(instant):
        return timezone.localtime(instant).replace(tzinfo=None)
    return instant


def xlsx_file(sheets: Iterable[Sheet]) -> IO[bytes]:
    """An open temporary file with one worksheet a table. Raises TooManyRows."""
    return _file(partial(_write, sheets))


def _file(write: Callable[[IO[bytes]], None]) -> IO[bytes]:
    """What ``write`` wrote, from its beginning; nothing stays open when it fails."""
    with ExitStack() as until_written:
        made = until_written.enter_context(tempfile.TemporaryFile())
        write(made)
        made.seek(0)
        until_written.pop_all()
    return made


def _write(sheets: Iterable[Sheet], made: IO[bytes]) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(made, options) as book:
        styles = _styles(book)
        names: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name, names))
            _fill(page, sheet, styles)


Styles = Mapping[str, Any]


def _styles(book: Workbook) -> Styles:
    body = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    lined = {**body, "border": 1, "border_color": "#9AA1A8"}
    cells = {
        kind.name: book.add_format(
            {**lined, "num_format": kind.format, "text_wrap": kind is Kind.TEXT}
        )
        for kind in Kind
    }
    head = {**lined, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"}
    return cells | {
        "above": book.add_format({**body, "bold": True}),
        "head": book.add_format({**head, "bg_color": "#E8ECEF"}),
        "below": book.add_format(body),
    }


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """At most 31 characters without those that a spreadsheet refuses, and not used before."""
    plain = "".join(" " if c in "[]:*?/\\" else c for c in wanted).strip().strip("'")[:28] or "1"
    name = plain
    while name.casefold() in taken:
        name = f"{plain} {len(taken) + 1}"
    taken.add(name.casefold())
    return name


def _fill(page: Worksheet, sheet: Sheet, styles: Styles) -> None:
    """Row after row from the top: constant memory allows no other order."""
    _set_up(page, sheet)
    at = 0
    for line in sheet.above:
        page.write_string(at, 0, line[:MOST_CHARS], styles["above"])
        at += 1
    for place, column in enumerate(sheet.columns):
        page.write_string(at, place, column.title, styles["head"])
    for row in sheet.rows:
        at += 1
        if at >= MOST_ROWS:
            raise TooManyRows(sheet.name)
        for place, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            _put(page, at, place, cell, styles[column.kind.name])
    for row in sheet.below:
        at += 1
        for place, cell in enumerate(row):
            _put(page, at, place, cell, styles["below"])


def _set_up(page: Worksheet, sheet: Sheet) -> None:
    """Widths, a head that stays in sight and is printed on each page, one page wide on A4."""
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width or column.kind.width)
    head = len(sheet.above)
    page.freeze_panes(head + 1, 0)
    page.repeat_rows(head)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
    page.set_footer("&C&P/&N")


def _put(page: Worksheet, row: int, column: int, cell: Cell, style: Any) -> None:
    match cell:
        case None | "":
            page.write_blank(row, column, None, style)
        case str():
            page.write_string(row, column, _cut(cell), style)
        case datetime():
            page.write_datetime(row, column, _local(cell), style)
        case date() | time():
            page.write_datetime(row, column, cell, style)
        case timedelta():
            page.write_number(row, column, cell.total_seconds() / _SECONDS_A_DAY, style)
        case _:
            page.write_number(row, column, cell, style)


def _cut(text: str) -> str:
    """A cell holds no more; the reader sees that something is missing."""
    return text if len(text) <= MOST_CHARS else text[: MOST_CHARS - 1] + "…"


def csv_file(columns: Sequence[Column], rows: Iterable[Row]) -> IO[bytes]:
    """An open temporary file with the lines of ``csv_lines``."""
    return _file(lambda made: made.writelines(line.encode() for line in csv_lines(columns, rows)))


def csv_download(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> FileResponse:
    """``name`` in words; the file gets it in ASCII with ``.csv``."""
    return _download(csv_file(columns, rows), f"{slug(name)}.csv", "text/csv; charset=utf-8")


def xlsx_download(name: str, sheets: Iterable[Sheet]) -> FileResponse:
    """``name`` in words; the file gets it in ASCII with ``.xlsx``. Raises TooManyRows."""
    return _download(xlsx_file(sheets), f"{slug(name)}.xlsx", XLSX_TYPE)


def _download(made: IO[bytes], name: str, kind: str) -> FileResponse:
    return FileResponse(made, as_attachment=True, filename=name, content_type=kind)
