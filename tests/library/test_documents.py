"""Imported files: the text of good ones, a clear no for the others, and nothing in between."""

import io
import unicodedata
import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.library.formats.making import docx, pdf
from vang.base.refusals import Refusal
from vang.library.documents import MAX_DOCUMENT, MAX_LETTERS, read_document
from vang.library.formats import archives

NOTICE = "THÔNG BÁO\nVề việc cắt điện\n\nTừ 8 giờ ngày 12/6/2026 cắt điện thôn Thuận 1."


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The archive with some parts replaced or added."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = {name.replace("__", "/").replace("_xml", ".xml"): p for name, p in parts.items()}
        for item in old.infolist():
            new.writestr(item, names.pop(item.filename, b"") or old.read(item))
        for name, part in names.items():
            new.writestr(name, part)
    return packed.getvalue()


def refusal_of(content: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        read_document(content)
    assert str(refused.value)
    return refused.value.code


# text files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_text_in_the_encodings_of_windows(encoding: str) -> None:
    content = NOTICE
    if encoding == "cp1258":
        content = to_1258(NOTICE)
    found = read_document(content.encode(encoding))
    assert found.text == NOTICE
    assert found.title == "Thông báo về việc cắt điện"


def to_1258(text: str) -> str:
    """Base letters with their tone as a mark of its own, as the code page writes them."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        bare = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones))
        letters.append(bare + "".join(p for p in parts if p in tones))
    return "".join(letters)


def test_text_in_the_abc_encoding() -> None:
    content = "Th«ng b¸o: lÞch c¾t ®iÖn x· QuÕ ThuËn, tõ 8 giê ngµy mai.".encode("latin-1")
    found = read_document(content)
    assert found.text == "Thông báo: lịch cắt điện xã Quế Thuận, từ 8 giờ ngày mai."
    assert found.encoding == "TCVN3"


def test_text_in_the_vni_encoding() -> None:
    content = "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM\nÑoäc laäp - Töï do - Haïnh phuùc"
    found = read_document(content.encode("latin-1"))
    assert found.text == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    assert found.encoding == "VNI"


def test_decomposed_text_hidden_marks_and_windows_line_ends_are_tidied() -> None:
    content = "Ho\u0323p thôn\u202e\r\n\r\n\r\n\r\n  Vui 😀 \u0000".replace("\u0000", "\u0007")
    assert read_document(content.encode()).text == "Họp thôn\n\n  Vui 😀"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "document-empty"),
        (b" \r\n \n", "document-empty"),
        (b"\xef\xbb\xbf", "document-empty"),
        (b"a" * (MAX_DOCUMENT + 1), "document-too-large"),
        (b"a " * (MAX_LETTERS // 2 + 1), "document-too-long"),
        (b"%PDF-1.7\n...", "document-damaged"),
        (b"{\\rtf1\\ansi", "document-empty"),
        (b"\xff\xfe\x00", "document-wrong-kind"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "document-wrong-kind"),
        (bytes(range(128, 256)) * 4, "document-not-text"),
        ("日本語のお知らせです".encode("shift-jis"), "document-not-text"),
        ("Привет, это объявление для жителей".encode("cp1251"), "document-not-text"),
        (b"T\0e\0x\0t\0", "document-wrong-kind"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert refusal_of(content) == code


# Word files


def test_a_word_file_gives_its_text_in_reading_order() -> None:
    document, content = Document(), io.BytesIO()
    document.add_paragraph("Kính gửi bà con.")
    document.add_paragraph("Mang theo giấy tờ.", style="List Bullet")
    table = document.add_table(rows=1, cols=2, style="Table Grid")
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Thôn 1", "8 giờ"
    document.add_paragraph("Trân trọng.")
    document.save(content)
    assert read_document(content.getvalue()).text == (
        "Kính gửi bà con.\n- Mang theo giấy tờ.\nThôn 1 | 8 giờ\nTrân trọng."
    )


def test_tracked_changes_give_the_text_as_it_shall_be() -> None:
    document, content = Document(), io.BytesIO()
    paragraph = document.add_paragraph("Cắt điện từ ")
    for tag, text_tag, text in (("w:del", "w:delText", "8"), ("w:ins", "w:t", "9")):
        change, run, letters = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        letters.text = text
        run.append(letters)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run(" giờ.")
    document.save(content)
    assert read_document(content.getvalue()).text == "Cắt điện từ 9 giờ."


def test_hidden_text_is_left_out() -> None:
    document, content = Document(), io.BytesIO()
    paragraph = document.add_paragraph("Nhìn thấy.")
    run = paragraph.add_run("Giấu đi.")
    vanish = OxmlElement("w:vanish")
    run._r.get_or_add_rPr().append(vanish)
    assert vanish.tag == qn("w:vanish")
    document.save(content)
    assert read_document(content.getvalue()).text == "Nhìn thấy."


def test_a_word_file_typed_in_an_old_font_is_converted() -> None:
    found = read_document(docx("Th«ng b¸o lÞch c¾t ®iÖn", "x· QuÕ ThuËn, ngµy 12/6"))
    assert found.text == "Thông báo lịch cắt điện\nxã Quế Thuận, ngày 12/6"


def test_good_unicode_with_few_marks_is_left_alone() -> None:
    text = "Xã và thôn có hai bà mẹ anh hùng già, Hà là tên tôi."
    assert read_document(docx(text)).text == text


def test_the_name_of_the_file_does_not_matter_but_its_content_does() -> None:
    assert refusal_of(repacked(docx("x"))[:200]) == "document-damaged"


def test_an_empty_word_file_is_refused() -> None:
    assert refusal_of(docx()) == "document-empty"


def test_another_archive_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert refusal_of(content.getvalue()) == "document-wrong-kind"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(docx("x"), word__document_xml=b"0" * (archives.MAX_PART + 1))
    assert len(bomb) < 100_000
    assert refusal_of(bomb) == "document-unpacks-too-large"


def test_an_archive_of_very_many_parts_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(archives.MAX_PARTS + 1):
            archive.writestr(f"word/media{number}", b"")
    assert refusal_of(content.getvalue()) == "document-unpacks-too-large"


def test_entities_are_not_expanded() -> None:
    body = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>"
    )
    assert refusal_of(repacked(docx("x"), word__document_xml=body)) == "document-damaged"


def test_broken_xml_is_refused() -> None:
    assert refusal_of(repacked(docx("x"), word__document_xml=b"<w:doc")) == "document-damaged"


def test_a_protected_word_file_is_told_from_an_old_one() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    assert refusal_of(ole) == "document-old-word"
    assert refusal_of(ole + "EncryptedPackage".encode("utf-16-le")) == "document-protected"


def test_an_archive_with_a_password_is_refused() -> None:
    content = bytearray(docx("x"))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1  # the flag "encrypted" of its first part
    assert refusal_of(bytes(content)) == "document-protected"


# other files


def test_a_web_page_gives_its_text_and_nothing_that_acts() -> None:
    page = (
        "<!doctype html><html><head><title>x</title><script>alert(1)</script></head><body>"
        "<h1>Lịch  tiêm</h1><ol><li>Thôn 1<li>Thôn 2</ol><table><tr><td>8 giờ<td>Nhà văn hóa"
        '</table><p onclick="x()">Mời <b>bà con</b>.<img src=x onerror=alert(1)></body></html>'
    )
    assert read_document(page.encode()).text == (
        "Lịch tiêm\n1. Thôn 1\n2. Thôn 2\n8 giờ | Nhà văn hóa\nMời bà con."
    )


def test_an_rtf_file_gives_its_text() -> None:
    text = "Th\\'f4ng b\\'e1o l\\u7883?ch"
    assert read_document(f"{{\\rtf1\\ansi {text}\\par H\\u7871?t.}}".encode()).text == (
        "Thông báo lịch\nHết."
    )


def test_a_pdf_file_gives_its_text_and_title() -> None:
    found = read_document(pdf("#align(center)[*THÔNG BÁO* \\ *Về việc họp dân*]\n\nMời bà con."))
    assert found.title == "Thông báo về việc họp dân"
    assert found.text.endswith("Mời bà con.")
