"""From bytes to a message that may be believed to say what it says.

``read`` is the only way in, for the command, the poller and our own messages before they leave.
It raises NotAccepted, and nothing else, whatever the bytes are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from lxml import etree

from vang.cap.findings import MOST, Finding, NotAccepted, finding
from vang.cap.geometry import MOST_POINTS, GeometryError, parse_circle, parse_polygon
from vang.cap.model import (
    ASSUMED_LANGUAGE,
    NAMESPACE,
    SIGNATURE_NAMESPACE,
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Named,
    Reference,
    Resource,
    Response,
    Scope,
    Severity,
    Status,
    Urgency,
)
from vang.cap.parsing import parse
from vang.cap.reasons import Reason
from vang.cap.rules import findings_of
from vang.cap.times import parse_reference_time, parse_time

_T = TypeVar("_T")


@dataclass(frozen=True)
class Reading:
    """A message that is taken, what is odd about it, and whether it has a signature at all."""

    alert: Alert
    cautions: tuple[Finding, ...]
    has_signature: bool


def read(data: bytes, *, now: datetime) -> Reading:
    """The message. Raises NotAccepted."""
    root = parse(data)
    return read_tree(root, now=now)


def read_tree(root: Any, *, now: datetime) -> Reading:
    """The message of a root element that the schema accepts. Raises NotAccepted."""
    reader = _Reader()
    alert = reader.alert(root)
    if reader.findings or alert is None:
        raise NotAccepted(reader.findings)
    findings = [*findings_of(alert, now)]
    if faults := [one for one in findings if isinstance(one.code, Reason)]:
        raise NotAccepted(faults)
    signature = root.find(f"{{{SIGNATURE_NAMESPACE}}}Signature") is not None
    return Reading(alert, tuple(findings[:MOST]), signature)


class _Unreadable(Exception):
    """Noted already: what depends on it is left out."""


@dataclass
class _Reader:
    """Gathers everything that is wrong instead of stopping at the first."""

    findings: list[Finding] = field(default_factory=list)
    points: int = 0

    def alert(self, root: Any) -> Alert | None:
        infos = [self._info(one) for one in _all(root, "info")]
        references = self._references(root)
        try:
            sent = self._time(root, "sent")
        except _Unreadable:
            return None
        if sent is None or self.findings:
            return None
        return Alert(
            identifier=_text(root, "identifier"),
            sender=_text(root, "sender"),
            sent=sent,
            status=Status(_text(root, "status")),
            msg_type=MsgType(_text(root, "msgType")),
            scope=Scope(_text(root, "scope")),
            source=_text(root, "source"),
            restriction=_text(root, "restriction"),
            addresses=_text(root, "addresses"),
            codes=_texts(root, "code"),
            note=_text(root, "note"),
            references=references,
            incidents=_text(root, "incidents"),
            infos=tuple(one for one in infos if one is not None),
            line=_line(root),
        )

    def _info(self, element: Any) -> Info | None:
        areas = tuple(self._area(one) for one in _all(element, "area"))
        try:
            effective, onset, expires = (
                self._time(element, name) for name in ("effective", "onset", "expires")
            )
        except _Unreadable:
            return None
        return Info(
            language=_text(element, "language").strip() or ASSUMED_LANGUAGE,
            categories=tuple(map(Category, _texts(element, "category"))),
            event=_text(element, "event"),
            responses=tuple(map(Response, _texts(element, "responseType"))),
            urgency=Urgency(_text(element, "urgency")),
            severity=Severity(_text(element, "severity")),
            certainty=Certainty(_text(element, "certainty")),
            audience=_text(element, "audience"),
            event_codes=_named(element, "eventCode"),
            effective=effective,
            onset=onset,
            expires=expires,
            sender_name=_text(element, "senderName"),
            headline=_text(element, "headline"),
            description=_text(element, "description"),
            instruction=_text(element, "instruction"),
            web=_text(element, "web"),
            contact=_text(element, "contact"),
            parameters=_named(element, "parameter"),
            resources=tuple(self._resource(one) for one in _all(element, "resource")),
            areas=areas,
            line=_line(element),
        )

    def _resource(self, element: Any) -> Resource:
        size = _text(element, "size").strip()
        if len(size) > 18:
            self._note(Reason.VALUE_FORMAT, element, "size", size)
            size = ""
        return Resource(
            description=_text(element, "resourceDesc"),
            mime_type=_text(element, "mimeType"),
            size=int(size) if size else None,
            uri=_text(element, "uri").strip(),
            deref_uri=_text(element, "derefUri"),
            digest=_text(element, "digest").strip(),
            line=_line(element),
        )

    def _area(self, element: Any) -> Area:
        polygons = self._shapes(element, "polygon", parse_polygon)
        circles = self._shapes(element, "circle", parse_circle)
        before = self.points
        self.points += sum(len(one.points) for one in polygons) + len(circles)
        if before <= MOST_POINTS < self.points:
            self._note(Reason.TOO_MANY_POINTS, element)
        return Area(
            description=_text(element, "areaDesc"),
            polygons=polygons,
            circles=circles,
            geocodes=_named(element, "geocode"),
            altitude=self._decimal(element, "altitude"),
            ceiling=self._decimal(element, "ceiling"),
            line=_line(element),
        )

    def _shapes(self, element: Any, name: str, parser: Callable[[str, int], _T]) -> tuple[_T, ...]:
        shapes = []
        for one in _all(element, name):
            text = one.text or ""
            try:
                shapes.append(parser(text, _line(one)))
            except GeometryError as error:
                self._note(error.reason, one, name, text)
        return tuple(shapes)

    def _decimal(self, element: Any, name: str) -> Decimal | None:
        text = _text(element, name).strip()
        if len(text) > 40:
            self._note(Reason.VALUE_FORMAT, element, name, text)
            return None
        return Decimal(text) if text else None

    def _time(self, element: Any, name: str) -> datetime | None:
        text = _text(element, name).strip()
        if not text:
            return None
        try:
            return parse_time(text)
        except OverflowError:
            self._note(Reason.TIME_RANGE, element, name, text)
        except ValueError:
            self._note(Reason.TIME_FORMAT, element, name, text)
        raise _Unreadable

    def _references(self, root: Any) -> tuple[Reference, ...]:
        element = root.find(f"{{{NAMESPACE}}}references")
        found = []
        for word in (element.text or "").split() if element is not None else ():
            parts = word.split(",")
            try:
                sender, identifier, sent = parts
                found.append(Reference(sender, identifier, parse_reference_time(sent)))
            except (ValueError, OverflowError):
                self._note(Reason.REFERENCES_FORMAT, element, "references", word)
                break
            if not (sender and identifier):
                self._note(Reason.REFERENCES_FORMAT, element, "references", word)
                break
        return tuple(found)

    def _note(self, reason: Reason, element: Any, name: str = "", value: str = "") -> None:
        """At the element, or at its child of that name where it has one."""
        child = element.find(f"{{{NAMESPACE}}}{name}") if name else None
        place = element if child is None else child
        name = name or etree.QName(element).localname
        self.findings.append(finding(reason, _line(place), name, value))


def _line(element: Any) -> int:
    return element.sourceline or 0


def _all(element: Any, name: str) -> Iterable[Any]:
    found: Iterable[Any] = element.iterchildren(f"{{{NAMESPACE}}}{name}")
    return found


def _texts(element: Any, name: str) -> tuple[str, ...]:
    return tuple(one.text or "" for one in _all(element, name))


def _text(element: Any, name: str) -> str:
    return next(iter(_texts(element, name)), "")


def _named(element: Any, name: str) -> tuple[Named, ...]:
    return tuple(Named(_text(one, "valueName"), _text(one, "value")) for one in _all(element, name))
