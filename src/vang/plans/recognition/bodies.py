"""Names of organisations in running text, one by one, with their places. Pure.

Vietnamese writes the field of an office with one capital a word of two syllables ("Sở Tài chính")
and goes on in small letters, so a name ends where a small word is neither the second syllable of
such a word nor one that names go on with.
"""

import re
from dataclasses import dataclass

from vang.library.official.folding import flat
from vang.plans.recognition.lexicon import (
    CASED_HEAD,
    FIELD,
    GOES_ON,
    HEAD,
    ITEM,
    JOINT,
    LEVEL,
    MARKED,
    MARKED_HEADS,
    MARKED_INSIDE,
    NO_HEAD,
    OWN,
    PERSON,
    STOP,
    TOKEN,
    VERB,
)

_DASH = re.compile(r"\s*[-–—/]\s*(?=\w)")
_AFTER_OFFICE = re.compile(
    r"van phong (?:hdnd|hoi dong nhan dan|doan dbqh|dang uy|tinh uy|huyen uy)$"
)
_ORGANISES = re.compile(r"(?:to chuc|thong tin|kinh te|giao duc|van hoa|dich vu)(?![\w])")
_MAY_ORGANISE = re.compile(r"(?:^|\s)(?:cac|va|hoi|voi|cung)$|[,;]$")
_COUNTED = re.compile(r"(?:so|thon|to|khu pho|khu vuc|khoi|quan|ap)$")
_WHO = re.compile(r"(?:thanh vien|can bo|lanh dao)")
_LONGEST = 260
_MOST = 30


@dataclass(frozen=True)
class Body:
    """The name as it stands, and its place in the text that was searched."""

    name: str
    start: int
    end: int


def bodies_at(text: str, start: int) -> list[Body]:
    """The names that follow each other from ``start`` on; none where none begins there."""
    folded, found = flat(text), list[Body]()
    place = start + len(text[start:]) - len(text[start:].lstrip())
    while len(found) < _MOST and (end := _name_end(text, folded, place)) is not None:
        found.append(Body(" ".join(text[place:end].split()).rstrip(" ,;-–"), place, end))
        joint = joint_at(text, folded, end)
        if joint is None or not begins(text, folded, joint.end()):
            break
        place = joint.end()
    return found


def is_duty_word(text: str, place: int) -> bool:
    """A small verb stands there, such as a duty begins with."""
    first = text[place : place + 1]
    return bool(first) and verb_at(text, flat(text), place) is not None


def after_deeds(folded: str) -> str:
    """What stands behind the verbs with which a duty begins."""
    while deed := VERB.match(folded):
        folded = folded[deed.end() :].lstrip(" ,")
        folded = folded.removeprefix("va ")
    return folded


def joint_at(text: str, folded: str, place: int) -> re.Match[str] | None:
    """A comma, "và" or "cùng", but not "Cung ứng"."""
    found = JOINT.match(folded, place)
    if found is None:
        return None
    words = re.findall(r"\w+", text[found.start() : found.end()].lower())
    return found if all(word in {"và", "cùng", "với"} for word in words) else None


def verb_at(text: str, folded: str, place: int) -> re.Match[str] | None:
    """The deed that stands there; those of one syllable are told by their marks."""
    found = VERB.match(folded, place)
    if found is None or " " in found[0]:
        return found
    return found if text[place : found.end()].lower() in MARKED else None


def begins(text: str, folded: str, place: int) -> bool:
    if NO_HEAD.match(folded, place):
        return False
    if FIELD.match(folded, place):
        return text[place].isupper()
    person = PERSON.match(folded, place)
    if (
        person
        and text[place].isupper()
        and text[person.end()].isupper()
        and begins(text, folded, person.end())
    ):
        return True
    if HEAD.match(folded, place):
        return not (
            verb_at(text, folded, place) and text[place].islower() and _is_verb_only(folded, place)
        )
    found = CASED_HEAD.match(folded, place)
    if found is None or not text[place].isupper():
        return False
    return " " in found[0] or text[place : found.end()].lower() in MARKED_HEADS


def _is_verb_only(folded: str, place: int) -> bool:
    """ "thanh tra" and "lãnh đạo" written small are deeds unless they are said to be bodies."""
    return re.match(r"(?:thanh tra|to chuc)(?![\w])", folded[place:]) is not None


def _name_end(text: str, folded: str, start: int) -> int | None:
    if not begins(text, folded, start):
        return None
    person = PERSON.match(folded, start)
    if person and text[person.end()].isupper() and begins(text, folded, person.end()):
        inner = _name_end(text, folded, person.end())
        if inner is not None:
            return inner
    head = (
        FIELD.match(folded, start) or HEAD.match(folded, start) or CASED_HEAD.match(folded, start)
    )
    assert head is not None  # noqa: S101 - one of them began the name
    end = head.end()
    while end - start < _LONGEST and (more := _more(text, folded, start, end)):
        end = more
    return end


def _is_collective(folded: str, start: int, end: int) -> bool:
    """ "các xã", "UBND các xã"; "cơ quan, đơn vị" without "các" too."""
    item = ITEM.match(folded, start)
    bare = item is not None and JOINT.match(folded, item.end()) is not None
    return bare or re.search(r"(?:^|\s)cac\s", folded[start:end]) is not None


def _more(text: str, folded: str, start: int, end: int) -> int | None:
    """Where the name's next part ends; None where the name ends."""
    joint = joint_at(text, folded, end)
    if joint is not None:
        return _after_joint(text, folded, start, joint)
    dash = _DASH.match(folded, end)
    place = dash.end() if dash else end + blanks(text, end)
    if place >= len(text) or (place == end and not dash):
        return None
    if text[place] == "(":
        return _bracketed(text, place)
    return _word(text, folded, start, place)


def blanks(text: str, place: int) -> int:
    return len(text[place:]) - len(text[place:].lstrip())


def _bracketed(text: str, place: int) -> int | None:
    close = text.find(")", place)
    return close + 1 if 0 < close - place < 80 else None


def _after_joint(text: str, folded: str, start: int, joint: re.Match[str]) -> int | None:
    """After a comma or "và": one more of a collective's kinds, or more of an office's field."""
    place = joint.end()
    if text[joint.start() : place].strip().startswith(";") or OWN.match(folded, place):
        return None
    if _AFTER_OFFICE.search(folded[start : joint.start()]) and re.match(
        r"(?:ubnd|hdnd|uy ban)", folded[place:]
    ):
        return _word(text, folded, start, place)
    if _is_collective(folded, start, joint.start()):
        end = _next_kind(text, folded, place)
        if end is not None:
            return end or None
    ended = LEVEL.search(folded[start : joint.start()])
    if ended or begins(text, folded, place) or not text[place].isupper():
        return None
    return _word(text, folded, start, place)


def _next_kind(text: str, folded: str, place: int) -> int | None:
    """Where one more kind of a collective ends; 0 where a name of its own begins, or a deed; None
    where neither is known."""
    item, own = ITEM.match(folded, place), HEAD.match(folded, place)
    verb = verb_at(text, folded, place)
    if own and item and own.end() > item.end() and text[place].isupper():
        return 0
    deed = item and verb and verb.end() > item.end()
    if item and not deed and not _is_proper(text, folded, place, item.end()):
        return item.end()
    known = GOES_ON.match(folded, place)
    if known and text[place].islower() and not begins(text, folded, place):
        return 0 if verb and verb.end() >= known.end() else known.end()
    return None


def _is_proper(text: str, folded: str, place: int, end: int) -> bool:
    """ "Sở Tài chính" in a list of bodies is one of its own, "Sở, Ban, Ngành" is one name."""
    following = text[end:].lstrip()[:1]
    return text[place].isupper() and following.isupper() and folded[place:end] != "cac"


def _word(text: str, folded: str, start: int, place: int) -> int | None:
    token = TOKEN.match(text, place)
    if token is None or not token[0][0].isalnum():
        return None
    word, before = token[0], text[start:place].rstrip()
    end = token.end() - len(word) + len(word.rstrip(".'’"))
    if word[0].isupper():
        own = HEAD.match(folded, place)
        longer = max(end, own.end()) if own else end
        return longer if not _ends_sentence(before) else None
    last = re.search(r"\S+$", before)
    second = last is not None and last[0][0].isupper() and not last[0].isupper()
    second = second and not (last and _ends_proper(before[: last.start()]))
    if word[0].isdigit():
        return end if second or _COUNTED.search(flat(before)) else None
    known = _known(text, folded, start, place)
    if known is not None:
        return known
    verb = verb_at(text, folded, place)
    if STOP.match(folded, place) and not verb:
        return _second(folded, place, end) if second else None
    return end if not verb and (second or before.endswith((" các", " Các"))) else None


def _ends_proper(before: str) -> bool:
    """ "Cửa" before "Lạch": a name of two words ends there, and the word of an office's field
    stands behind its head or a small one."""
    words = before.split()
    if len(words) < 2 or not words[-1][0].isupper() or words[-1].isupper():
        return False
    return CASED_HEAD.fullmatch(flat(words[-1])) is None


def _known(text: str, folded: str, start: int, place: int) -> int | None:
    """The end of a small word or phrase that names go on with."""
    if text.startswith("cùng cấp", place):
        return place + len("cùng cấp")
    known, verb = GOES_ON.match(folded, place), verb_at(text, folded, place)
    if known is None or (
        " " not in known[0] and text[place : known.end()].lower() not in MARKED_INSIDE
    ):
        return None
    if known[0].startswith("phu trach") and _WHO.match(folded, start):
        return known.end()
    deed = verb is not None and verb.end() >= known.end()
    return None if deed and not _organises(folded, start, place) else known.end()


def _second(folded: str, place: int, end: int) -> int | None:
    """ "Lao động", "Mặt trận": syllables that are words of their own elsewhere."""
    before = re.search(r"(\S+)\s+$", folded[:place])
    pair = f"{before[1]} {folded[place:end]}" if before else ""
    return end if pair in {"lao dong", "cong dong", "hoat dong", "van dong", "quan trong"} else None


def _organises(folded: str, start: int, place: int) -> bool:
    """ "các tổ chức" are bodies, "phường tổ chức" is a deed."""
    before = folded[start:place].rstrip()
    return _ORGANISES.match(folded, place) is not None and _MAY_ORGANISE.search(before) is not None


def _ends_sentence(before: str) -> bool:
    return before.endswith((".", ":", ";", "!", "?")) and not re.search(r"\b[A-ZĐ]{1,4}\.$", before)
