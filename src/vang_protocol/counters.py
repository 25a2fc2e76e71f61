"""Which numbers of an issuer's commands were used: strictly once, in about the right order."""

from dataclasses import dataclass

from vang_protocol.reasons import Reason, Refused

WINDOW = 64
"""Commands may overtake one another by so many."""
MOST_JUMP = 1_000_000
"""A number farther ahead is a thief's, meant to make every later one look old."""


@dataclass(frozen=True)
class Counter:
    """``used``: bit n is set when ``highest`` - n was used. A new epoch begins at 0."""

    epoch: int
    highest: int = 0
    used: int = 0

    def is_past(self, seq: int) -> bool:
        """So far behind that it is not remembered any more whether it was used."""
        return self.highest - seq >= WINDOW

    def after(self, epoch: int, seq: int) -> "Counter":
        """The counter once ``seq`` is used.

        Raises Refused(WRONG_EPOCH, SEQUENCE_USED, SEQUENCE_JUMP).
        """
        if epoch < self.epoch:
            raise Refused(Reason.WRONG_EPOCH, f"{epoch}, at {self.epoch}")
        here = self if epoch == self.epoch else Counter(epoch)
        ahead = seq - here.highest
        if ahead > MOST_JUMP:
            raise Refused(Reason.SEQUENCE_JUMP, f"{seq}, at {here.highest}")
        if ahead > 0:
            used = (here.used << ahead | 1) & _MASK if ahead < WINDOW else 1
            return Counter(epoch, seq, used)
        if -ahead >= WINDOW or here.used >> -ahead & 1:
            raise Refused(Reason.SEQUENCE_USED, f"{seq}, at {here.highest}")
        return Counter(epoch, here.highest, here.used | 1 << -ahead)


_MASK = (1 << WINDOW) - 1
