"""From a message to bytes that every reader of CAP 1.2 takes.

What is written is read again under the same rules as a stranger's: nothing leaves that we would
refuse, and what would be pointed out to a reader of another's message is refused in ours, apart
from what an alert may well be (a test, not public).
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from vang.cap.findings import NotAccepted, refuse
from vang.cap.model import (
    NAMESPACE,
    Alert,
    Area,
    Circle,
    Info,
    Named,
    Polygon,
    Reference,
    Resource,
    Scope,
    Status,
)
from vang.cap.reading import read
from vang.cap.reasons import Caution, Reason
from vang.cap.times import write_time, written

MEDIA_TYPE = "application/cap+xml"
STATUS_OF = {"actual": Status.ACTUAL, "exercise": Status.EXERCISE, "test": Status.TEST}
"""The status of a message by the mode of the alert: one to one, nothing else is ever sent."""

_MAY_BE = {Caution.NOT_ACTIONABLE, Caution.NOT_PUBLIC}


def write(alert: Alert, *, now: datetime) -> bytes:
    """Our own message as XML in UTF-8. Raises NotAccepted for one that readers could doubt."""
    content = to_xml(alert)
    odd = [one for one in read(content, now=now).cautions if one.code not in _MAY_BE]
    if odd:
        raise NotAccepted(odd)
    return content


def to_xml(alert: Alert) -> bytes:
    """As XML in UTF-8, unexamined. Raises NotAccepted for characters that XML cannot hold."""
    try:
        root = _alert(alert)
    except ValueError as error:
        raise refuse(Reason.NOT_XML, name=str(error)[:80]) from error
    etree.indent(root)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content + b"\n"


def reference_to(alert: Alert) -> Reference:
    """How a later message names this one. Its time as it is written there."""
    return Reference(alert.sender, alert.identifier, alert.sent)


def _alert(alert: Alert) -> Any:
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", write_time(alert.sent))
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.msg_type)
    _optional(root, "source", alert.source)
    _add(root, "scope", alert.scope)
    if alert.scope == Scope.RESTRICTED or alert.restriction:
        _optional(root, "restriction", alert.restriction)
    _optional(root, "addresses", alert.addresses)
    for code in alert.codes:
        _add(root, "code", code)
    _optional(root, "note", alert.note)
    _optional(root, "references", _references(alert.references))
    _optional(root, "incidents", alert.incidents)
    for info in alert.infos:
        _info(_add(root, "info"), info)
    return root


def _references(references: Iterable[Reference]) -> str:
    """A time keeps its offset: readers compare it as text."""
    return " ".join(f"{one.sender},{one.identifier},{written(one.sent)}" for one in references)


def _info(element: Any, info: Info) -> None:
    _add(element, "language", info.language)
    for category in info.categories:
        _add(element, "category", category)
    _add(element, "event", info.event)
    for response in info.responses:
        _add(element, "responseType", response)
    _add(element, "urgency", info.urgency)
    _add(element, "severity", info.severity)
    _add(element, "certainty", info.certainty)
    _optional(element, "audience", info.audience)
    _named(element, "eventCode", info.event_codes)
    for name, time in (
        ("effective", info.effective),
        ("onset", info.onset),
        ("expires", info.expires),
    ):
        _optional(element, name, write_time(time) if time else "")
    _optional(element, "senderName", info.sender_name)
    _optional(element, "headline", info.headline)
    _optional(element, "description", info.description)
    _optional(element, "instruction", info.instruction)
    _optional(element, "web", info.web)
    _optional(element, "contact", info.contact)
    _named(element, "parameter", info.parameters)
    for resource in info.resources:
        _resource(_add(element, "resource"), resource)
    for area in info.areas:
        _area(_add(element, "area"), area)


def _resource(element: Any, resource: Resource) -> None:
    _add(element, "resourceDesc", resource.description)
    _add(element, "mimeType", resource.mime_type)
    _optional(element, "size", "" if resource.size is None else str(resource.size))
    _optional(element, "uri", resource.uri)
    _optional(element, "derefUri", resource.deref_uri)
    _optional(element, "digest", resource.digest)


def _area(element: Any, area: Area) -> None:
    _add(element, "areaDesc", area.description)
    for polygon in area.polygons:
        _add(element, "polygon", _polygon(polygon))
    for circle in area.circles:
        _add(element, "circle", _circle(circle))
    _named(element, "geocode", area.geocodes)
    _optional(element, "altitude", "" if area.altitude is None else f"{area.altitude:f}")
    _optional(element, "ceiling", "" if area.ceiling is None else f"{area.ceiling:f}")


def _polygon(polygon: Polygon) -> str:
    return " ".join(f"{_number(one)},{_number(other)}" for one, other in polygon.points)


def _circle(circle: Circle) -> str:
    centre = f"{_number(circle.latitude)},{_number(circle.longitude)}"
    return f"{centre} {_number(circle.radius)}"


def _number(value: float) -> str:
    """Exactly, without an exponent."""
    return f"{Decimal(repr(value)):f}"


def _named(element: Any, name: str, pairs: Iterable[Named]) -> None:
    for pair in pairs:
        child = _add(element, name)
        _add(child, "valueName", pair.name)
        _add(child, "value", pair.value)


def _optional(element: Any, name: str, text: str) -> None:
    if text:
        _add(element, name, text)


def _add(element: Any, name: str, text: str | None = None) -> Any:
    child = etree.SubElement(element, f"{{{NAMESPACE}}}{name}")
    child.text = text
    return child
