"""A received warning as its pages show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from vang.base.languages import language_name
from vang.cap.model import Alert, Info
from vang.upstream.models import Decision, Received
from vang.upstream.words import CERTAINTY, MSG_TYPE, SEVERITY, STATUS, URGENCY

Words = str | Promise


@dataclass(frozen=True)
class Row:
    """``state`` is a key of vang.base.states."""

    received: Received
    state: str
    tone: str
    severity: Words
    urgency: Words
    certainty: Words
    status: Words
    real: bool
    kind: Words
    first: bool
    until: datetime | None


def row_shown(row: Received, now: datetime, decided: str | None = None) -> Row:
    """``decided`` where the query did not bring it."""
    tone, severity = SEVERITY.get(row.severity, ("plain", ""))
    return Row(
        received=row,
        state=_state(row, now, decided or getattr(row, "decided", None)),
        tone=tone,
        severity=severity,
        urgency=URGENCY.get(row.urgency, ""),
        certainty=CERTAINTY.get(row.certainty, ""),
        status=STATUS.get(row.status, row.status),
        real=row.status == "Actual",
        kind=MSG_TYPE.get(row.msg_type, row.msg_type),
        first=row.msg_type == "Alert",
        until=row.expires,
    )


def _state(row: Received, now: datetime, decided: str | None) -> str:
    if row.ended_by is not None:
        return "warning_cancelled" if row.ended_by.msg_type == "Cancel" else "warning_updated"
    if decided is not None:
        taken = decided == Decision.State.TAKEN
        return "warning_taken" if taken else "warning_dismissed"
    return "warning_new" if row.holds_until > now else "warning_over"


def infos_shown(alert: Alert) -> list[dict[str, Any]]:
    """Its parts, Vietnamese first, each with the name of its language."""
    ordered = sorted(alert.infos, key=lambda info: not info.language.lower().startswith("vi"))
    return [_info(info) for info in ordered]


def _info(info: Info) -> dict[str, Any]:
    code = info.language.split("-")[0].lower()
    return {
        "info": info,
        "lang": code,
        "language": language_name(code) or info.language,
        "areas": [one.description for one in info.areas if one.description.strip()],
        "resources": info.resources[:20],
    }
