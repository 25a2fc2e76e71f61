"""Which source is carried: the first of the list that is well. Pure.

Failing over is quick, coming back is slow: a source that flutters would otherwise be heard as a
programme that jumps.
"""

from collections.abc import Sequence

from vang.relays.watching import Condition, Watch

BACK_AFTER_S = 10.0
"""A better source must have been good for so long before it is carried again."""


def choose(watches: Sequence[Watch], carried: int | None, at: float) -> int | None:
    """The index to carry from now on, best first in ``watches``; None when nothing is well.

    ``carried`` is the present one.
    """
    well = [place for place, one in enumerate(watches) if one.condition(at) is Condition.GOOD]
    if carried is None or carried not in well:
        return well[0] if well else None
    better = [place for place in well if place < carried]
    steady = [place for place in better if watches[place].good_for(at) >= BACK_AFTER_S]
    return steady[0] if steady else carried
