"""What was found wrong or odd, where it stands, and the refusal that carries it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from vang.base.refusals import Refusal
from vang.cap.reasons import Caution, Reason

_SHOWN = 80
MOST = 50
"""So many findings tell enough of a file."""


@dataclass(frozen=True)
class Finding:
    """``about`` is the element's name and the beginning of its value; ``line`` 0 is unknown."""

    code: Reason | Caution
    line: int = 0
    about: str = ""

    @property
    def text(self) -> str | Promise:
        return self.code.text


def finding(code: Reason | Caution, line: int = 0, name: str = "", value: str = "") -> Finding:
    """With the value cut short and on one line."""
    shown = " ".join(value[: _SHOWN * 2].split())
    cut = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
    return Finding(code, line, f"{name}: {cut}" if name and cut else name or cut)


class NotAccepted(Refusal):
    """The message is refused: ``findings`` has at least one, the first names the code."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(first.code.value, first.text)
        self.findings = tuple(findings[:MOST])

    @property
    def line(self) -> int:
        return self.findings[0].line

    @property
    def about(self) -> str:
        return self.findings[0].about


def refuse(code: Reason, line: int = 0, name: str = "", value: str = "") -> NotAccepted:
    """The refusal for one finding."""
    return NotAccepted([finding(code, line, name, value)])
