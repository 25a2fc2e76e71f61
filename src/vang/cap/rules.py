"""Our own rules: what the schema lets through and a warning must not have. Pure.

A :class:`Reason` refuses, a :class:`Caution` points out (vang.cap.reasons says where the line
between them lies).
"""

import base64
import binascii
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import combinations
from urllib.parse import urlsplit

from vang.cap.findings import Finding, finding
from vang.cap.geometry import Crossing, GeometryError, crossing
from vang.cap.model import Alert, Area, Info, MsgType, Named, Polygon, Resource, Scope, Status
from vang.cap.reasons import Caution, Reason

AHEAD = timedelta(days=1)
_FORBIDDEN = re.compile(r"[\s,<&]")
_ANSWERS = {MsgType.UPDATE, MsgType.CANCEL, MsgType.ACK, MsgType.ERROR}
_WEB_SCHEMES = {"http", "https"}
_URI_SCHEMES = {"http", "https", "ftp", "ftps", "cid", "urn", "rtsp", "rtmp", "mailto", "tel"}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DIGEST_BYTES = {16, 20, 28, 32, 48, 64}
_HASHES = {20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
_MOST_COMPARED = 200
VIETNAM_AND_SEA = (4.0, 26.0, 98.0, 122.0)
"""Latitudes and longitudes from which warnings for Vietnam come: the land and the East Sea."""


# what is refused


def findings_of(alert: Alert, now: datetime) -> Iterator[Finding]:
    """Everything for which the message is refused, and what is odd about it."""
    yield from _names(alert)
    yield from _scope(alert)
    yield from _references(alert)
    if alert.sent > now + AHEAD:
        yield finding(Reason.SENT_IN_FUTURE, alert.line, "sent", alert.sent.isoformat())
    for info in alert.infos:
        yield from _info(alert, info)
    yield from _contradictions(alert.infos)
    yield from _odd_alert(alert)
    for info in alert.infos:
        yield from _odd_info(info)


def _names(alert: Alert) -> Iterator[Finding]:
    checked = (
        ("identifier", alert.identifier, Reason.IDENTIFIER_EMPTY, Reason.IDENTIFIER_CHARACTERS),
        ("sender", alert.sender, Reason.SENDER_EMPTY, Reason.SENDER_CHARACTERS),
    )
    for name, value, empty, characters in checked:
        if not value.strip():
            yield finding(empty, alert.line, name)
        elif _FORBIDDEN.search(value):
            yield finding(characters, alert.line, name, value)


def _scope(alert: Alert) -> Iterator[Finding]:
    if alert.scope == Scope.RESTRICTED and not alert.restriction.strip():
        yield finding(Reason.RESTRICTION_MISSING, alert.line, "restriction")
    if alert.scope == Scope.PRIVATE and not alert.addresses.strip():
        yield finding(Reason.ADDRESSES_MISSING, alert.line, "addresses")
    if alert.status == Status.EXERCISE and not alert.note.strip():
        yield finding(Reason.NOTE_MISSING, alert.line, "note")


def _references(alert: Alert) -> Iterator[Finding]:
    if alert.msg_type in _ANSWERS and not alert.references:
        yield finding(Reason.REFERENCES_MISSING, alert.line, "references")
    times: dict[tuple[str, str], datetime] = {}
    for one in alert.references:
        name = one.sender, one.identifier
        if name == (alert.sender, alert.identifier):
            yield finding(Reason.REFERENCES_SELF, alert.line, "references", one.identifier)
        elif one.sent > alert.sent:
            yield finding(Reason.REFERENCES_LATER, alert.line, "references", one.identifier)
        if times.setdefault(name, one.sent) != one.sent:
            yield finding(Reason.REFERENCES_CONTRADICT, alert.line, "references", one.identifier)


def _info(alert: Alert, info: Info) -> Iterator[Finding]:
    if not info.event.strip():
        yield finding(Reason.EVENT_EMPTY, info.line, "event")
    if info.expires is not None:
        if info.expires < alert.sent:
            yield finding(Reason.EXPIRES_BEFORE_SENT, info.line, "expires", str(info.expires))
        elif info.effective is not None and info.expires < info.effective:
            yield finding(Reason.EXPIRES_BEFORE_EFFECTIVE, info.line, "expires", str(info.expires))
    scheme = _scheme(info.web)
    if scheme and scheme not in _WEB_SCHEMES:
        yield finding(Reason.WEB_SCHEME, info.line, "web", info.web)
    for resource in info.resources:
        yield from _resource(resource)
    for area in info.areas:
        yield from _area(area)


def _scheme(address: str) -> str:
    """ "localhost:80" and "www.example.vn" have none; control characters hide none."""
    plain = re.sub(r"[\x00-\x20]", "", address)
    found = _SCHEME.match(plain)
    if found is None or ("." in found[1] and plain[found.end() : found.end() + 1].isdigit()):
        return ""
    return found[1].lower()


def _resource(resource: Resource) -> Iterator[Finding]:
    line, scheme = resource.line, _scheme(resource.uri)
    if scheme and scheme not in _URI_SCHEMES:
        yield finding(Reason.URI_SCHEME, line, "uri", resource.uri)
    if resource.uri and not _whole(resource.uri, scheme) and not resource.deref_uri.strip():
        yield finding(Reason.URI_RELATIVE, line, "uri", resource.uri)
    if resource.size is not None and resource.size < 0:
        yield finding(Reason.SIZE_NEGATIVE, line, "size", str(resource.size))
    yield from _content(resource)


def _whole(address: str, scheme: str) -> bool:
    if not scheme:
        return False
    try:
        return bool(urlsplit(address).netloc) or scheme not in {"http", "https", "ftp", "ftps"}
    except ValueError:
        return False


def _content(resource: Resource) -> Iterator[Finding]:
    digest = _digest(resource.digest)
    if resource.digest and digest is None:
        yield finding(Reason.DIGEST_FORMAT, resource.line, "digest", resource.digest)
    if not resource.deref_uri.strip():
        return
    content = _from_base64(resource.deref_uri)
    if content is None:
        yield finding(Reason.CONTENT_FORMAT, resource.line, "derefUri", resource.deref_uri)
    elif digest is not None and not _is_hash(digest, content):
        yield finding(Reason.DIGEST_WRONG, resource.line, "digest", resource.digest)


def _is_hash(digest: bytes, content: bytes) -> bool:
    """By its length; of another length nobody knows."""
    name = _HASHES.get(len(digest))
    return name is None or hashlib.new(name, content, usedforsecurity=False).digest() == digest


def _digest(text: str) -> bytes | None:
    """A hash in hex or base64 (the standard names SHA-1 and no way to write it)."""
    plain = text.strip().rpartition(":")[2]
    if re.fullmatch(r"([0-9A-Fa-f]{2})+", plain) and len(plain) // 2 in _DIGEST_BYTES:
        return bytes.fromhex(plain)
    found = _from_base64(plain)
    return found if found is not None and len(found) in _DIGEST_BYTES else None


def _from_base64(text: str) -> bytes | None:
    plain = "".join(text.split())
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _area(area: Area) -> Iterator[Finding]:
    if not area.description.strip():
        yield finding(Reason.AREA_UNNAMED, area.line, "areaDesc")
    for polygon in area.polygons:
        code = _crossed(polygon)
        if code is not None:
            yield finding(code, polygon.line or area.line, "polygon", area.description)
    if area.ceiling is not None and area.altitude is None:
        yield finding(Reason.ALTITUDE_MISSING, area.line, "ceiling", str(area.ceiling))
    elif area.ceiling is not None and area.altitude is not None and area.ceiling < area.altitude:
        yield finding(Reason.CEILING_BELOW, area.line, "ceiling", str(area.ceiling))


def _crossed(polygon: Polygon) -> Reason | Caution | None:
    try:
        return _CROSSED[crossing(polygon.points)]
    except GeometryError as error:
        return error.reason


_CROSSED: dict[Crossing, Reason | Caution | None] = {
    Crossing.NONE: None,
    Crossing.TINY: Caution.POLYGON_UNTIDY,
    Crossing.REAL: Reason.POLYGON_CROSSING,
}


def _contradictions(infos: Iterable[Info]) -> Iterator[Finding]:
    """A later info may add to an earlier one of its language, never say otherwise (3.2.2)."""
    first = list(infos)[:_MOST_COMPARED]
    for one, other in combinations(first, 2):
        same = one.language.lower() == other.language.lower() and one.event == other.event
        same = same and _when(one) == _when(other) and one.areas == other.areas
        if same and _graded(one) != _graded(other):
            yield finding(Reason.LANGUAGES_CONTRADICT, other.line, "info", other.event)


def _when(info: Info) -> tuple[datetime | None, ...]:
    return info.effective, info.onset, info.expires


def _graded(info: Info) -> tuple[str, str, str]:
    return info.urgency, info.severity, info.certainty


# what is pointed out


def _odd_alert(alert: Alert) -> Iterator[Finding]:
    if alert.status != Status.ACTUAL:
        yield finding(Caution.NOT_ACTIONABLE, alert.line, "status", alert.status)
    if alert.scope != Scope.PUBLIC:
        yield finding(Caution.NOT_PUBLIC, alert.line, "scope", alert.scope)
    for code, times in Counter(alert.codes).items():
        if times > 1:
            yield finding(Caution.CODE_TWICE, alert.line, "code", code)
    if alert.msg_type in {MsgType.ALERT, MsgType.UPDATE} and not alert.infos:
        yield finding(Caution.NO_INFO, alert.line)
    if _languages_differ(alert.infos):
        yield finding(Caution.LANGUAGES_DIFFER, alert.line, "info")
    if _far_away(alert):
        yield finding(Caution.OUTSIDE_VIETNAM, alert.line)


def _languages_differ(infos: tuple[Info, ...]) -> bool:
    """Only where each info is a translation of the other: one in each language."""
    translated = len({one.language.lower() for one in infos}) == len(infos)
    return translated and len({_graded(one) for one in infos}) > 1


def _odd_info(info: Info) -> Iterator[Finding]:
    if info.expires is None:
        yield finding(Caution.NO_EXPIRES, info.line, "expires")
    elif info.onset is not None and info.expires < info.onset:
        yield finding(Caution.ONSET_AFTER_EXPIRES, info.line, "onset", str(info.onset))
    if not info.areas:
        yield finding(Caution.NO_AREA, info.line, "area")


def _far_away(alert: Alert) -> bool:
    """There are points, and none is here."""
    points = [*_points(area for info in alert.infos for area in info.areas)]
    south, north, west, east = VIETNAM_AND_SEA
    return bool(points) and not any(
        south <= latitude <= north and west <= longitude <= east for latitude, longitude in points
    )


def _points(areas: Iterable[Area]) -> Iterator[tuple[float, float]]:
    for area in areas:
        for polygon in area.polygons:
            yield from polygon.points
        yield from ((one.latitude, one.longitude) for one in area.circles)


def geocodes_of(alert: Alert) -> list[Named]:
    """Every geocode once, in order."""
    found = (code for info in alert.infos for area in info.areas for code in area.geocodes)
    return list(dict.fromkeys(found))
