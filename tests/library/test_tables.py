"""Tables that people bring, good and bad."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.library.tables import MOST_ROWS, Flaw, TableRefused, Trouble, read_table


def workbook(rows: list[list[object]], **merged: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for ref in merged.values():
        sheet.merge_cells(ref)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def refusal(content: bytes) -> Trouble:
    with pytest.raises(TableRefused) as caught:
        read_table(content)
    return caught.value.trouble


def test_a_workbook_is_read_as_it_looks() -> None:
    from datetime import date

    rows = read_table(
        workbook([["Mã", "Tên", "Từ"], [20641, "Quế Sơn", date(2025, 7, 1)], [None, None, None]])
    )
    assert [(row.line, row.cells) for row in rows] == [
        (1, ["Mã", "Tên", "Từ"]),
        (2, ["20641", "Quế Sơn", "01/07/2025"]),
    ]


def test_a_formula_is_not_trusted_and_merged_cells_are_seen() -> None:
    content = workbook(
        [["Mã", "Tên"], ["1", "=A1"], ["2", "Hai"], ["3", "Ba"], ["4", "Bốn"]], where="A3:A4"
    )
    flaws = {row.line: row.flaws for row in read_table(content)}
    assert flaws == {1: set(), 2: {Flaw.FORMULA}, 3: {Flaw.MERGED}, 4: {Flaw.MERGED}, 5: set()}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_text_in_the_encodings_of_offices(separator: str, encoding: str) -> None:
    text = f"Mã{separator}Tên\n20641{separator}Đông Phú\n"
    if encoding == "cp1258":
        text = text.replace("ã", "a\u0303").replace("ú", "u\u0301")
    assert read_table(text.encode(encoding))[1].cells == ["20641", "Đông Phú"]


def test_old_excel_macros_and_rubbish_are_refused() -> None:
    assert refusal(b"") is Trouble.EMPTY
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) is Trouble.OLD
    kept = io.BytesIO(workbook([["Mã"]]))
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert refusal(kept.getvalue()) is Trouble.MACROS
    assert refusal(b"PK\x03\x04rubbish") is Trouble.DAMAGED
    assert refusal(bytes(range(256))) is Trouble.NOT_TEXT


def test_too_many_rows_and_columns_are_refused_and_not_read_to_the_end() -> None:
    assert refusal(b"a\n" * (MOST_ROWS + 2)) is Trouble.TOO_MANY_ROWS
    assert refusal(workbook([[1]] * (MOST_ROWS + 2))) is Trouble.TOO_MANY_ROWS
    assert refusal(b",".join([b"a"] * 61)) is Trouble.TOO_WIDE


def forged(sheet: str) -> bytes:
    whole = io.BytesIO(workbook([["Mã"]]))
    kept = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.startswith("xl/worksheets") else old.read(name))
    return kept.getvalue()


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.mark.parametrize(
    "sheet",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>',
        f'<worksheet {_MAIN}><row r="none"><c><v>1</v></c></row></worksheet>',
        f'<worksheet {_MAIN}><sheetData><row><c s="x"><v>1</v></c></row></sheetData></worksheet>',
        f"<worksheet {_MAIN}><sheetData><row><c><v>1</v></c>",
        "",
    ],
)
def test_forged_sheets_are_refused(sheet: str) -> None:
    assert refusal(forged(sheet)) in {Trouble.DAMAGED, Trouble.EMPTY}


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_refusal(content: bytes) -> None:
    for beginning in (b"", b"PK\x03\x04"):
        try:
            rows = read_table(beginning + content)
        except TableRefused:
            continue
        assert all(row.cells for row in rows)
