"""The corpus as files: set well, and in the ways in which extraction and typing spoil it."""

import textwrap
import unicodedata
from collections.abc import Callable

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tests.library.formats.making import odt, pdf, saved
from tests.library.official.corpus import Made
from vang.library.encodings import _TCVN3

NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
PARTY = ("ĐẢNG CỘNG SẢN VIỆT NAM",)


def left(made: Made) -> list[str]:
    """The left column of the head."""
    letter = [] if made.kind else list(made.abstract)
    separator = " " if made.party else ": "
    number = [f"Số{separator}{made.number}"] if made.number else []
    return [*made.left, *number, *letter, *filter(None, [made.secrecy])]


def right(made: Made) -> list[str]:
    title = PARTY if made.party else NATION
    return [*title, f"{made.place}, {made.day}", *filter(None, [made.urgency])]


def middle(made: Made) -> list[str]:
    """From the kind to the end of the body."""
    named = [made.kind, *made.abstract] if made.kind else []
    bases = [f"{basis};" for basis in made.bases if basis.startswith(("Căn cứ", "Theo", "Xét"))]
    return [*named, *_to(made), *filter(None, [made.deciding]), *bases, *made.body]


def _to(made: Made) -> list[str]:
    if not made.to:
        return []
    if len(made.to) == 1:
        return [f"Kính gửi: {made.to[0]}."]
    return ["Kính gửi:", *(f"- {name};" for name in made.to)]


def recipients(made: Made) -> list[str]:
    return ["Nơi nhận:", *(f"- {name};" for name in made.recipients)] if made.recipients else []


def signature(made: Made) -> list[str]:
    return [*made.authority, made.post, "(Đã ký)", made.signer]


def _beside(one: list[str], other: list[str], join: Callable[[str, str], str]) -> list[str]:
    rows = max(len(one), len(other))
    padded = ([*part, *[""] * (rows - len(part))] for part in (one, other))
    return [join(a, b).rstrip() for a, b in zip(*padded, strict=True)]


def _wide(a: str, b: str) -> str:
    return f"{a.center(44)}      {b}" if b else a


def columns(made: Made) -> str:
    """Columns side by side with spaces, as Word saves text."""
    head = _beside(left(made), right(made), _wide)
    foot = _beside(recipients(made), signature(made), _wide)
    return "\n".join([*head, "", *middle(made), "", *foot, *made.appendix])


def blank_lines(made: Made) -> str:
    return columns(made).replace("\n", "\n\n")


def stacked(made: Made) -> str:
    lines = [*left(made), *right(made), *middle(made), *signature(made), *recipients(made)]
    return "\n".join([*lines, *made.appendix])


def run_together(made: Made) -> str:
    """Columns that extraction put on one line with one space."""
    head = _beside(left(made), right(made), lambda a, b: f"{a} {b}".strip())
    foot = _beside(recipients(made), signature(made), lambda a, b: f"{a} {b}".strip())
    return "\n".join([*head, *middle(made), *foot, *made.appendix])


def one_line_head(made: Made) -> str:
    """The whole head in one line."""
    head = " ".join(_beside(left(made), right(made), lambda a, b: f"{a} {b}".strip()))
    return "\n".join([head, *middle(made), *recipients(made), *signature(made), *made.appendix])


def tabbed(made: Made) -> str:
    head = _beside(left(made), right(made), lambda a, b: f"{a}\t{b}")
    foot = _beside(recipients(made), signature(made), lambda a, b: f"{a}\t{b}")
    return "\n".join([*head, *middle(made), *foot, *made.appendix])


def web_page(made: Made) -> str:
    """As law portals print it: cells with bars, rules of dashes, wrapped lines."""
    rule, lines = "-------", left(made)
    head = [*lines[: len(made.left)], rule, "|", *right(made)[:2], "---------------", "|"]
    head += [
        *lines[len(made.left) :],
        "|",
        right(made)[-1] if not made.urgency else right(made)[-2],
    ]
    head += [made.urgency] if made.urgency else []
    wrapped = [part for line in middle(made) for part in textwrap.wrap(line, 80)]
    return "\n".join(
        [*head, "|", *wrapped, *recipients(made), "|", *signature(made), *made.appendix]
    )


def decomposed(made: Made) -> str:
    return unicodedata.normalize("NFD", stacked(made))


def small_letters(made: Made) -> str:
    """Typed in small letters under a font of capitals, as before Unicode."""
    lines = [*left(made), *right(made), *middle(made), *signature(made), *recipients(made)]
    return "\n".join(line.lower() if line.isupper() else line for line in lines)


def slips(made: Made) -> str:
    """Slips of the keyboard in what is fixed, as in the plan of 2017."""
    text = columns(made).replace("CHỦ NGHĨA VIỆT NAM", "CHỦ NGHĨAC VIỆT NAM")
    text = text.replace("Độc lập - Tự do", "Độc lâp - Tư do").replace("Số: ", "Số ")
    return text.replace("Nơi nhận:", "Nơi  nhận :").replace(", ngày ", ", ngày  ")


TEXTS = {
    form.__name__: form
    for form in (columns, blank_lines, stacked, run_together, one_line_head, tabbed, web_page,
                 decomposed, small_letters, slips)
}  # fmt: skip


def tcvn3(text: str) -> bytes:
    """In the encoding of the fonts .Vn…; capitals with tones are typed small."""
    codes = {letter: bytes([code]) for code, letter in _TCVN3.items()}
    told = b""
    for letter in unicodedata.normalize("NFC", text):
        if letter.isascii():
            told += letter.encode()
        else:
            told += codes.get(letter) or codes.get(letter.lower()) or b"-"
    return told


def _table(document: "Document", one: list[str], other: list[str]) -> None:  # type: ignore[valid-type]
    cells = document.add_table(rows=1, cols=2).rows[0].cells  # type: ignore[attr-defined]
    for cell, lines in zip(cells, (one, other), strict=True):
        cell.paragraphs[0].text = lines[0] if lines else ""
        for line in lines[1:]:
            cell.add_paragraph(line)


def word_file(made: Made) -> bytes:
    """With the head and the foot in tables without rules, the title bold and centred."""
    document = Document()
    _table(document, left(made), right(made))
    titles = {made.kind, *made.abstract, made.deciding} if made.kind else set()
    for line in middle(made):
        paragraph = document.add_paragraph()
        paragraph.add_run(line).bold = line in titles or line.isupper()
        if line in titles or (line.endswith(":") and line.isupper()):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _table(document, recipients(made), signature(made))
    for line in made.appendix:
        document.add_paragraph(line)
    return saved(document)


def open_document(made: Made) -> bytes:
    def cell(lines: list[str]) -> str:
        paragraphs = "".join(f"<text:p>{_escaped(line)}</text:p>" for line in lines)
        return f"<table:table-cell>{paragraphs}</table:table-cell>"

    def table(one: list[str], other: list[str]) -> str:
        row = f"<table:table-row>{cell(one)}{cell(other)}</table:table-row>"
        return f"<table:table>{row}</table:table>"

    body = "".join(f"<text:p>{_escaped(line)}</text:p>" for line in middle(made))
    tail = "".join(f"<text:p>{_escaped(line)}</text:p>" for line in made.appendix)
    head, foot = table(left(made), right(made)), table(recipients(made), signature(made))
    return odt(head + body + foot + tail)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def pdf_file(made: Made) -> bytes:
    """Set by typst: two columns above and below, the title bold and centred."""

    def lines(texts: list[str]) -> str:
        return " #linebreak() ".join(f"#text({_quoted(text)})" for text in texts)

    def two(one: list[str], other: list[str], side: str) -> str:
        shape = f"columns: (44%, 56%), align: ({side}, center)"
        return f"#grid({shape}, [{lines(one)}], [{lines(other)}])\n"

    titles = {made.kind, *made.abstract, made.deciding} if made.kind else set()
    body = ""
    for line in middle(made):
        told = f"#text({_quoted(line)})"
        if line in titles or (line.isupper() and line.endswith(":")):
            told = f"#align(center)[#strong[{told}]]"
        body += f"{told}\n\n"
    foot = two(recipients(made), signature(made), "left")
    tail = "".join(f"#text({_quoted(line)})\n\n" for line in made.appendix)
    return pdf(
        f"{two(left(made), right(made), 'center')}#v(8pt)\n{body}#v(8pt)\n{foot}#v(20pt)\n{tail}"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


FILES = {form.__name__: form for form in (word_file, open_document, pdf_file)}
