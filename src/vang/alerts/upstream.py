"""A draft of our own from a warning that came from above: a person reads it, and decides."""

from datetime import date, datetime
from unicodedata import normalize

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.alerts.areas import area_of, choices_of
from vang.alerts.contents import MOST_LANGUAGES, Contents, Words
from vang.alerts.drawing import Drawing, drawing_of
from vang.alerts.models.alerts import MOST_HEADLINE, MOST_MINUTES, MOST_TEXT
from vang.alerts.models.words import CATEGORY_OF, Certainty, Event, Response, Severity, Urgency
from vang.alerts.services import create_alert
from vang.base.clock import local_date
from vang.base.languages import VIETNAMESE, languages
from vang.base.text import clean_text
from vang.cap.model import Alert as Told
from vang.cap.model import Info
from vang.cap.reading import read
from vang.orgs.models import Unit
from vang.orgs.queries import communes_below
from vang.people.models import Person
from vang.upstream.matching import matches_of
from vang.upstream.models import Received

_EVENTS = (
    ("lũ quét", Event.FLASH_FLOOD),
    ("flash flood", Event.FLASH_FLOOD),
    ("sạt lở", Event.LANDSLIDE),
    ("landslide", Event.LANDSLIDE),
    ("vỡ đập", Event.DAM),
    ("xả lũ", Event.DAM),
    ("cháy rừng", Event.FOREST_FIRE),
    ("bão", Event.STORM),
    ("áp thấp", Event.STORM),
    ("storm", Event.STORM),
    ("typhoon", Event.STORM),
    ("ngập", Event.FLOOD),
    ("lũ", Event.FLOOD),
    ("flood", Event.FLOOD),
    ("dịch", Event.EPIDEMIC),
)
"""With their marks: without them every "cảnh báo" would be a storm."""


def draft_from(received: Received, unit: Unit, by: Person, now: datetime) -> str:
    """For the registry of upstream: a test, until somebody copies it as the real thing.

    Gives the address of its page. Raises Refusal.
    """
    told = read(bytes(received.content), now=now).alert
    info = _main(told.infos)
    drawing = drawing_of(info.areas if info else ())
    event = _event(received.event)
    today = local_date(now)
    left = int((received.holds_until - now).total_seconds() // 60)
    alert = create_alert(
        unit=unit,
        contents=Contents(
            event=event,
            area=area_of(unit, _places(told, unit, today), today),
            words=_words(received, told.infos, info),
            category=CATEGORY_OF[event],
            response=_known(Response, info.responses[0].value if info and info.responses else ""),
            urgency=_known(Urgency, received.urgency),
            severity=_known(Severity, received.severity),
            certainty=_known(Certainty, received.certainty),
            onset=info.onset if info else None,
            lasts_min=max(30, min(left, MOST_MINUTES)),
            note=_note(received, drawing),
            polygons=drawing.polygons,
            circle=drawing.circle,
        ),
        by=by,
        now=now,
        source=f"{received.sender_name or received.sender}, {received.identifier}",
    )
    return reverse("alerts:edit", args=[alert.pk])


def _places(told: Told, unit: Unit, today: date) -> list[str]:
    """Proposed by the coordinates of the clusters where the warning draws its area, else all."""
    matches = matches_of(told, unit, today)
    inside = matches.rows if matches is not None else ()
    if unit.level != Unit.Level.COMMUNE:
        return [row.unit.code for row in inside] or [
            one.code for one in communes_below(unit, today)
        ]
    if not inside or inside[0].whole:
        return []
    heard = [list(one.villages.all()) for one in inside[0].inside]
    codes = {place.code for places in heard for place in places}
    known = [one.code for one in choices_of(unit, today) if one.code in codes]
    return known if all(heard) else []


def _words(received: Received, infos: tuple[Info, ...], main: Info | None) -> tuple[Words, ...]:
    """Every language that we know, Vietnamese first.

    Without a Vietnamese part the main one stands in its place, for a person to translate.
    """
    usual = received.headline or received.event or received.identifier
    found = {VIETNAMESE: _said(VIETNAMESE, main, usual)}
    for info in infos:
        code = _code(info)
        if code in languages() and code not in found and len(found) < MOST_LANGUAGES:
            found[code] = _said(code, info, usual)
    return tuple(found.values())


def _said(code: str, info: Info | None, usual: str) -> Words:
    given = (info.headline or info.event) if info else ""
    headline = " ".join(clean_text(given).split()) or usual
    text = clean_text(info.description).strip() if info else ""
    instruction = info.instruction if info else ""
    return Words(
        code,
        headline[:MOST_HEADLINE],
        (text or headline)[:MOST_TEXT],
        instruction[:MOST_TEXT],
    )


def _note(received: Received, drawing: Drawing) -> str:
    sender = received.sender_name or received.sender
    too_fine = _("Its drawn area has too many points to be carried on.") if drawing.too_fine else ""
    return f"{sender[:400]}. {too_fine}".strip(". ") + ("." if too_fine else "")


def _main(infos: tuple[Info, ...]) -> Info | None:
    """The Vietnamese part, else the first."""
    mine = [one for one in infos if _code(one) == VIETNAMESE]
    return next(iter([*mine, *infos]), None)


def _code(info: Info) -> str:
    """Of our list: without country and script, and of the two lists of ISO 639 the shorter."""
    code = info.language.strip().lower().replace("_", "-").split("-")[0]
    return _SHORTER.get(code, code)


_SHORTER = {"vie": "vi", "eng": "en", "khm": "km", "lao": "lo"}


def _event(words: str) -> Event:
    plain = normalize("NFC", words).lower()
    return next((event for part, event in _EVENTS if part in plain), Event.OTHER)


def _known(kind: type[TextChoices], value: str) -> str:
    """The word of the warning where we know it, else the last: not known."""
    return value if value in kind.values else kind.values[-1]
