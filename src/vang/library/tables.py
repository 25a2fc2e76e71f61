"""Tables that people bring: CSV in any encoding, XLSX. Read without running anything in them.

A formula is not reckoned and its last result is not trusted: its row is wrong, and so is a row with
merged cells. A workbook with macros, an old .xls and a file with too many rows are refused whole.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from lxml import etree

from vang.library.encodings import NotText, decode_text
from vang.library.formats.archives import DAMAGES, Package
from vang.library.formats.failures import Code, Unreadable

MAX_TABLE = 8_000_000
"""Bytes of a file."""
MOST_ROWS = 20_000
MOST_COLUMNS = 60
_MOST_CHARS = 1_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_DATE_FORMATS = frozenset({14, 15, 16, 17, 22})
_EXCEL_BEGINS = date(1899, 12, 30)


class Trouble(StrEnum):
    """Why a table could not be read at all."""

    EMPTY = "table-empty"
    OLD = "table-old-excel"
    MACROS = "table-macros"
    DAMAGED = "table-damaged"
    NOT_TEXT = "table-not-text"
    TOO_MANY_ROWS = "table-too-many-rows"
    TOO_WIDE = "table-too-wide"


class TableRefused(Exception):
    """``str()`` is the trouble's code."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class Flaw(StrEnum):
    """What makes a single row unusable."""

    FORMULA = "formula"
    MERGED = "merged"
    ERROR = "error"
    LONG = "long"


@dataclass
class Row:
    """``line`` as the program shows it, from 1."""

    line: int
    cells: list[str]
    flaws: set[Flaw] = field(default_factory=set)


def read_table(content: bytes) -> list[Row]:
    """The rows that hold something, of a workbook those of its first sheet. Raises TableRefused."""
    if not content.strip():
        raise TableRefused(Trouble.EMPTY)
    if content.startswith(_OLD_EXCEL):
        raise TableRefused(Trouble.OLD)
    try:
        rows = list(_of_workbook(content) if content.startswith(_ZIP) else _of_text(content))
    except Unreadable as error:
        large = error.code is Code.TOO_MUCH
        raise TableRefused(Trouble.TOO_MANY_ROWS if large else Trouble.DAMAGED) from error
    except (ValueError, OverflowError) as error:  # a number that is none, in a forged file
        raise TableRefused(Trouble.DAMAGED) from error
    if not rows:
        raise TableRefused(Trouble.EMPTY)
    return rows


def _of_text(content: bytes) -> Iterator[Row]:
    try:
        text = decode_text(content).text
    except NotText as error:
        raise TableRefused(Trouble.NOT_TEXT) from error
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield from _counted(reader.line_num, [cell.strip() for cell in cells])
    except csv.Error as error:
        raise TableRefused(Trouble.DAMAGED) from error


def _counted(line: int, cells: list[str]) -> Iterator[Row]:
    if line > MOST_ROWS + 1:
        raise TableRefused(Trouble.TOO_MANY_ROWS)
    if len(cells) > MOST_COLUMNS:
        raise TableRefused(Trouble.TOO_WIDE)
    if any(cells):
        row = Row(line, [cell[:_MOST_CHARS] for cell in cells])
        if any(len(cell) > _MOST_CHARS for cell in cells):
            row.flaws.add(Flaw.LONG)
        yield row


def _of_workbook(content: bytes) -> Iterator[Row]:
    package = Package(content)
    if "xl/vbaProject.bin" in package:
        raise TableRefused(Trouble.MACROS)
    words, dates = _shared_words(package), _date_styles(package)
    sheet = package.read(_first_sheet(package))
    rows = list(_sheet_rows(sheet, words, dates))
    merged = _merged_lines(sheet)
    for row in rows:
        if row.line in merged:
            row.flaws.add(Flaw.MERGED)
    return iter(rows)


def _first_sheet(package: Package) -> str:
    book = package.xml("xl/workbook.xml")
    sheet = book.find(f"{_MAIN}sheets/{_MAIN}sheet")
    if sheet is None:
        raise TableRefused(Trouble.EMPTY)
    for relation in package.xml("xl/_rels/workbook.xml.rels"):
        if relation.get("Id") == sheet.get(_RELATION):
            target = str(relation.get("Target", ""))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise TableRefused(Trouble.DAMAGED)


def _shared_words(package: Package) -> list[str]:
    root = package.xml_if_there("xl/sharedStrings.xml")
    if root is None:
        return []
    return [
        "".join(part.text or "" for part in one.iter(f"{_MAIN}t"))
        for one in root.iter(f"{_MAIN}si")
    ]


def _date_styles(package: Package) -> set[int]:
    """Numbers of the styles that show a number as a day."""
    root = package.xml_if_there("xl/styles.xml")
    if root is None:
        return set()
    own = {
        int(one.get("numFmtId", 0))
        for one in root.iter(f"{_MAIN}numFmt")
        if re.search(r"[dy]", re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", one.get("formatCode", "")))
    }
    styles = root.findall(f"{_MAIN}cellXfs/{_MAIN}xf")
    return {
        number
        for number, one in enumerate(styles)
        if int(one.get("numFmtId", 0)) in _DATE_FORMATS | own
    }


def _sheet_rows(sheet: bytes, words: list[str], dates: set[int]) -> Iterator[Row]:
    """Row by row, each forgotten again: a file of a million rows is left at the first too many."""
    for found, element in enumerate(_elements(sheet, f"{_MAIN}row"), start=1):
        line = int(element.get("r") or found)
        if found > MOST_ROWS + 1 or line > MOST_ROWS + 1:
            raise TableRefused(Trouble.TOO_MANY_ROWS)
        cells: list[str] = []
        flaws: set[Flaw] = set()
        for cell in element.iter(f"{_MAIN}c"):
            place = _column(cell.get("r"), len(cells))
            cells += [""] * (place - len(cells))
            cells.append(_value(cell, words, dates, flaws))
        for row in _counted(line, cells):
            row.flaws |= flaws
            yield row
        element.clear()


def _elements(sheet: bytes, tag: str) -> Iterator[Any]:
    parsed = etree.iterparse(
        io.BytesIO(sheet), tag=tag, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for _event, element in parsed:
            if element.getroottree().docinfo.doctype:
                raise TableRefused(Trouble.DAMAGED)
            yield element
    except DAMAGES as error:
        raise TableRefused(Trouble.DAMAGED) from error


def _column(name: str | None, following: int) -> int:
    match = _CELL.fullmatch(name or "")
    if match is None:
        return following
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    if number > MOST_COLUMNS:
        raise TableRefused(Trouble.TOO_WIDE)
    return max(number - 1, following)


def _value(cell: Any, words: list[str], dates: set[int], flaws: set[Flaw]) -> str:
    if cell.find(f"{_MAIN}f") is not None:
        flaws.add(Flaw.FORMULA)
        return ""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_MAIN}t")).strip()
    text = (cell.findtext(f"{_MAIN}v") or "").strip()
    if kind == "e":
        flaws.add(Flaw.ERROR)
        return ""
    if kind == "s":
        return words[int(text)].strip() if text.isdigit() and int(text) < len(words) else ""
    if kind == "n" and text:
        return _number(text, day=int(cell.get("s", 0)) in dates)
    return text


def _number(text: str, *, day: bool) -> str:
    """As a person would type it: 20641, not 20641.0; a day as 01/07/2025."""
    try:
        number = float(text)
    except ValueError:
        return text
    if day and 1 <= number < 2_958_466:  # the last day that a workbook knows, 31/12/9999
        return f"{_EXCEL_BEGINS + timedelta(days=int(number)):%d/%m/%Y}"
    return f"{int(number)}" if number.is_integer() and abs(number) < 1e15 else text


def _merged_lines(sheet: bytes) -> set[int]:
    found: set[int] = set()
    for element in _elements(sheet, f"{_MAIN}mergeCell"):
        lines = [int(match[1]) for match in re.finditer(r"[A-Z]+(\d{1,7})", element.get("ref", ""))]
        if lines:
            found |= set(range(min(lines), min(max(lines), MOST_ROWS) + 1))
    return found
