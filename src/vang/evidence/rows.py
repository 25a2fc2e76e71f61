"""The as-run log as people read it: words, a badge, milliseconds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vang.base.languages import VIETNAMESE, language_name
from vang.evidence.models import AsRun
from vang.evidence.outcomes import is_proved
from vang.evidence.words import reason_words

State = AsRun.State


@dataclass(frozen=True)
class Line:
    """One occurrence on one cluster."""

    row: AsRun

    @property
    def title(self) -> str:
        return self.row.planned.title

    @property
    def language(self) -> str:
        """In which it was to be heard."""
        return language_name(self.row.planned.language)

    @property
    def is_vietnamese(self) -> bool:
        return self.row.planned.language == VIETNAMESE

    @property
    def proved(self) -> bool:
        return is_proved(self.row.state, self.row.reason)

    @property
    def look(self) -> str:
        """A badge; green only with proof."""
        if self.row.state == State.DONE and not self.proved:
            return "partial"
        return self.row.state.lower()

    @property
    def label(self) -> str:
        """Own words where the badge's would say too much or too little."""
        if self.row.state == State.DONE and not self.proved:
            return reason_words(self.row.reason)
        return ""

    @property
    def reason(self) -> str:
        return "" if self.label else reason_words(self.row.reason)

    @property
    def actual(self) -> datetime | None:
        return self.row.actual_start

    @property
    def error_ms(self) -> float | None:
        """First sample minus plan."""
        if self.row.error_us is None:
            return None
        return round(self.row.error_us / 1000, 1) or 0.0  # never minus zero

    @property
    def loudness_dbfs(self) -> float | None:
        return None if self.row.rms_cdb is None else round(self.row.rms_cdb / 100, 1)


def lines(rows: Iterable[AsRun]) -> list[Line]:
    return [Line(row) for row in rows]
