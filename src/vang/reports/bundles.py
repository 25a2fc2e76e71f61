"""A signed report in one file, for a unit above whose Vang runs on another server.

The envelope is signed by the unit's own key (vang.dispatch.keys); whoever receives it verifies it
by a key that somebody compared and pinned, never by one that the file brings along.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.dispatch.keys import pinned_keys, routine_key
from vang.orgs.models import Unit
from vang.reports.models import Filing, Report, SenderKey, Value
from vang_protocol import fields, strict_json
from vang_protocol.envelopes import PublicKey, open_envelope, read_envelope, sign_envelope
from vang_protocol.reasons import Reason, Refused

TYPE = "application/vnd.vang.report.v1+json"
LIMIT = 4_000_000
"""Bytes."""
_MOST_ROWS = 400
_NAMES = (
    "v", "unit", "since", "form", "covers_from", "covers_to", "number", "reason", "signed_at",
    "signer", "values", "texts",
)  # fmt: skip
_VALUE = ("code", "milli", "system", "source", "text", "note")


@dataclass(frozen=True)
class Told:
    """What a verified bundle says. ``values`` and ``texts`` by code."""

    unit: str
    since: date
    form: str
    covers_from: date
    covers_to: date
    number: int
    reason: str
    signed_at: datetime
    signer: str
    values: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, str]
    sha256: str


def bundle_of(report: Report, filing: Filing, *, now: datetime) -> bytes:
    """The signed file of one submitted filing. Raises Refusal."""
    if filing.submitted_at is None or filing.signed_at is None:
        raise Refusal("not-submitted", _NOT_SUBMITTED)
    rows = filing.values.select_related("indicator").order_by("indicator__place")
    payload = {
        "v": 1,
        "unit": report.unit.code,
        "since": report.unit.valid_from.isoformat(),
        "form": report.round.version.form.code,
        "covers_from": report.round.covers_from.isoformat(),
        "covers_to": report.round.covers_to.isoformat(),
        "number": filing.number,
        "reason": filing.reason,
        "signed_at": filing.signed_at.isoformat(),
        "signer": filing.signer_name,
        "values": [_row(row) for row in rows],
        "texts": [
            {"code": one.section.code, "text": one.text}
            for one in filing.passages.select_related("section")
        ],
    }
    key = routine_key(report.unit, now=now)
    return sign_envelope(strict_json.canonical(payload), TYPE, key)


def _row(row: Value) -> dict[str, Any]:
    return {
        "code": row.indicator.code,
        "milli": row.milli,
        "system": row.system_milli,
        "source": row.source,
        "text": row.text,
        "note": row.note,
    }


def keys_of(unit: Unit) -> tuple[PublicKey, ...]:
    """Its own key on this server, and those that somebody pinned for it."""
    rows = SenderKey.objects.filter(unit=unit, ended_at=None)
    return (*pinned_keys(unit), *(PublicKey(one.public_key) for one in rows))


def unit_of(data: bytes) -> tuple[str, date]:
    """(code, first day) of the unit that a file claims to be of: to be verified afterwards.

    Raises Refusal.
    """
    try:
        envelope = read_envelope(data, LIMIT)
        table = strict_json.decode(bytes(envelope.payload), limit=LIMIT)
        code = fields.text(table["unit"], "unit", 16)
        return code, date.fromisoformat(fields.text(table["since"], "since", 10))
    except (Refused, KeyError, TypeError, ValueError) as error:
        raise Refusal("bundle-unreadable", _UNREADABLE) from error


def verified(data: bytes, keys: tuple[PublicKey, ...]) -> Told:
    """What it says, once its signature holds. Raises Refusal."""
    try:
        payload = open_envelope(data, payload_type=TYPE, keys=keys, limit=LIMIT)
        return _told(strict_json.decode_canonical(payload, limit=LIMIT), strict_json.digest(data))
    except Refused as refused:
        words = _WORDS.get(refused.reason, _UNREADABLE)
        raise Refusal(f"bundle-{_CODES.get(refused.reason, 'unreadable')}", words) from refused
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("bundle-unreadable", _UNREADABLE) from error


def _told(value: Any, sha256: str) -> Told:
    table = fields.table(value, "report", _NAMES)
    if table["v"] != 1:
        raise ValueError("a newer kind of bundle")
    values = [
        fields.table(one, "value", _VALUE)
        for one in fields.rows(table["values"], "values", _MOST_ROWS)
    ]
    texts = [
        fields.table(one, "text", ("code", "text"))
        for one in fields.rows(table["texts"], "texts", _MOST_ROWS)
    ]
    signed_at = datetime.fromisoformat(fields.text(table["signed_at"], "signed_at", 40))
    if signed_at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return Told(
        unit=fields.text(table["unit"], "unit", 16),
        since=date.fromisoformat(table["since"]),
        form=fields.text(table["form"], "form", 40),
        covers_from=date.fromisoformat(table["covers_from"]),
        covers_to=date.fromisoformat(table["covers_to"]),
        number=int(table["number"]),
        reason=str(table["reason"])[:500],
        signed_at=signed_at,
        signer=str(table["signer"])[:200],
        values={str(one["code"]): one for one in values},
        texts={str(one["code"]): str(one["text"])[:20_000] for one in texts},
        sha256=sha256,
    )


_CODES = {
    Reason.TOO_LARGE: "too-large",
    Reason.UNKNOWN_KEY: "unknown-key",
    Reason.BAD_SIGNATURE: "forged",
    Reason.WRONG_TYPE: "wrong-type",
}
_NOT_SUBMITTED = _("Only a signed and submitted report can be taken away as a signed file.")
_UNREADABLE = _("This is no signed report, or it was damaged on the way.")
_WORDS = {
    Reason.TOO_LARGE: _("The file is too large to be a report."),
    Reason.UNKNOWN_KEY: _(
        "It is signed by a key that nobody has compared yet. Ring the unit, compare the key that "
        "its page shows, and pin it first."
    ),
    Reason.BAD_SIGNATURE: _(
        "The signature does not fit: somebody has changed the file. Nothing was taken."
    ),
    Reason.WRONG_TYPE: _("This is a signed file of another kind."),
}
