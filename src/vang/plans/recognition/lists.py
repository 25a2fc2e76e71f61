"""Lists of organisations where nothing else can stand: a cell, after a label, after "phối hợp với".
Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

from vang.library.official.folding import flat
from vang.plans.recognition.bodies import Body, begins, blanks, bodies_at, joint_at, verb_at
from vang.plans.recognition.lexicon import STOP, TOKEN

_MOST = 30
# What stands after "phối hợp với" and is nobody.
_NOBODY = re.compile(
    r"(?:nhau|nhieu|viec|noi\s+dung|chuong\s+trinh|hoat\s+dong|yeu\s+cau|cong\s+tac|dieu\s+kien|ke\s+hoach|quy\s+dinh"
    r"|thuc\s+te|nhiem\s+vu|phong\s+trao|cuoc|tinh\s+hinh|muc\s+tieu|hinh\s+thuc)(?!\w)"
)
_LONGEST_UNKNOWN = 7


def partners_at(text: str, start: int) -> list[Body]:
    """The names after "phối hợp với", where whoever is listed cooperates, known or not."""
    folded, found = flat(text), list[Body]()
    place = start
    while len(found) < _MOST:
        more = bodies_at(text, place) or _unknown_at(text, folded, place)
        if not more:
            break
        found += more
        if longer := _goes_on_unknown(text, folded, found[-1]):
            found[-1] = longer
        joint = joint_at(text, folded, found[-1].end)
        if joint is None:
            break
        place = joint.end()
    return found


def _goes_on_unknown(text: str, folded: str, body: Body) -> Body | None:
    """The name with unknown words behind it, where one more name follows them."""
    place = body.end + blanks(text, body.end)
    if place == body.end or not text[place : place + 1].isalpha():
        return None
    more = _unknown_at(text, folded, place)
    joint = joint_at(text, folded, more[-1].end) if more else None
    if joint is None or not begins(text, folded, joint.end()):
        return None
    return Body(f"{body.name} {more[-1].name}", body.start, more[-1].end)


def _unknown_at(text: str, folded: str, start: int) -> list[Body]:
    """Words up to the next joint, deed or end of the sentence, if they are few."""
    place = start
    for n in range(_LONGEST_UNKNOWN + 1):
        token = TOKEN.match(text, place)
        ends = token is None or not token[0][0].isalnum() or joint_at(text, folded, place)
        if ends or verb_at(text, folded, place) or STOP.match(folded, place):
            break
        if (n == 0 and (_NOBODY.match(folded, place) or text[place].isdigit())) or token is None:
            return []
        joint = joint_at(text, folded, token.end())
        place = token.end() if joint else token.end() + blanks(text, token.end())
    else:
        return []
    name = " ".join(text[start:place].split())
    return [Body(name, start, start + len(text[start:place].rstrip()))] if name else []


def names(bodies: list[Body]) -> tuple[str, ...]:
    """The names, each once."""
    return tuple(dict.fromkeys(body.name for body in bodies if body.name))


def names_listed(text: str) -> tuple[str, ...]:
    """All names of a cell or after a label; the whole text where no name is recognised."""
    told: list[str] = []
    for part in _parts(text):
        place = len(part) - len(part.lstrip(" -–+•"))
        whole = " ".join(part.strip(" -–+•.;:,").split())
        told += names(_all_names(part, place)) or [whole]
    return tuple(dict.fromkeys(name for name in told if name))


def _all_names(text: str, place: int) -> list[Body]:
    """The names that fill the text, each with what stands behind it up to a comma or "và"; none
    where something else begins."""
    folded, found = flat(text), list[Body]()
    end = len(text.rstrip(" .;,"))
    while place < end:
        more = bodies_at(text, place)
        if not more or len(found) > _MOST:
            return []
        *before, last = more
        place = last.end
        while place < end and joint_at(text, folded, place) is None:
            place += 1
        name = " ".join(text[last.start : place].split()).strip(" ,;-–.")
        found += [*before, Body(name, last.start, place)]
        joint = joint_at(text, folded, place)
        place = joint.end() if joint else end
    return found


def _parts(text: str) -> Iterator[str]:
    """At semicolons, and at dashes behind which a name begins."""
    for part in re.split(r"[\n;]", text):
        cuts = [
            d.start()
            for d in re.finditer(r"(?<=\s)[-–+](?=\s+\w)", part)
            if bodies_at(part, d.end())
        ]
        places = [0, *cuts, len(part)]
        yield from (part[a:b] for a, b in pairwise(places) if part[a:b].strip(" -–+"))
