"""The file of ``--once-alert``: one alert, read strictly, and never the real thing."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from vang.alerts.areas import area_of
from vang.alerts.contents import MOST_LANGUAGES, Contents, Words
from vang.alerts.models import Certainty, Event, Response, Severity, Status, Urgency
from vang.alerts.models.alerts import MOST_HEADLINE, MOST_MINUTES, MOST_TEXT
from vang.alerts.models.words import CATEGORY_OF
from vang.orgs.models import Unit
from vang_protocol import fields, strict_json

MOST_BYTES = 64 * 1024
_NEEDED = ("status", "event", "texts")
_MORE = ("villages", "lasts_min", "urgency", "severity", "certainty", "response", "contact", "note")


@dataclass(frozen=True)
class Wanted:
    """What the file asks for."""

    status: Status
    contents: Contents


def read_alert(data: bytes, unit: Unit, on: date) -> Wanted:
    """Raises Refused for what is no such file, Refusal for a place that is not there."""
    value = fields.table(strict_json.decode(data, limit=MOST_BYTES), "alert", _NEEDED, _MORE)
    status = fields.choice(value["status"], "status", Status)
    if status is Status.ACTUAL:
        fields.wrong("status", "a trial is a TEST or an EXERCISE, never the real thing")
    event = fields.choice(value["event"], "event", Event)
    villages = fields.rows(value.get("villages", []), "villages", 200)
    contents = Contents(
        event=event,
        area=area_of(unit, [fields.identifier(one, "villages") for one in villages], on),
        words=tuple(map(_words, fields.rows(value["texts"], "texts", MOST_LANGUAGES))),
        category=CATEGORY_OF[event],
        response=fields.choice(value.get("response", "Prepare"), "response", Response),
        urgency=fields.choice(value.get("urgency", "Immediate"), "urgency", Urgency),
        severity=fields.choice(value.get("severity", "Severe"), "severity", Severity),
        certainty=fields.choice(value.get("certainty", "Likely"), "certainty", Certainty),
        lasts_min=fields.whole(value.get("lasts_min", 60), "lasts_min", 5, MOST_MINUTES),
        contact=fields.text(value.get("contact", ""), "contact", 200),
        note=fields.text(value.get("note", ""), "note", 500),
    )
    return Wanted(status, contents)


def read_alert_file(path: Path, unit: Unit, on: date) -> Wanted:
    """As :func:`read_alert`; raises OSError too."""
    with path.open("rb") as file:
        return read_alert(file.read(MOST_BYTES + 1), unit, on)


def _words(value: Any) -> Words:
    table = fields.table(value, "texts", ("language", "headline", "text"), ("instruction",))
    return Words(
        fields.identifier(table["language"], "language"),
        fields.text(table["headline"], "headline", MOST_HEADLINE, 1),
        fields.text(table["text"], "text", MOST_TEXT, 1),
        fields.text(table.get("instruction", ""), "instruction", MOST_TEXT),
    )
