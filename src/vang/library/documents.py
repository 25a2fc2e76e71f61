"""A file that an official brings, of whatever kind: its text and its title, or a clear no."""

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import Line, text_of
from vang.library.formats.reading import DEFAULT_LIMITS, Limits, read_bytes
from vang.library.formats.verdicts import Reading
from vang.library.titles import guess_title

MAX_DOCUMENT = 25_000_000
"""Bytes."""

MAX_LETTERS = 200_000
EXTENSIONS = (".docx", ".odt", ".pdf", ".rtf", ".html", ".htm", ".txt")
AT_ONCE = replace(DEFAULT_LIMITS, wall_s=8, cpu_s=8)
"""For a person who waits; what takes longer is read by the worker."""


@dataclass(frozen=True)
class ImportedText:
    """``encoding`` is "Unicode", or the older encoding that the file was converted from."""

    title: str
    text: str
    encoding: str
    lines: tuple[Line, ...] = ()


def read_document(content: bytes, limits: Limits = AT_ONCE) -> ImportedText:
    """The text of an uploaded file, whatever its name says. Raises Refusal."""
    check_document(content)
    try:
        reading = read_bytes(content, limits)
    except Unreadable as error:
        raise refusal_for(error.code) from None
    return _imported(reading)


def check_document(content: bytes) -> None:
    """The first look. Raises Refusal."""
    if not content:
        raise refusal_for(Code.EMPTY)
    if len(content) > MAX_DOCUMENT:
        raise Refusal("document-too-large", TOO_LARGE)


def refusal_for(code: Code | str) -> Refusal:
    """The sentence for a reason of the reading process."""
    return Refusal(f"document-{code}", SENTENCES[Code(code)])


def _imported(reading: Reading) -> ImportedText:
    text = text_of(reading.lines)
    if len(text) > MAX_LETTERS:
        raise Refusal("document-too-long", TOO_LONG)
    return ImportedText(guess_title(text), text, reading.encoding, tuple(reading.lines))


TOO_LARGE = _("The file is larger than 25 MB. Copy the text you need and paste it here.")
TOO_LONG = _(
    "The file holds more than 200,000 characters. Put it into the library and take over the part "
    "to be read out."
)
SENTENCES: dict[Code, str | Promise] = {
    Code.EMPTY: _("The file holds no text. Choose another one, or paste the text here."),
    Code.TOO_LONG: _("The file holds more than 5,000,000 characters. Cut it into parts."),
    Code.NOT_TEXT: _(
        "The letters of this file could not be recognised. Open it in Word, save it as .docx and "
        "choose it again, or paste the text here."
    ),
    Code.OLD_WORD: _(
        "This is a Word file of the old kind (.doc). Open it in Word, save it as .docx and choose "
        "it again, or paste the text here."
    ),
    Code.SCANNED: _(
        "This PDF file is a scan: a picture of paper without letters that a computer can read. "
        "Choose the .docx it was printed from, or type the text here."
    ),
    Code.TOO_MANY_PAGES: _("The PDF file has more than 2,000 pages. Cut it into parts."),
    Code.WRONG_KIND: _(
        "This is no document. Choose a .docx, .odt, .pdf, .rtf, .html or .txt file, or paste the "
        "text here."
    ),
    Code.TOO_MUCH: _("The document is too large inside. Copy the text you need and paste it here."),
    Code.TOO_SLOW: _(
        "Reading this file takes too long. Put it into the library, where it is read in the "
        "background, or copy the text you need and paste it here."
    ),
    Code.PROTECTED: _("The document is protected by a password. Remove it, then choose the file."),
    Code.DAMAGED: _("The document is damaged. Open it and save it again, or paste the text here."),
}
