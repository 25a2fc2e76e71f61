"""A draft as plain values, for JSON. Pure."""

from typing import Any

from vang.plans.recognition.deadlines import Deadline, Point, Repeat
from vang.plans.recognition.rows import PlanDraft, Reporting, Row


def to_plain(draft: PlanDraft) -> dict[str, Any]:
    """Places count in ``text``; ``rows`` hold every paragraph once."""
    period = draft.period
    return {
        "kind": draft.kind,
        "title": draft.title,
        "issuer": draft.issuer,
        "number": draft.number,
        "issued_on": draft.issued_on.isoformat() if draft.issued_on else None,
        "place": draft.place,
        "period": None if period is None else {
            "first": period.first.isoformat(), "last": period.last.isoformat(),
            "text": period.text, "sure": period.sure,
        },
        "legal_bases": list(draft.bases),
        "mentioned_documents": list(draft.mentioned),
        "objectives": [_row(row) for row in draft.rows if row.kind.value == "objective"],
        "actors": [{"name": a.name, "organisations": list(a.organisations), "section": a.section,
             "rows": list(a.rows)}
            for a in draft.actors
        ],
        "tasks": [_row(row) for row in draft.rows if row.kind.value == "task"],
        "reporting": [_reporting(one) for one in draft.reporting],
        "recipients": list(draft.recipients),
        "signer": draft.signer,
        "signer_post": draft.signer_post,
        "authority": draft.authority,
        "rows": [_row(row) for row in draft.rows],
        "not_understood": [_row(row) for row in draft.rows if row.kind.value == "unknown"],
        "text": draft.text,
    }  # fmt: skip


def _row(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "code": row.code,
        "section": list(row.path),
        "text": row.text,
        "start": row.start,
        "end": row.end,
        "also": [list(span) for span in row.also],
        "lead": list(row.leads),
        "manner": row.manner.value,
        "cooperating": list(row.cooperating),
        "deadlines": [deadline_to_plain(one) for one in row.deadlines],
        "product": row.product,
        "targets": [{"text": t.text, "number": t.number, "unit": t.unit} for t in row.targets],
        "duties": [
            {
                "text": duty.text, "start": duty.start, "end": duty.end,
                "cooperating": list(duty.cooperating),
                "deadlines": [deadline_to_plain(one) for one in duty.deadlines],
            }
            for duty in row.duties
        ],
        "doubts": [doubt.value for doubt in row.doubts],
    }  # fmt: skip


def _reporting(one: Reporting) -> dict[str, Any]:
    return {
        "reporters": list(one.reporters),
        "to": list(one.to),
        "onward": list(one.onward),
        "deadlines": [deadline_to_plain(deadline) for deadline in one.deadlines],
        "text": one.text,
        "start": one.start,
        "end": one.end,
    }


def deadline_to_plain(deadline: Deadline) -> dict[str, Any]:
    """Days as {"day", "month", "year"}: 0 for the last day, every month, a year not told."""
    return {
        "text": deadline.text,
        "start": deadline.start,
        "end": deadline.end,
        "repeat": deadline.repeat.value,
        "days": deadline.days,
        "points": [{"day": p.day, "month": p.month, "year": p.year} for p in deadline.points],
    }


def deadline_from_plain(plain: dict[str, Any]) -> Deadline:
    """Raises KeyError, TypeError or ValueError for anything else than the above gave."""
    points = tuple(Point(int(p["day"]), int(p["month"]), int(p["year"])) for p in plain["points"])
    return Deadline(
        str(plain["text"]),
        int(plain["start"]),
        int(plain["end"]),
        points,
        Repeat(plain["repeat"]),
        int(plain["days"]),
    )
