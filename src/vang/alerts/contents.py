"""What somebody wants to warn of: the words, the place, the time. Checked before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vang.alerts.areas import Area
from vang.alerts.models import AlertVersion, TemplateVersion
from vang.alerts.models.alerts import MOST_HEADLINE, MOST_MINUTES, MOST_TEXT
from vang.alerts.models.words import (
    Category,
    Certainty,
    Event,
    Response,
    Severity,
    Status,
    Urgency,
)
from vang.base.languages import VIETNAMESE, languages
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.library.models import Recording

MOST_LANGUAGES = 5


@dataclass(frozen=True)
class Words:
    """One language. ``recording``: a person has spoken it."""

    language: str
    headline: str
    text: str
    instruction: str = ""
    recording: Recording | None = None


@dataclass(frozen=True)
class Contents:
    """Everything of a version."""

    event: str
    area: Area
    words: tuple[Words, ...]
    category: str = Category.OTHER
    response: str = Response.PREPARE
    urgency: str = Urgency.IMMEDIATE
    severity: str = Severity.SEVERE
    certainty: str = Certainty.LIKELY
    onset: datetime | None = None
    lasts_min: int = 360
    contact: str = ""
    note: str = ""
    template: TemplateVersion | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    polygons: tuple[Any, ...] = ()
    circle: Any = None


def checked(contents: Contents, status: str) -> tuple[Words, ...]:
    """The words as they are kept. Raises Refusal for what nobody should receive."""
    Event(contents.event), Category(contents.category)
    if not 5 <= contents.lasts_min <= MOST_MINUTES:
        raise Refusal("lasts", _("An alert is in force from 5 minutes to 72 hours."))
    if status == Status.EXERCISE and not contents.note.strip():
        raise Refusal("note-missing", _("Say in the note which exercise this is."))
    if not contents.area.words or not contents.area.audience.communes:
        raise Refusal("area-empty", _("Choose the communes it is for."))
    spoken = [one.language for one in contents.words]
    if VIETNAMESE not in spoken or len(set(spoken)) != len(spoken):
        raise Refusal("languages", _("Write it in Vietnamese, and once in each other language."))
    if len(spoken) > MOST_LANGUAGES or any(one not in languages() for one in spoken):
        raise Refusal("languages", _("Five languages at most, from the list."))
    return tuple(_cleaned(one) for one in contents.words)


def _cleaned(words: Words) -> Words:
    headline = " ".join(clean_text(words.headline).split())
    text, instruction = (clean_text(one).strip() for one in (words.text, words.instruction))
    if not headline or not text:
        raise Refusal("words-missing", _("A headline and a text are needed."))
    if len(headline) > MOST_HEADLINE or len(text) > MOST_TEXT or len(instruction) > MOST_TEXT:
        raise Refusal("words-long", _("This is too long to be understood over a loudspeaker."))
    return Words(words.language, headline, text, instruction, words.recording)


def table_of(version: AlertVersion) -> dict[str, Any]:
    """Everything that an approver is shown, for the hash that submitting freezes."""
    return {
        "alert": version.alert.identifier,
        "issuer": version.alert.unit.code,
        "msg_type": version.alert.msg_type,
        "status": version.alert.status,
        "version": version.number,
        "template": [version.template.template_id, version.template.number]
        if version.template
        else None,
        "values": version.values,
        "event": version.event,
        "category": version.category,
        "response": version.response,
        "urgency": version.urgency,
        "severity": version.severity,
        "certainty": version.certainty,
        "area": version.area_words,
        "units": version.units,
        "villages": version.villages,
        "clusters": version.clusters,
        "polygons": version.polygons,
        "circle": version.circle,
        "onset": version.onset.isoformat() if version.onset else None,
        "lasts_min": version.lasts_min,
        "contact": version.contact,
        "note": version.note,
        "texts": [
            {
                "language": one.language,
                "headline": one.headline,
                "text": one.text,
                "instruction": one.instruction,
                "way": one.way,
                "sound": one.rendition.key if one.rendition else None,
            }
            for one in version.texts.all()
        ],
    }
