"""The words of a PDF file, by PDFium. Only in the reading process: PDFium is not for hostile input
in a process that must live."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from vang.library.encodings import of_font
from vang.library.formats import layout
from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import Line
from vang.library.formats.words import PageWords, Rule, Word

MAX_PAGES = 2_000
_MOST_LETTERS = 60_000  # on one page
_MOST_OBJECTS = 4_000
_THIN = 2.5
_FEW_LETTERS = 60
_FULL_PICTURE = 0.5
_ASLANT = 0.02  # radians
_BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd\b", re.IGNORECASE)
_SPACES = {0x09, 0x0A, 0x0D, 0x20, 0xA0}
_HYPHENS = {0x02, 0xFFFE, 0xAD, 0x2010, 0x2011}
_BULLETS = {0xF0B7, 0xF0A7, 0xF0D8, 0xF0FC, 0xF02D, 0x25CF, 0x25AA, 0xF076}
# The words that a digital signature paints on a scan.
_STAMP = re.compile(
    r"(?:người ký|ký bởi|được ký|signed by|thời gian ký|ngày ký|giờ ký|email|cơ quan|tổ chức)",
    re.IGNORECASE,
)

Progress = Callable[[int, int], None]


Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the upper left corner."""


@dataclass(frozen=True)
class _Look:
    """``turned`` is how the letters stand on the page: 0, 90, 180, 270 degrees, or -1 aslant."""

    bold: bool
    turned: int
    unseen: bool
    font: str = ""


def lines_of(content: bytes, progress: Progress) -> tuple[list[Line], list[int]]:
    """The lines, and the numbers of pages that could not be opened. Raises Unreadable."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        code = Code.PROTECTED if _wants_a_password() else Code.DAMAGED
        raise Unreadable(code, str(error)) from error
    count = len(document)
    if count > MAX_PAGES:
        raise Unreadable(Code.TOO_MANY_PAGES, f"{count} pages")
    pages = list(_pages(document, count, progress))
    if not pages:
        raise Unreadable(Code.DAMAGED, f"none of {count} pages can be opened")
    _refuse_scan(pages)
    unread = sorted(set(range(1, count + 1)) - {page.number for page in pages})
    return layout.lines_of(pages), unread


def _wants_a_password() -> bool:
    return bool(raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD)


def _pages(document: pdfium.PdfDocument, count: int, progress: Progress) -> Iterator[PageWords]:
    for number in range(count):
        try:
            page = document[number]
        except pdfium.PdfiumError:
            continue
        try:
            yield _page(page, number + 1)
        finally:
            page.close()
        progress(number + 1, count)


def _refuse_scan(pages: list[PageWords]) -> None:
    """Pages of pictures with no text but a signature's stamp are photographs of paper."""
    bare = [page for page in pages if _is_bare(page)]
    pictured = any(page.picture > _FULL_PICTURE for page in bare)
    if len(bare) == len(pages) and pictured:
        raise Unreadable(Code.SCANNED, f"{len(pages)} pages without text")


def _is_bare(page: PageWords) -> bool:
    told = " ".join(word.text for word in page.words)
    letters = sum(letter.isalnum() for letter in told)
    if letters < _FEW_LETTERS:
        return True
    return page.picture > _FULL_PICTURE and letters < 400 and _STAMP.search(told) is not None


def _page(page: pdfium.PdfPage, number: int) -> PageWords:
    letters = _Letters(page)
    place = _Placing(page, letters.turned)
    words = list(letters.words(place))
    rules, picture = _objects(page, place)
    return PageWords(number, place.width, place.height, words, rules, picture, letters.unseen)


class _Placing:
    """From the page's own space to points from the upper left corner, most letters upright."""

    def __init__(self, page: pdfium.PdfPage, turned: int) -> None:
        self._turned = turned
        self._left, self._bottom, self._right, self._top = page.get_cropbox()
        size = self._right - self._left, self._top - self._bottom
        self.width, self.height = reversed(size) if turned in {90, 270} else size

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        one, other = self._point(left, top), self._point(right, bottom)
        (left, right), (top, bottom) = (sorted(pair) for pair in zip(one, other, strict=True))
        return left, top, right, bottom

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self._turned == 90:
            return y - self._bottom, x - self._left
        if self._turned == 180:
            return self._right - x, y - self._bottom
        if self._turned == 270:
            return self._top - y, self._right - x
        return x - self._left, self._top - y


class _Letters:
    """The letters of a page, gathered to words. ``turned`` is how most of them stand."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page.get_textpage()
        self._looks: dict[int, _Look] = {}
        self._found = list(self._letters())
        counts = Counter(look.turned for _letter, _box, look in self._found if look)
        counts.pop(-1, None)
        self.turned = counts.most_common(1)[0][0] if counts else 0
        self.unseen = sum(look.unseen for _letter, _box, look in self._found if look)

    def words(self, place: _Placing) -> Iterator[Word]:
        """Words of the letters that stand as most do: others are watermarks and stamps."""
        text, box, look = "", (0.0, 0.0, 0.0, 0.0), _NO_LOOK
        for letter, where, its in self._found:
            if letter and its.turned != self.turned:
                continue
            spot = place.box(*where)
            if letter and text and look.bold == its.bold and _touch(box, spot):
                text, box = text + letter, _around(box, spot)
                continue
            if text:
                yield _word(text, box, look)
            text, box, look = letter, spot, its
        if text:
            yield _word(text, box, look)

    def _letters(self) -> Iterator[tuple[str, Box, _Look]]:
        """Letter, box in the page's own space (left, bottom, right, top), look; "" for a space."""
        handle, rect = self._page.raw, raw.FS_RECTF()
        for index in range(min(self._page.count_chars(), _MOST_LETTERS)):
            code = raw.FPDFText_GetUnicode(handle, index)
            if code in _SPACES or code == 0:
                yield "", (0.0, 0.0, 0.0, 0.0), _NO_LOOK
            elif raw.FPDFText_GetLooseCharBox(handle, index, rect):
                box = (rect.left, rect.bottom, rect.right, rect.top)
                look = self._look(index)
                yield of_font(_letter(code), look.font), box, look

    def _look(self, index: int) -> _Look:
        """The look of the text object that the letter belongs to, asked once."""
        thing = raw.FPDFText_GetTextObject(self._page.raw, index)
        key = ctypes.addressof(thing.contents) if thing else 0
        found = self._looks.get(key)
        if found is None:
            found = self._looks[key] = self._look_of(index, thing)
        return found

    def _look_of(self, index: int, thing: object) -> _Look:
        handle, name, flags = self._page.raw, ctypes.create_string_buffer(128), ctypes.c_int()
        raw.FPDFText_GetFontInfo(handle, index, name, 128, flags)
        weight = raw.FPDFText_GetFontWeight(handle, index)
        font = name.value.decode("latin-1").rpartition("+")[2].partition(",")[0]
        bold = weight >= 600 or _BOLD.search(name.value.decode("latin-1")) is not None
        mode = raw.FPDFTextObj_GetTextRenderMode(thing) if thing else 0
        turned = _turned(raw.FPDFText_GetCharAngle(handle, index))
        unseen = mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE
        return _Look(bold, turned, unseen, font if font.startswith(".Vn") else "")


_NO_LOOK = _Look(bold=False, turned=-1, unseen=False)


def _turned(angle: float) -> int:
    """PDFium's angle (radians) as degrees by which the page must be turned to read it."""
    quarter = round(angle / (math.pi / 2))
    if abs(angle - quarter * math.pi / 2) > _ASLANT:
        return -1
    return (0, 270, 180, 90)[quarter % 4]


def _touch(box: Box, where: Box) -> bool:
    """Near on the same line. A missing space shows as a gap."""
    height = box[3] - box[1]
    gap = where[0] - box[2]
    return abs(where[3] - box[3]) < 0.45 * max(height, 1) and -0.6 * height < gap < 0.22 * height


def _letter(code: int) -> str:
    if code in _BULLETS or code in _HYPHENS:
        return "-"
    return chr(code) if code < 0x110000 else "\ufffd"


def _around(one: Box, other: Box) -> Box:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    return left, top, max(one[2], other[2]), max(one[3], other[3])


def _word(text: str, box: Box, look: _Look) -> Word:
    height = max(box[3] - box[1], 1.0)
    return Word(text, box[0], box[2], box[3] - 0.2 * height, height, look.bold)


def _objects(page: pdfium.PdfPage, place: _Placing) -> tuple[list[Rule], float]:
    """Drawn rules, and the share of the page that pictures cover."""
    rules: list[Rule] = []
    covered = 0.0
    for kind, box in _boxes(page, place):
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            covered += (box[2] - box[0]) * (box[3] - box[1])
        else:
            rules.extend(_rules(*box))
    area = place.width * place.height
    return rules, min(covered / area, 1.0) if area else 0.0


def _boxes(page: pdfium.PdfPage, place: _Placing) -> Iterator[tuple[int, Box]]:
    """Kind and place of drawn paths and pictures."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        thing = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind not in {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE}:
            continue
        if raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
            yield kind, place.box(left.value, bottom.value, right.value, top.value)


def _rules(left: float, top: float, right: float, bottom: float) -> Iterator[Rule]:
    """A thin path is a rule; a box drawn as one path has four."""
    if right - left < _THIN or bottom - top < _THIN:
        yield Rule(left, top, right, bottom)
    elif right - left > 10 and bottom - top > 10:
        yield Rule(left, top, left, bottom)
        yield Rule(right, top, right, bottom)
        yield Rule(left, top, right, top)
        yield Rule(left, bottom, right, bottom)
