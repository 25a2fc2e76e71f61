"""The reporting line: who reports to whom before which day, and who is told next. Pure."""

import re

from vang.library.official.folding import flat
from vang.plans.recognition.bodies import bodies_at
from vang.plans.recognition.duties import lead_of
from vang.plans.recognition.lists import names
from vang.plans.recognition.rows import Kind, Reporting, Row

_REPORTS = re.compile(r"\bbao\s+cao\b(?!\s+vien)")
_TO = re.compile(
    r"(?<!\w)(?:ve|gui(?:\s+(?:ve|cho|den))?|cho|toi|den|voi|thong\s+qua|qua)\s*:?\s+(?=\S)"
)
_ONWARD = re.compile(
    r"(?:tong\s+hop|tham\s+muu|xay\s+dung\s+bao\s+cao)\s*(?:,|va)?\s*(?:tham\s+muu\s*,?\s*|tong\s+hop\s*,?\s*)?"
    r"(?:bao\s+cao|trinh|tham\s+muu|gui)\s+(?:ve\s+|cho\s+|gui\s+)?(?=\S)"
)
_STRAIGHT = re.compile(
    r"bao\s+cao\s+(?:ve\s+|gui\s+)?(?=ubnd|uy\s+ban|so\s|bo\s|thuong\s+truc|ban\s+chi\s+dao|chu\s+tich|dang\s+uy|huyen\s+uy)"
)


def reporting_of(row: Row, passage: str) -> Reporting | None:
    """``passage`` is the row's text in the document. None where nobody has to report."""
    folded = flat(passage)
    if not _REPORTS.search(folded):
        return None
    onward_at = _ONWARD.search(folded)
    end = onward_at.start() if onward_at else len(passage)
    onward = names(bodies_at(passage, onward_at.end())) if onward_at else ()
    to = _named(passage, folded, end)
    if not to and not (row.kind == Kind.REPORTING and row.deadlines):
        return None
    if not row.deadlines and row.kind != Kind.REPORTING:
        return None
    lead = lead_of(passage)
    reporters = lead.names if lead and row.kind == Kind.REPORTING else row.leads
    return Reporting(reporters, to, onward, row.deadlines, row.text, row.start, row.end)


def _named(passage: str, folded: str, end: int) -> tuple[str, ...]:
    """To whom: the first organisation after "về", "gửi", "cho" behind the word report."""
    reports = _REPORTS.search(folded)
    first = reports.start() if reports else 0
    begin = max(0, min(first, folded.find("gui") if "gui" in folded else first))
    for found in _TO.finditer(folded, begin, end):
        bodies = bodies_at(passage, found.end())
        if bodies:
            return names(bodies)
    straight = _STRAIGHT.search(folded, 0, end + 60)
    return names(bodies_at(passage, straight.end())) if straight else ()
