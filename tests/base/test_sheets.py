"""Tables to take away: typed, and no cell ever a formula."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from vang.base.sheets import (
    MOST_CHARS,
    Column,
    Kind,
    Row,
    Sheet,
    TooManyRows,
    csv_download,
    csv_lines,
    harmless,
    xlsx_download,
    xlsx_file,
)

COLUMNS = [
    Column("Tên"),
    Column("Số", Kind.WHOLE),
    Column("Mức", Kind.NUMBER),
    Column("Ngày", Kind.DATE),
    Column("Lúc", Kind.INSTANT),
    Column("Dài", Kind.LENGTH),
]
NIGHT = datetime(2026, 6, 9, 18, 30, tzinfo=UTC)  # 01:30 on the 10th in Vietnam
ROW: Row = ("Quế Sơn", 1_250_000, -3.5, date(2026, 6, 10), NIGHT, timedelta(hours=25, seconds=5))

DANGEROUS = ["=1+1", "+84 905", "@x", "-2+3", "\tx", "\rx", "\n=1", "|calc", "%0A", "＝1+1", "-5"]


def opened(*sheets: Sheet) -> Workbook:
    """The workbook as a spreadsheet program reads it."""
    with xlsx_file(sheets) as file:
        return load_workbook(file)


def read_csv(*rows: Row) -> list[list[str]]:
    text = "".join(csv_lines(COLUMNS, rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_csv_writes_numbers_and_days_as_vietnamese_offices_do() -> None:
    head, row = read_csv(ROW)
    assert head == ["Tên", "Số", "Mức", "Ngày", "Lúc", "Dài"]
    expected = ["Quế Sơn", "1.250.000", "-3,5", "10/06/2026", "01:30:00 10/06/2026", "25:00:05"]
    assert row == expected
    assert read_csv((None,) * 6)[1] == [""] * 6


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_is_never_a_formula(text: str) -> None:
    assert read_csv((text, *ROW[1:]))[1][0] == f"'{text}"
    sheet = Sheet("Bảng", [Column("=SUM(A1)")], [(text,)], above=[text], below=[(text,)])
    page = opened(sheet).active
    cells = [cell for (cell,) in page.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert harmless("Thông báo - 5") == "Thông báo - 5"


@given(st.text(max_size=60))
def test_no_text_at_all_begins_as_a_formula(text: str) -> None:
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmless(text).removeprefix("'") == text.removeprefix("'")


def test_a_spreadsheet_program_gets_dates_and_numbers() -> None:
    page = opened(Sheet("Tháng 6/2026", COLUMNS, [ROW, (None,) * 6])).active
    assert page.title == "Tháng 6 2026"
    _head, row, empty = page.iter_rows(values_only=True)
    assert row == (
        "Quế Sơn",
        1_250_000,
        -3.5,
        datetime(2026, 6, 10),
        datetime(2026, 6, 10, 1, 30),
        timedelta(hours=25, seconds=5),
    )
    assert empty == (None,) * 6
    assert page["D2"].number_format == r"dd\/mm\/yyyy"
    assert page["B2"].number_format == "#,##0"


def test_lines_stand_above_and_below_the_table() -> None:
    sheet = Sheet("x", [Column("Giờ", Kind.CLOCK)], [(time(5),)], above=["SỔ"], below=[("Hết",)])
    page = opened(sheet, sheet).worksheets[1]
    assert list(page.values) == [("SỔ",), ("Giờ",), (time(5),), ("Hết",)]
    assert page.freeze_panes == "A3"
    assert page.title == "x 2"


def test_a_very_long_text_is_cut_openly() -> None:
    page = opened(Sheet("x", [Column("a")], [("ă" * 40_000,)])).active
    assert page["A2"].value == "ă" * (MOST_CHARS - 1) + "…"


def test_too_many_rows_are_refused_and_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vang.base.sheets.MOST_ROWS", 3)
    assert opened(Sheet("x", [Column("a")], [("1",)] * 2)).active.max_row == 3
    with pytest.raises(TooManyRows):
        xlsx_file([Sheet("x", [Column("a")], [("1",)] * 3)])


def test_a_row_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        list(csv_lines(COLUMNS, [("x",)]))
    with pytest.raises(ValueError, match="argument 2"):
        xlsx_file([Sheet("x", COLUMNS, [("x",)])])


def test_a_long_table_needs_no_more_memory() -> None:
    def peak(count: int) -> int:
        rows: Iterator[Row] = ((f"Dòng {n} " * 20, n) for n in range(count))
        tracemalloc.start()
        xlsx_file([Sheet("x", [Column("a"), Column("b", Kind.WHOLE)], rows)]).close()
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    assert peak(6_000) < 2 * peak(600)


def test_a_download_is_named_in_ascii() -> None:
    table = csv_download("Nhật ký Quế Sơn", [Column("a")], [("đ",)])
    with closing(table.file_to_stream):
        assert table.getvalue() == '\ufeff"a"\r\n"đ"\r\n'.encode()
    assert table["Content-Disposition"] == 'attachment; filename="nhat-ky-que-son.csv"'
    book = xlsx_download("Sổ", [Sheet("x", [Column("a")], [("đ",)])])
    assert book["Content-Disposition"] == 'attachment; filename="so.xlsx"'
    with closing(book.file_to_stream):
        assert book.getvalue()[:2] == b"PK"
