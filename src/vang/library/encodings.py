"""Bytes of a text file to Vietnamese text, the fonts and code pages before Unicode included. Pure.

TCVN 5712:1993 VN3 ("ABC", fonts .Vn…), VNI for Windows (fonts VNI-…) and Windows code page 1258.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from vang.library.syllables import marked_words, share_of_syllables

_SURE = 0.9
_FEWEST_WORDS = 3
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NotText(Exception):
    """The bytes are no text in any encoding that Vietnamese offices used."""


@dataclass(frozen=True)
class Decoded:
    """The text, and the name of the encoding it was in as people call it."""

    text: str
    encoding: str


def decode_text(content: bytes) -> Decoded:
    """Raises NotText rather than guess."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return Decoded(_strictly(content, encoding), "Unicode")
    if b"\0" in content:
        raise NotText("it holds zero bytes")
    try:
        return Decoded(content.decode(), "Unicode")
    except UnicodeDecodeError:
        return _legacy(content)


def repair_legacy(text: str) -> Decoded:
    """Text of a document typed in a pre-Unicode font, whose letters look like "Th«ng b¸o"."""
    broken = [line for line in text.split("\n") if _is_single_byte(line)]
    words = marked_words("\n".join(broken))
    if len(words) < _FEWEST_WORDS or share_of_syllables(words) >= _SURE:
        return Decoded(text, "Unicode")
    try:
        decoded = _legacy("\n".join(broken).encode("latin-1"), code_page=False)
    except NotText:
        return Decoded(text, "Unicode")
    repaired = iter(decoded.text.split("\n"))
    lines = (next(repaired) if _is_single_byte(line) else line for line in text.split("\n"))
    return Decoded("\n".join(lines), decoded.encoding)


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotText(str(error)) from error


def _is_single_byte(line: str) -> bool:
    return not line.isascii() and all(ord(character) < 0x100 for character in line)


def _legacy(content: bytes, *, code_page: bool = True) -> Decoded:
    decoders = [("TCVN3", decode_tcvn3), ("VNI", decode_vni)]
    if code_page:
        decoders.append(("Windows-1258", _decode_1258))
    tried = [_tried(name, decode, content) for name, decode in decoders]
    share, best = max(tried, key=lambda pair: pair[0])
    if share < _SURE:
        raise NotText("no encoding gives Vietnamese words")
    return best


def _tried(name: str, decode: Callable[[bytes], str], content: bytes) -> tuple[float, Decoded]:
    try:
        text = decode(content)
    except UnicodeDecodeError:
        return 0.0, Decoded("", name)
    words = marked_words(text)
    share = share_of_syllables(words) if len(words) >= _FEWEST_WORDS else 0.0
    return share, Decoded(text, name)


def _decode_1258(content: bytes) -> str:
    """The code page writes tones as marks of their own after the vowel."""
    return unicodedata.normalize("NFC", content.decode("cp1258"))


_TCVN3_BYTES = (
    "a1Ă a2Â a3Ê a4Ô a5Ơ a6Ư a7Đ a8ă a9â aaê abô acơ adư aeđ "
    "b5à b6ả b7ã b8á b9ạ bbằ bcẳ bdẵ beắ c6ặ c7ầ c8ẩ c9ẫ caấ cbậ ccè ceẻ cfẽ d0é d1ẹ "
    "d2ề d3ể d4ễ d5ế d6ệ d7ì d8ỉ dcĩ ddí deị dfò e1ỏ e2õ e3ó e4ọ e5ồ e6ổ e7ỗ e8ố e9ộ "
    "eaờ ebở ecỡ edớ eeợ efù f1ủ f2ũ f3ú f4ụ f5ừ f6ử f7ữ f8ứ f9ự faỳ fbỷ fcỹ fdý feỵ"
)
_TCVN3 = {int(pair[:2], 16): pair[2:] for pair in _TCVN3_BYTES.split()}


def decode_tcvn3(content: bytes) -> str:
    """One byte a letter; letters with tones have small forms only. Raises UnicodeDecodeError."""
    return "".join(_letter(content, place, _TCVN3) for place in range(len(content)))


def of_font(text: str, font: str) -> str:
    """Text set in a font of before Unicode, whose name tells what its codes mean: ".VnTime", and
    ".VnTimeH", which shows small letters as capitals. Other text stays as it is."""
    if not font.startswith(".Vn"):
        return text
    try:
        told = decode_tcvn3(text.encode("latin-1"))
    except UnicodeError:
        return text
    return told.upper() if font.endswith("H") else told


def _letter(content: bytes, place: int, table: dict[int, str]) -> str:
    code = content[place]
    if code < 0x80:
        return chr(code)
    if code not in table:
        raise UnicodeDecodeError("vietnamese", content, place, place + 1, "not in the table")
    return table[code]


_VNI_ALONE = dict(
    zip(
        bytes.fromhex("d1f1d4f4d6f6cdedccecc6e6d3f3d2f2ceee"),
        "ĐđƠơƯưÍíÌìỈỉĨĩỊịỴỵ",
        strict=True,
    )
)
_VNI_MARKS = {
    "d9f9": "\u0301",
    "d8f8": "\u0300",
    "dbfb": "\u0309",
    "d5f5": "\u0303",
    "cfef": "\u0323",
    "c2e2": "\u0302",
    "c1e1": "\u0302\u0301",
    "c0e0": "\u0302\u0300",
    "c5e5": "\u0302\u0309",
    "c3e3": "\u0302\u0303",
    "c4e4": "\u0302\u0323",
    "caea": "\u0306",
    "c9e9": "\u0306\u0301",
    "c8e8": "\u0306\u0300",
    "dafa": "\u0306\u0309",
    "dcfc": "\u0306\u0303",
    "cbeb": "\u0306\u0323",
}
_VNI = _VNI_ALONE | {
    code: marks for pair, marks in _VNI_MARKS.items() for code in bytes.fromhex(pair)
}
_STRAY_MARK = re.compile(r"(?<![aăâeêioôơuưyAĂÂEÊIOÔƠUƯY\u0300-\u036f])[\u0300-\u036f]")


def decode_vni(content: bytes) -> str:
    """A letter, then a byte for its marks. Raises UnicodeDecodeError."""
    text = "".join(_letter(content, place, _VNI) for place in range(len(content)))
    if stray := _STRAY_MARK.search(text):
        raise UnicodeDecodeError("vni", content, stray.start(), stray.end(), "a mark on nothing")
    return unicodedata.normalize("NFC", text)
