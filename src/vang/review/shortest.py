"""The shortest way from one sequence to another: Myers' algorithm, within a bounded effort. Pure.

E. W. Myers, "An O(ND) difference algorithm and its variations", Algorithmica 1, 1986.
"""

from collections.abc import Sequence
from enum import Enum, auto

MOST_WORK = 150_000
"""Elements looked at before what is left is told as removed and added as a whole."""


class Step(Enum):
    """What to do next."""

    KEEP = auto()
    REMOVE = auto()
    ADD = auto()


def steps(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    """From ``old`` to ``new``, in order; equal ends are never looked at twice."""
    head = _equal(old, new)
    tail = _equal(old[head:][::-1], new[head:][::-1])
    middle = _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    return [Step.KEEP] * head + middle + [Step.KEEP] * tail


def _equal(old: Sequence[str], new: Sequence[str]) -> int:
    """How many elements the two begin with alike."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _middle(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    if not old or not new:
        return [Step.REMOVE] * len(old) + [Step.ADD] * len(new)
    trace = _trace(old, new)
    if trace is None:
        return [Step.REMOVE] * len(old) + [Step.ADD] * len(new)
    return _walked(trace, len(old), len(new))


def _trace(old: Sequence[str], new: Sequence[str]) -> list[dict[int, int]] | None:
    """The farthest points after 0, 1, 2 … changes; None when it would take too long."""
    n, m, work = len(old), len(new), 0
    farthest = {1: 0}
    trace: list[dict[int, int]] = []
    for changes in range(n + m + 1):
        trace.append(dict(farthest))
        for k in range(-changes, changes + 1, 2):
            down = k == -changes or (k != changes and farthest[k - 1] < farthest[k + 1])
            x = farthest[k + 1] if down else farthest[k - 1] + 1
            begun = x
            while x < n and x - k < m and old[x] == new[x - k]:
                x += 1
            farthest[k] = x
            work += 1 + x - begun
            if x >= n and x - k >= m:
                return trace
        work += changes  # copying the points is work too
        if work > MOST_WORK:
            return None
    return None  # never: n + m changes always suffice


def _walked(trace: Sequence[dict[int, int]], x: int, y: int) -> list[Step]:
    """The way back from the end, turned round."""
    found: list[Step] = []
    for changes in range(len(trace) - 1, 0, -1):
        farthest, k = trace[changes], x - y
        down = k == -changes or (k != changes and farthest[k - 1] < farthest[k + 1])
        k += 1 if down else -1
        before = farthest[k]
        kept = min(x - before, y - (before - k))
        found += [Step.KEEP] * kept
        found.append(Step.ADD if down else Step.REMOVE)
        x, y = before, before - k
    return [*[Step.KEEP] * x, *found[::-1]]
