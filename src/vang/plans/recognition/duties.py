# ruff: noqa: E501 - patterns set like tables
"""Who a paragraph makes do what with whom: leads, those who cooperate, and its single duties. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from vang.library.official.folding import flat, phrases
from vang.plans.recognition.bodies import Body, after_deeds, bodies_at, is_duty_word
from vang.plans.recognition.deadlines import deadlines_in
from vang.plans.recognition.lists import names, partners_at
from vang.plans.recognition.rows import Duty, Manner

_REQUEST = r"(?:kinh\s+)?de\s+nghi"
_ASSIGN = r"(?:uy\s+ban\s+nhan\s+dan|ubnd)?(?:\s+(?:xa|phuong|tinh|huyen|thanh pho))?\s*(?:giao|yeu\s+cau|phan\s+cong|uy\s+quyen)(?:\s+(?:cho|trach\s+nhiem\s+cho|nhiem\s+vu\s+cho))?"
_DUTY_OF = r"(?:trach\s+nhiem\s+(?:cua\s+)?|nhiem\s+vu\s+cua\s+|doi\s+voi\s+|phan\s+cong\s+)"
_MANNER = re.compile(
    rf"\s*(?:(?P<request>{_REQUEST})|(?P<assign>{_ASSIGN})|(?P<of>{_DUTY_OF}))\s*:?\s*(?=\S)"
)
_GIVES = re.compile(r"\s*(?:giao|yeu\s+cau|phan\s+cong)(?:\s+cho)?\s+")
_TITLE_END = re.compile(r"\s*(?:\([^()]{0,120}\)\s*)?[.:;–-]?\s*$")
_COLON = re.compile(r"\s*(?:\([^()]{0,120}\)\s*)?:\s*")
_LINKS = re.compile(
    r"\s*(?:[,–-]\s*)?(?:co\s+(?:trach\s+nhiem|nhiem\s+vu)|chiu\s+trach\s+nhiem|la\s+(?:co\s+quan|don\s+vi|dau\s+moi)"
    r"|theo\s+|can\s+cu\s+|tren\s+co\s+so\s+|hang\s+nam|hang\s+thang|hang\s+quy|dinh\s+ky|truoc\s+ngay|trong\s+pham\s+vi"
    r"|khi\s+|ngoai\s+|cung\s+voi\s+|cung\s+)"
)
_INLINE = re.compile(
    r"(?:^|(?<=[.;,:]\s)|(?<=[.;]))\s*(?:dong\s+thoi\s*,?\s*)?(?P<verb>(?:kinh\s+)?de\s+nghi|(?:ubnd\s+\w+\s+)?giao|yeu\s+cau|phan\s+cong|uy\s+quyen)(?:\s+cho)?\s+(?=\S)"
)
_WITH = re.compile(
    r"phoi\s+hop(?:\s+chat\s+che|\s+dong\s+bo|\s+thuong\s+xuyen|\s+kip\s+thoi|\s+tot|\s+lien\s+nganh)*\s*(?:,\s*)?(?:voi|cung(?:\s+voi)?)\s+(?=\S)"
    r"|(?<!\w)cung\s+voi\s+(?=\S)|(?<!\w)cung\s+(?=cac\s)"
)
_BARE_WITH = re.compile(r"phoi\s+hop\s+(?!voi|cung)(?=\S)")
_AND_VERB = re.compile(r"\s(?:va|dong\s+thoi)\s+(?=\S)|,\s*dong\s+thoi\s*,?\s*(?=\S)")
_ALSO = re.compile(r"(?:dong\s+thoi|ngoai\s+ra|ben\s+canh\s+do)\s*,?\s*")
_SENTENCE = re.compile(r"[.!?…]+[\"”)]?\s+(?=[\"“(]?[^\W\d_a-z])")
_SHORT = re.compile(r"(?:\b[A-ZĐ]{1,5}|\b(?:Tp|Tx|Tt|Ths|v\.v|STT))$")
_OWN_PROCEDURE = re.compile(r",\s*(?=giai\s+quyet\s+(?:khieu\s+nai|don\s+thu|to\s+cao))")
_OPENING_VERBS = re.compile(
    phrases(
        "tham muu, xay dung, huong dan, tong hop, bao cao, to chuc, theo doi, don doc, kiem tra,"
        "day manh, tang cuong, chi dao, giai quyet, xu ly, lap, trien khai, phan cong, de xuat,"
        "dang tai, cung cap, phat song, bo tri, gui, mo, thanh lap, quan ly, danh gia, xem xet"
    )
    + r"(?!\w)"
)
_NO_DEED = re.compile(
    r"(?:la|duoc|bi|da|dang|chua|con|co|khong|va|cua|tai|trong|o|voi|cho|tu|den|nay|do|nhu|cung\s+nhu|hoac|se|phai|can)(?!\w)"
)
_VERBS_ONLY = re.compile(r"(?:[\w]+\s*,?\s*){0,3}")
_CHAIN = re.compile(r"\s*(?:chu\s+tri|phoi\s+hop)\b")


@dataclass(frozen=True)
class Lead:
    """The organisations at the beginning of a paragraph. ``rest`` is where the duty begins, or the
    text's length for a heading that names nobody's duty yet."""

    bodies: list[Body]
    manner: Manner
    rest: int
    heading: bool

    @property
    def names(self) -> tuple[str, ...]:
        return names(self.bodies)


def lead_of(text: str, start: int = 0, *, given: bool = False) -> Lead | None:
    """Who the paragraph begins with: "Giao Sở Y tế chủ trì …", "Phòng Văn hóa:". ``given`` says
    that duties are given here, so that any deed may follow the names."""
    folded = flat(text)
    told = _MANNER.match(folded, start)
    manner, place = Manner.PLAIN, start
    if told is not None:
        manner = _manner(told)
        place = told.end()
    bodies = bodies_at(text, place)
    if not bodies and told is not None:
        manner, place = Manner.PLAIN, start
        bodies = bodies_at(text, start)
    if not bodies:
        return None
    end = bodies[-1].end
    if (gives := _GIVES.match(folded, end)) and (inner := bodies_at(text, gives.end())):
        bodies, manner, end = inner, Manner.ASSIGNED, inner[-1].end
    if _TITLE_END.fullmatch(folded[end:]):
        return Lead(bodies, manner, len(text), heading=True)
    if colon := _COLON.match(folded, end):
        return Lead(bodies, manner, colon.end(), heading=False)
    rest = _rest(text, folded, end, any_deed=given or told is not None)
    return Lead(bodies, manner, rest, heading=False) if rest is not None else None


def _manner(told: re.Match[str]) -> Manner:
    if told["request"]:
        return Manner.REQUESTED
    return Manner.ASSIGNED if told["assign"] else Manner.PLAIN


def _rest(text: str, folded: str, end: int, *, any_deed: bool) -> int | None:
    """Where the duty begins after the names; None when no duty follows them. ``any_deed``: it may
    begin with any small word that does not tell what they are or were."""
    if (linked := _LINKS.match(folded, end)) is not None:
        return end + len(linked[0]) - len(linked[0].lstrip(" ,–-"))
    place = end + len(text[end:]) - len(text[end:].lstrip(" ,–-"))
    small = text[place : place + 1].islower() and not _NO_DEED.match(folded, place)
    return place if is_duty_word(text, place) or (any_deed and small) else None


def leads_inside(text: str) -> Iterator[Lead]:
    """ "… . Giao Sở Tài chính …; đề nghị Ủy ban MTTQ …" after the beginning."""
    folded = flat(text)
    for found in _INLINE.finditer(folded):
        bodies = bodies_at(text, found.end())
        if not bodies:
            continue
        requested = found["verb"].endswith("de nghi")
        manner = Manner.REQUESTED if requested else Manner.ASSIGNED
        yield Lead(bodies, manner, bodies[-1].end, heading=False)


def cooperating_in(text: str) -> tuple[str, ...]:
    """After "phối hợp với", "cùng với"."""
    return tuple(dict.fromkeys(name for _place, found in _joined(text) for name in names(found)))


def _joined(text: str) -> Iterator[tuple[int, list[Body]]]:
    for found in _WITH.finditer(flat(text)):
        yield found.start(), partners_at(text, found.end())
    for found in _BARE_WITH.finditer(flat(text)):
        if text[found.end()].isupper():
            yield found.start(), bodies_at(text, found.end())


def duties_in(text: str, begin: int, at: int) -> tuple[Duty, ...]:
    """The things that the text asks for from ``begin`` on; ``at`` is the text's place in the
    document."""
    cuts = sorted({begin, *_cuts(text, begin), len(text)})
    told = []
    for start, end in pairwise(cuts):
        part = text[start:end]
        first = start + len(part) - len(part.lstrip(" ;,.:"))
        last = start + len(part.rstrip())
        if first >= last or not any(c.isalnum() for c in text[first:last]):
            continue
        words = text[first:last]
        told.append(
            Duty(
                " ".join(words.split()).rstrip(" ;,"),
                at + first,
                at + last,
                cooperating_in(words),
                tuple(d.shifted(at + first) for d in deadlines_in(words)),
            )
        )
    return tuple(told)


def _cuts(text: str, begin: int) -> Iterator[int]:
    folded = flat(text)
    for found in _SENTENCE.finditer(text, begin):
        if _SHORT.search(text[: found.start()]) is None and not _in_brackets(text, found.start()):
            yield found.end()
    for found in re.finditer(r";\s*", folded[begin:]):
        place = begin + found.end()
        also = _ALSO.match(folded, place)
        starts = place if also is None else also.end()
        if not _in_brackets(text, begin + found.start()) and _is_duty(text, starts):
            yield place
    for found in _AND_VERB.finditer(folded, begin):
        if _parts(text, folded, begin, found):
            yield found.end()
    for found in _OWN_PROCEDURE.finditer(folded, begin):
        yield found.end()


def _is_duty(text: str, place: int) -> bool:
    if is_duty_word(text, place):
        return True
    lead = lead_of(text, place)
    return lead is not None and not lead.heading


def _in_brackets(text: str, place: int) -> bool:
    return text.count("(", 0, place) > text.count(")", 0, place)


def _parts(text: str, folded: str, begin: int, found: re.Match[str]) -> bool:
    """Whether "và" joins two duties and not two verbs of one, or two things."""
    place = found.end()
    if not _OPENING_VERBS.match(folded, place) or not text[place].islower():
        return False
    if _in_brackets(text, found.start()):
        return False
    after = _OPENING_VERBS.match(folded, place)
    follows = folded[after.end() :].strip() if after else ""
    before = re.split(r"[;.]", folded[begin : found.start()])[-1].strip()
    return len(after_deeds(before).split()) > 1 and len(follows.split()) > 2
