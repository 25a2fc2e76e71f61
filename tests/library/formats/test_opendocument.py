"""What LibreOffice files hold is read as LibreOffice shows it."""

import pytest

from tests.library.formats.making import odt, read, told, zipped
from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import Kind, Side

LISTS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1"'
    ' style:num-format="I" style:num-suffix="."/><text:list-level-style-number text:level="2"'
    ' style:num-format="1" style:num-suffix="." text:display-levels="1"/></text:list-style>'
    '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/>'
    "</text:list-style>"
)


def item(text: str, inner: str = "") -> str:
    return f"<text:list-item><text:p>{text}</text:p>{inner}</text:list-item>"


def test_lists_carry_their_numbers() -> None:
    inner = f"<text:list>{item('một')}{item('hai')}</text:list>"
    body = f'<text:list text:style-name="L">{item("Mục đích", inner)}{item("Nội dung")}</text:list>'
    body += f'<text:list text:style-name="B">{item("gạch")}</text:list>'
    assert told(odt(body, LISTS)) == "I. Mục đích\n1. một\n2. hai\nII. Nội dung\n- gạch"


def test_a_list_goes_on_when_it_says_so() -> None:
    one = f'<text:list text:style-name="L">{item("a")}</text:list><text:p>giữa</text:p>'
    two = '<text:list text:style-name="L" text:continue-numbering="true">'
    assert told(odt(f"{one}{two}{item('b')}</text:list>", LISTS)) == "I. a\ngiữa\nII. b"


def test_spaces_tabs_and_breaks_are_kept_and_deleted_text_is_not() -> None:
    tracked = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>bỏ</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
    )
    body = '<text:p>Số<text:s text:c="3"/>12<text:tab/>ngày<text:line-break/>mới</text:p>'
    assert told(odt(body, tracked=tracked)) == "Số   12\tngày mới"


def test_notes_boxes_and_tables() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Chú thích.</text:p></text:note-body></text:note>"
    )
    box = "<draw:frame><draw:text-box><text:p>KHẨN</text:p></draw:text-box></draw:frame>"
    rules = (
        '<style:style style:name="C" style:family="table-cell">'
        '<style:table-cell-properties fo:border="0.5pt solid #000000"/></style:style>'
    )
    cells = "".join(
        f'<table:table-cell table:style-name="C"><text:p>{text}</text:p></table:table-cell>'
        for text in ("Thôn 1", "8 giờ")
    )
    table = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    content = odt(f"<text:p>Mời họp{note}{box}</text:p>{table}", rules)
    assert told(content) == "Mời họp[1]\nKHẨN\nThôn 1 | 8 giờ\n\n[1] Chú thích."
    assert [line.kind for line in read(content)][2] == Kind.ROW


def test_a_table_without_rules_is_two_columns() -> None:
    cells = "".join(
        f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("T", "P")
    )
    lines = read(odt(f"<table:table><table:table-row>{cells}</table:table-row></table:table>"))
    assert [(line.text, line.side) for line in lines] == [("T", Side.LEFT), ("P", Side.RIGHT)]


def test_an_endless_repetition_is_cut() -> None:
    assert len(told(odt('<text:p>a<text:s text:c="999999999"/>b</text:p>'))) < 1000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), Code.WRONG_KIND),
        (zipped(mimetype="application/vnd.oasis.opendocument.text", content_xml="<x"),
         Code.DAMAGED),
        (zipped(mimetype="application/vnd.oasis.opendocument.text",
                content_xml='<!DOCTYPE d [<!ENTITY a "aaa">]><d>&a;</d>'), Code.DAMAGED),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet", content_xml="<x/>"),
         Code.WRONG_KIND),
    ],
)  # fmt: skip
def test_what_is_no_text_document_is_refused(content: bytes, code: Code) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.code == code
