"""The text of a .docx file, measured before it is parsed."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

MAX_UNPACKED = 60_000_000
MAX_BODY = 20_000_000
MAX_PARTS = 2_000
BODY = "word/document.xml"

_ENCRYPTED = 0x1
# lxml's errors of syntax are Python's.
_DAMAGED = (OpcError, SyntaxError, zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError)
# Deleted or moved text (tracked changes), and the second copy of a drawing for old readers.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {qn("w:del"), qn("w:moveFrom"), _FALLBACK}
_PARAGRAPH, _RUN, _CELL, _ROW = qn("w:p"), qn("w:r"), qn("w:tc"), qn("w:tr")
_TEXT, _TAB, _HYPHEN = qn("w:t"), qn("w:tab"), qn("w:noBreakHyphen")
_BREAKS = {qn("w:br"), qn("w:cr")}


class NotWord(Exception):
    """A zip archive, but no Word document."""


class TooMuch(Exception):
    """It unpacks to more than any notice holds."""


class Protected(Exception):
    """It opens only with a password."""


class Damaged(Exception):
    """It cannot be read to its end."""


def text_of(content: bytes) -> str:
    """All visible text in reading order: paragraphs, lists with "- ", table cells by " | ".

    Raises NotWord, TooMuch, Protected, Damaged.
    """
    try:
        _measure(content)
        body = Document(io.BytesIO(content)).element.body
        return "\n".join(_lines(body))
    except _DAMAGED as error:
        raise Damaged(str(error)) from error


def _measure(content: bytes) -> None:
    """What the archive declares; reading stops at the declared sizes, so they cannot lie."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise Protected
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise TooMuch
        if BODY not in archive.namelist():
            raise NotWord
        if archive.getinfo(BODY).file_size > MAX_BODY:
            raise TooMuch
        if b"<!DOCTYPE" in archive.read(BODY)[:2000]:
            raise Damaged("a document type definition")


def _lines(parent: Any) -> Iterator[str]:
    for child in parent:
        if child.tag == _ROW:
            yield " | ".join(_cells(child))
        elif child.tag == _PARAGRAPH:
            yield _bullet(child) + _inline(child)
            yield from _boxes(child)
        elif child.tag not in _SKIPPED:
            yield from _lines(child)


def _cells(row: Any) -> Iterator[str]:
    for cell in row.iter(_CELL):
        text = " ".join(line for line in _lines(cell) if line.strip())
        if text:
            yield text


def _bullet(paragraph: Any) -> str:
    return "- " if paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None else ""


def _inline(element: Any) -> str:
    """The text of a paragraph's runs, also inside links, insertions and content controls."""
    return "".join(
        _run(child) if child.tag == _RUN else _inline(child)
        for child in element
        if child.tag not in _SKIPPED
    )


def _run(run: Any) -> str:
    if run.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is not None:
        return ""
    return "".join(_piece(child) for child in run)


def _piece(child: Any) -> str:
    if child.tag == _TEXT:
        return child.text or ""
    if child.tag in _BREAKS:
        return "\n"
    return {_TAB: "\t", _HYPHEN: "-"}.get(child.tag, "")


def _boxes(paragraph: Any) -> Iterator[str]:
    """Text boxes drawn in the paragraph."""
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(ancestor.tag in _SKIPPED for ancestor in box.iterancestors()):
            yield from _lines(box)
