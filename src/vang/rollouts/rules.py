"""How devices are parted into groups, and when the next group may begin. Pure."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    WAIT = "wait"
    GO_ON = "go-on"
    HALT = "halt"


@dataclass(frozen=True)
class Score:
    """Of one group: how many devices it has, and how many are done or failed."""

    total: int
    done: int
    failed: int


def sizes(count: int, canary: int, groups: int) -> list[int]:
    """``canary`` devices first, the others in ``groups`` of about the same size; none is empty."""
    first = min(count, canary)
    left = count - first
    parts = min(groups, left)
    others = [left // parts + (1 if number < left % parts else 0) for number in range(parts)]
    return [*([first] if first else []), *others]


def verdict(score: Score, *, success_pct: int, error_pct: int) -> Verdict:
    """More failed than allowed stops; enough that are done let the next group begin; and so does
    nothing else: a group that ends with too few stops too."""
    if score.failed * 100 > error_pct * score.total:
        return Verdict.HALT
    if score.done * 100 >= success_pct * score.total:
        return Verdict.GO_ON
    if score.done + score.failed >= score.total:
        return Verdict.HALT
    return Verdict.WAIT
