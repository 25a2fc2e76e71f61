"""A .txt or .docx file that an official brings: its text and its title, or a clear no."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.library import word
from vang.library.encodings import Decoded, NotText, decode_text, repair_legacy
from vang.library.titles import guess_title

MAX_DOCUMENT = 10_000_000
"""Bytes."""

MAX_LETTERS = 200_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class ImportedText:
    """``encoding`` is "Unicode", or the older encoding that the file was converted from."""

    title: str
    text: str
    encoding: str


def read_document(content: bytes) -> ImportedText:
    """The text of an uploaded file, whatever its name says. Raises Refusal."""
    decoded = _decoded(content)
    text = tidy(decoded.text)
    if not text:
        raise Refusal("document-empty", _EMPTY)
    if len(text) > MAX_LETTERS:
        raise Refusal("document-too-long", _TOO_LONG)
    return ImportedText(guess_title(text), text, decoded.encoding)


def tidy(text: str) -> str:
    """Clean text without trailing spaces and with at most one empty line in a row."""
    lines = (line.rstrip() for line in clean_text(text).replace("\u00a0", " ").split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _decoded(content: bytes) -> Decoded:
    if not content:
        raise Refusal("document-empty", _EMPTY)
    if len(content) > MAX_DOCUMENT:
        raise Refusal("document-too-large", TOO_LARGE)
    for magic, read in _READERS.items():
        if content.startswith(magic):
            return read(content)
    try:
        return decode_text(content)
    except NotText:
        raise Refusal("document-not-text", _NOT_TEXT) from None


def _word(content: bytes) -> Decoded:
    try:
        return repair_legacy(word.text_of(content))
    except (word.NotWord, word.TooMuch, word.Protected, word.Damaged) as error:
        raise Refusal(*_WORD_REFUSALS[type(error)]) from None


def _ole(content: bytes) -> Decoded:
    """Word's binary format, or the envelope in which Word puts an encrypted .docx."""
    if _ENCRYPTED_PACKAGE in content:
        raise Refusal(*_WORD_REFUSALS[word.Protected])
    raise Refusal("document-old-word", _OLD_WORD)


def _refuse(code: str, message: str | Promise) -> Callable[[bytes], Decoded]:
    def refuse(_content: bytes) -> Decoded:
        raise Refusal(code, message)

    return refuse


TOO_LARGE = _("The file is larger than 10 MB. Copy the text you need and paste it here.")
_EMPTY = _("The file holds no text. Choose another one, or paste the text here.")
_TOO_LONG = _("The file holds more than 200,000 characters. Paste the part to be read out.")
_NOT_TEXT = _(
    "The letters of this file could not be recognised. Open it in Word, save it as .docx and "
    "choose it again, or paste the text here."
)
_OLD_WORD = _(
    "This is a Word file of the old kind (.doc). Open it in Word, save it as .docx and choose it "
    "again, or paste the text here."
)
_PDF = _("This is a PDF file. Choose the .docx it was made from, or paste the text here.")
_WORD_REFUSALS: dict[type[Exception], tuple[str, str | Promise]] = {
    word.NotWord: (
        "document-wrong-kind",
        _("This is not a Word document. Choose a .docx or .txt file, or paste the text here."),
    ),
    word.TooMuch: (
        "document-unpacks-too-large",
        _("The document is too large inside. Copy the text you need and paste it here."),
    ),
    word.Protected: (
        "document-protected",
        _("The document is protected by a password. Remove the password in Word, then choose it."),
    ),
    word.Damaged: (
        "document-damaged",
        _("The document is damaged. Open it in Word and save it again, or paste the text here."),
    ),
}
_READERS: dict[bytes, Callable[[bytes], Decoded]] = {
    b"PK": _word,
    _OLE: _ole,
    b"%PDF": _refuse("document-pdf", _PDF),
    b"{\\rtf": _refuse("document-old-word", _OLD_WORD),
}
