"""The rundown of a programme (kết cấu chương trình): tune, bulletins, relay, closing. Pure.

The parts of one time of a programme follow each other on each cluster, with a breath between;
clusters that hear different bulletins hear them at once. A tune or a closing sounds only around
something: when nothing else is left of a session, it is silent.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from vang.airtime.board import BREATH_MS
from vang.airtime.wishes import RANK, Occurrence


def chained(
    occurrences: Iterable[Occurrence], stops: Mapping[str, int], begins: int
) -> list[Occurrence]:
    """The day's occurrences, those of programmes with a rundown one after another.

    ``stops`` before ``begins``, the start of the day, have taken an occurrence out already.
    """
    alone: list[Occurrence] = []
    sessions: dict[tuple[int, str], list[Occurrence]] = defaultdict(list)
    for one in occurrences:
        (sessions[one.wish.programme, one.time] if one.time else alone).append(one)
    for members in sessions.values():
        if all(one.wish.part == 0 for one in members):
            alone += members
        else:
            alone += _session(members, stops, begins)
    return alone


def _session(members: list[Occurrence], stops: Mapping[str, int], begins: int) -> list[Occurrence]:
    gone = [one for one in members if stops.get(one.id, begins) < begins]
    left = [one for one in members if stops.get(one.id, begins) >= begins]
    if not any(one.clusters for one in left if not one.wish.frame):
        return [one for one in members if not one.wish.frame]
    return gone + _in_a_row(sorted(left, key=_order), begins)


def _order(one: Occurrence) -> tuple[int, int, int, int, str]:
    wish = one.wish
    return wish.part, -RANK[wish.priority], one.placed, wish.placement, one.id


def _in_a_row(members: list[Occurrence], begins: int) -> list[Occurrence]:
    free: dict[int, int] = defaultdict(int)
    heard: dict[int, list[str]] = defaultdict(list)
    early = [one for one in members if one.placed < begins]
    rank = max((RANK[one.wish.priority] for one in early), default=0)
    age = min((one.placed for one in early), default=0)
    found = []
    for number, one in enumerate(members):
        offset = max((free[atom] for atom in one.atoms), default=0)
        before = tuple(sorted({key for atom in one.atoms for key in heard[atom]}))
        turn = (rank, age, one.wish.programme, number) if one.placed < begins else None
        wished = one.wished + offset
        found.append(one._replace(wished=wished, after=before, offset=offset, session=turn))
        for atom in one.atoms:
            free[atom] = offset + one.length + BREATH_MS
            heard[atom].append(one.id)
    return found
