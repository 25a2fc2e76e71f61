"""An alert that was sent, as a message of the Common Alerting Protocol 1.2 (vang.cap)."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import override

from vang.alerts.models import Alert, AlertText, AlertVersion
from vang.alerts.models.words import Event
from vang.base.clock import VIETNAM
from vang.cap import model as cap
from vang.cap.places import UNIT_CODES
from vang.orgs.models import Unit

VILLAGE_CODES = "VANG-THON"
"""Villages have no code in the state's list; these are those of the issuing installation."""
_STATUS = {
    "ACTUAL": cap.Status.ACTUAL,
    "EXERCISE": cap.Status.EXERCISE,
    "TEST": cap.Status.TEST,
}
_TRANSLATED = {"vi", "en"}


def message_of(alert: Alert) -> cap.Alert:
    """With its words prefetched (queries.with_words). Raises ValueError for one never sent."""
    if alert.sent_at is None or alert.expires_at is None:
        raise ValueError("never sent")
    version = alert.version
    return cap.Alert(
        identifier=alert.identifier,
        sender=sender_of(alert.unit),
        sent=alert.sent_at.astimezone(VIETNAM).replace(microsecond=0),
        status=_STATUS[alert.status],
        msg_type=cap.MsgType(alert.msg_type.title()),
        source=alert.source,
        note=version.note if alert.status == "EXERCISE" else "",  # otherwise for officers alone
        references=tuple(_references(alert)),
        infos=tuple(_info(alert, version, text) for text in version.texts.all()),
    )


def sender_of(unit: Unit) -> str:
    """Unique in the world: the unit's code at the host of this installation."""
    host = urlsplit(settings.ENVIRONMENT.address).hostname or "localhost"
    return f"{unit.code}@{host}"


def _references(alert: Alert) -> Iterable[cap.Reference]:
    for earlier in alert.references.all():
        if earlier.sent_at is not None:
            sent = earlier.sent_at.astimezone(VIETNAM).replace(microsecond=0)
            yield cap.Reference(sender_of(earlier.unit), earlier.identifier, sent)


def _info(alert: Alert, version: AlertVersion, text: AlertText) -> cap.Info:
    expires = alert.expires_at
    onset = version.onset
    if onset is not None and expires is not None and onset > expires:
        onset = None  # it warns of the time before
    with override(text.language if text.language in _TRANSLATED else "vi"):
        event = str(Event(version.event).label)
    return cap.Info(
        language=text.language,
        categories=(cap.Category(version.category),),
        event=event,
        responses=(cap.Response(version.response),),
        urgency=cap.Urgency(version.urgency),
        severity=cap.Severity(version.severity),
        certainty=cap.Certainty(version.certainty),
        effective=alert.sent_at,
        onset=onset,
        expires=expires,
        sender_name=alert.unit.full_name,
        headline=text.headline,
        description=text.text,
        instruction=text.instruction,
        contact=version.contact,
        areas=(_area(version),),
    )


def _area(version: AlertVersion) -> cap.Area:
    """By codes; a ring or circle as well where one was drawn."""
    codes = [cap.Named(UNIT_CODES, code) for code in version.units]
    codes += [cap.Named(VILLAGE_CODES, code) for code in version.villages]
    circles: tuple[cap.Circle, ...] = ()
    if version.circle:
        latitude, longitude, radius = map(float, version.circle)
        circles = (cap.Circle(latitude, longitude, radius),)
    return cap.Area(
        version.area_words,
        polygons=tuple(cap.Polygon(_ring(one)) for one in version.polygons),
        circles=circles,
        geocodes=tuple(codes),
    )


def _ring(points: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    """Closed."""
    ring = tuple((float(latitude), float(longitude)) for latitude, longitude in points)
    return ring if ring[:1] == ring[-1:] else (*ring, *ring[:1])
