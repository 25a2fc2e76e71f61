"""Files of the formats that offices use, made for tests."""

import io
import zipfile

import typst
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from vang.library.formats.lines import Line, text_of
from vang.library.formats.process import read_content

ODT_MIME = "application/vnd.oasis.opendocument.text"
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
    )
)


def read(content: bytes) -> list[Line]:
    """As the reading process reads it, but here."""
    return read_content(content, lambda _done, _total: None).lines


def told(content: bytes) -> str:
    return text_of(read(content))


def zipped(**parts: str | bytes) -> bytes:
    """An archive; "__" in a name stands for "/", and its last "_" for the dot."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            path, _, ending = name.replace("__", "/").rpartition("_")
            archive.writestr(f"{path}.{ending}" if path else name, part)
    return packed.getvalue()


def odt(body: str, styles: str = "", *, tracked: str = "") -> bytes:
    """An .odt file with this XML in its text."""
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{tracked}{body}</office:text>"
        "</office:body></office:document-content>"
    )
    return zipped(mimetype=ODT_MIME, content_xml=content)


def docx(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs."""
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def docx_xml(body: str) -> bytes:
    """A Word file with this XML in its body; ``w`` is bound."""
    document = Document()
    wrapper = parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>")
    for element in list(wrapper):
        document.element.body.insert(len(document.element.body) - 1, element)
    return saved(document)


def saved(document: object) -> bytes:
    content = io.BytesIO()
    document.save(content)  # type: ignore[attr-defined]
    return content.getvalue()


_PAGE = """
#set page(paper: "a4", margin: (top: 2cm, bottom: 2cm, left: 3cm, right: 2cm), header: [HEAD],
  footer: [FOOT])
#set text(font: "Libertinus Serif", size: 13pt, lang: "vi", hyphenate: false)
#set par(justify: true, first-line-indent: (amount: 1cm, all: true))
"""


def pdf(body: str, *, head: str = "", foot: str = "") -> bytes:
    """A PDF file of this typst text on A4 pages."""
    page = _PAGE.replace("HEAD", head).replace("FOOT", foot)
    return bytes(typst.compile((page + body).encode()))
