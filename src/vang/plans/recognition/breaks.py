# ruff: noqa: E501 - patterns
"""Whether a line goes on with the one above it, as programs and hands break them. Pure."""

import re
from collections.abc import Sequence

from vang.library.formats.lines import Kind, Line
from vang.library.official.folding import flat, is_capitals
from vang.plans.recognition.duties import lead_of
from vang.plans.recognition.marks import Family, mark_of
from vang.plans.recognition.parts import part_of

_ENDED = re.compile(r"(?:[.;:!?…]|\./\.?)[\"”»)]*\s*$")
_OPEN = re.compile(
    r"(?:,|(?<!\w)(?:và|các|của|với|về|trước|tại|cho|đến|từ|trong|theo|là|Phòng|Ban|(?<!phòng )(?<!tra )(?<!đốc )(?<!đạo )Sở|Bộ|Ủy ban|Hội|Đoàn|Trung tâm|Tổ|Chi cục|Trường|Xã|Huyện))\s*$"
)
_BASIS = re.compile(r"\W*(?:can cu|theo de nghi|xet de nghi|thuc hien)\b.*,\s*$")
_GAPS = re.compile(r"\S\s{3,}\S.*\s{3,}\S")
_NAMES_A_BASIS = re.compile(
    r"can cu (?:luat|nghi|quyet|chi|thong|ke|cong|chuong|hien phap|phap|de an|ket luan)\b|(?:theo|xet) de nghi cua\b"
)
_OPEN_NUMBER = re.compile(r"(?<!\w)(?:ngày|tháng|năm|số|quý|Quý|Số)\s*$")
_FEWEST_SHOUTED = 8
_MOST_OF_A_LINE = 0.55
_SMALL_BEGINNINGS = 0.12
_WRAPPED_AT_MOST = 135
_NUMBER_LINE = 18
_SHORT_NUMBER = 6


def width_of(lines: Sequence[Line]) -> int:
    """The length to which lines were broken by hand or by a program; 0 where they were not."""
    if any(not line.begins or line.bold or line.centred or line.block for line in lines):
        return 0
    lengths = sorted(
        len(line.text.rstrip())
        for line in lines
        if line.kind == Kind.TEXT and not (has_cells(line.text) or _GAPS.search(line.text.strip()))
    )
    long = [length for length in lengths if length > 45]
    if len(long) < 4:
        return 0
    width = long[-1 - len(long) // 40]
    full = sum(length > 0.8 * width for length in long)
    filled = [line.text.strip() for line in lines if line.text.strip()]
    small = sum(text[0].islower() for text in filled)
    broken = full > 0.25 * len(long) or small > _SMALL_BEGINNINGS * len(filled)
    return width if long[-1] <= _WRAPPED_AT_MOST and broken else 0


def goes_on(
    texts: Sequence[str], gathered: Sequence[int], n: int, lines: Sequence[Line], width: int
) -> bool:
    line, before = lines[n], lines[gathered[-1]]
    if line.kind != Kind.TEXT or before.kind != line.kind or line.side != before.side:
        return False
    text, above = texts[n], texts[gathered[-1]]
    if not line.begins:
        return not (_is_numbered(text) and _ENDED.search(above))
    if _is_bare_mark(texts, gathered):
        return mark_of(text) is None
    if _OPEN_NUMBER.search(above) and text.lstrip()[:1].isdigit():
        return True
    if _begins(text) or line.bold != before.bold or has_cells(text + above):
        return False
    return _reads_on(texts, gathered, text, width)


def _begins(text: str) -> bool:
    """With a mark, or with a legal basis."""
    basis = text.lstrip()[:1].isupper() and _NAMES_A_BASIS.match(flat(text.strip()))
    return mark_of(text) is not None or bool(basis)


def _reads_on(texts: Sequence[str], gathered: Sequence[int], text: str, width: int) -> bool:
    above = texts[gathered[-1]]
    whole = " ".join(texts[place].strip() for place in gathered)
    broken = _OPEN.search(above) or (width and _is_full(above, text, width) and _is_list(whole))
    if not text.strip()[:1].islower() and not broken and _is_whole_heading(whole):
        return False
    return _joins(above, text, width)


def _is_numbered(text: str) -> bool:
    """Begins with a number or letter of a list, which readers of pages may not know: "2- "."""
    found = mark_of(text)
    return found is not None and bool(found.label)


def _joins(above: str, text: str, width: int) -> bool:
    """Whether a line without a mark goes on with the one above it."""
    first = text.strip()[:1]
    if width and _is_full(above, text, width) and not _is_shouted(text):
        return not _indented(text, above)
    if width and first.islower() and not _is_shouted(above):
        return True
    if not width and first.isupper() and _BASIS.match(flat(above)):
        return False
    if _ENDED.search(above) or _is_shouted(above) != _is_shouted(text):
        return False
    numbered = _OPEN_NUMBER.search(above) and (first.isdigit() or first in "IV")
    if first.islower() or _OPEN.search(above) or numbered:
        return True
    return len(above.strip()) > _MOST_OF_A_LINE * width > 0


def _is_shouted(text: str) -> bool:
    """A heading in capitals; "TT&TT." and "II/2026." are words that a line began with."""
    return is_capitals(text) and sum(c.isalpha() for c in text) >= _FEWEST_SHOUTED


def _is_whole_heading(text: str) -> bool:
    """Says all it has to: the name of a part, or of who has the duties below."""
    mark = mark_of(text)
    words = text[mark.end if mark else 0 :].strip()
    if is_capitals(words) or part_of(words, alone=True) is not None:
        return True
    lead = lead_of(words)
    return lead is not None and lead.heading


def _is_list(text: str) -> bool:
    """Names of several, so that one more may stand on the next line."""
    lead = lead_of(text[mark.end :] if (mark := mark_of(text)) else text)
    return lead is not None and len(lead.bodies) > 2


def _is_bare_mark(texts: Sequence[str], gathered: Sequence[int]) -> bool:
    """ "II." alone on its line: its words stand below."""
    above = texts[gathered[-1]].strip()
    if len(gathered) > 1 or len(above) > _NUMBER_LINE or not above:
        return False
    found = mark_of(f"{above} A")
    if found is None or found.end <= len(above) - 1:
        return False
    long = found.family in {Family.PART, Family.CHAPTER}
    return found.family != Family.DASH and (long or len(above) <= _SHORT_NUMBER)


def _is_full(above: str, text: str, width: int) -> bool:
    """The first word of the line below had no room any more."""
    word = text.split(maxsplit=1)[0]
    return len(above.rstrip()) + 1 + len(word) > width - 2


def _indented(text: str, above: str) -> bool:
    lead, other = (len(one) - len(one.lstrip()) for one in (text, above))
    return lead > other + 2


def has_cells(text: str) -> bool:
    return text.count("|") > 1 or text.count("\t") > 1
