"""Our warnings as static files: one XML file each, an Atom and an RSS feed of what holds. Pure.

- An alert or update stands in the feeds until it expires, or a later message updates or cancels
  it.
- A cancellation stands there until what it cancels would have expired: whoever comes late must
  still see it.
- Real warnings, exercises and tests travel the same way; what is not real says so in its title.
- A message's own file stays at its address as long as the caller hands it over: others name it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from xml.etree import ElementTree as Xml

from vang.base.clock import VIETNAM
from vang.cap.model import Alert, MsgType, Scope, Status
from vang.cap.writing import MEDIA_TYPE

FOLDER = "canh-bao"
ATOM, RSS = f"{FOLDER}/atom.xml", f"{FOLDER}/rss.xml"
UNTOLD = timedelta(days=3)
"""A message that does not say until when is listed so long."""
_ATOM = "http://www.w3.org/2005/Atom"
_CAP = "urn:oasis:names:tc:emergency:cap:1.2"
_HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'
_MOST = 100
_UNFIT = re.compile(r"[^0-9A-Za-z.-]+")
_PREFIXES = {Status.EXERCISE: "[DIỄN TẬP] ", Status.TEST: "[THỬ] "}


class Standing(StrEnum):
    """What became of a message."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Published:
    """A message and the very bytes that leave, signed or not."""

    alert: Alert
    content: bytes


@dataclass(frozen=True)
class Imprint:
    """Whose feeds they are. ``address`` is the site's, with a slash at its end."""

    title: str
    owner: str
    address: str


def file_of(identifier: str) -> str:
    """Where the message lies: ``canh-bao/urn-uuid-….xml``."""
    return f"{FOLDER}/{_UNFIT.sub('-', identifier)[-120:].strip('-.')}.xml"


def feed_files(
    published: Sequence[Published], imprint: Imprint, now: datetime
) -> list[tuple[str, bytes]]:
    """Relative paths and contents: the messages first, then the feeds that lead to them.

    Only what is meant for the public; of two messages that would share a file the caller must
    not hand over both (identifiers are UUIDs or arcs, so they never do).
    """
    public = [one for one in published if one.alert.scope == Scope.PUBLIC]
    listed = _listed([one.alert for one in public], now)
    files = [(file_of(one.alert.identifier), one.content) for one in public]
    return [*files, (ATOM, _atom(listed, imprint, now)), (RSS, _rss(listed, imprint, now))]


def standing(alert: Alert, all_alerts: Sequence[Alert], now: datetime) -> Standing:
    """Whether it still holds, among all that its sender published."""
    enders = [one for one in all_alerts if _ends(one, alert)]
    if any(one.msg_type == MsgType.CANCEL for one in enders):
        return Standing.CANCELLED
    if enders:
        return Standing.SUPERSEDED
    return Standing.ACTIVE if _until(alert, all_alerts) > now else Standing.EXPIRED


def _ends(later: Alert, earlier: Alert) -> bool:
    name = earlier.sender, earlier.identifier
    named = any((one.sender, one.identifier) == name for one in later.references)
    ending = later.msg_type in {MsgType.UPDATE, MsgType.CANCEL} and later.sender == earlier.sender
    return named and ending and later.status == earlier.status


def _until(alert: Alert, all_alerts: Sequence[Alert]) -> datetime:
    own = alert.expires or alert.sent + UNTOLD
    if alert.msg_type != MsgType.CANCEL:
        return own
    return max([own, *(_own_end(one) for one in all_alerts if _ends(alert, one))])


def _own_end(alert: Alert) -> datetime:
    return alert.expires or alert.sent + UNTOLD


def _listed(alerts: Sequence[Alert], now: datetime) -> list[Alert]:
    """What holds, the newest first."""
    active = [one for one in alerts if standing(one, alerts, now) == Standing.ACTIVE]
    return sorted(active, key=lambda one: (one.sent, one.identifier), reverse=True)[:_MOST]


def _title(alert: Alert) -> str:
    info = alert.info_in("vi")
    words = (info.headline or info.event) if info else alert.identifier
    cancelled = "Huỷ: " if alert.msg_type == MsgType.CANCEL else ""
    return _PREFIXES.get(alert.status, "") + cancelled + words


def _summary(alert: Alert) -> str:
    info = alert.info_in("vi")
    return "\n".join(part for part in (info.description, info.instruction) if part) if info else ""


def _updated(listed: Sequence[Alert], now: datetime) -> datetime:
    return (listed[0].sent if listed else now).astimezone(VIETNAM)


def _atom(listed: Sequence[Alert], imprint: Imprint, now: datetime) -> bytes:
    root = Xml.Element("feed", {"xmlns": _ATOM, "xmlns:cap": _CAP, "xml:lang": "vi"})
    _text(root, "id", imprint.address + ATOM)
    _text(root, "title", imprint.title)
    _text(root, "updated", _updated(listed, now).isoformat())
    _text(Xml.SubElement(root, "author"), "name", imprint.owner)
    Xml.SubElement(root, "link", {"rel": "self", "href": imprint.address + ATOM})
    for alert in listed:
        entry = Xml.SubElement(root, "entry")
        url = imprint.address + file_of(alert.identifier)
        _text(entry, "id", alert.identifier if _is_uri(alert.identifier) else url)
        _text(entry, "title", _title(alert))
        _text(entry, "updated", alert.sent.astimezone(VIETNAM).isoformat())
        _text(entry, "published", alert.sent.astimezone(VIETNAM).isoformat())
        Xml.SubElement(entry, "link", {"rel": "alternate", "type": MEDIA_TYPE, "href": url})
        Xml.SubElement(entry, "category", {"term": alert.status.value})
        _text(entry, "summary", _summary(alert)[:2_000])
        _facts(entry, alert)
    return _bytes(root)


def _facts(entry: Xml.Element, alert: Alert) -> None:
    """What readers of feeds of warnings sort by, in CAP's own names."""
    _text(entry, "cap:status", alert.status.value)
    _text(entry, "cap:msgType", alert.msg_type.value)
    info = alert.info_in("vi")
    if info is None:
        return
    for name, value in (
        ("event", info.event),
        ("urgency", info.urgency.value),
        ("severity", info.severity.value),
        ("certainty", info.certainty.value),
        ("areaDesc", "; ".join(area.description for area in info.areas)),
        ("expires", alert.expires.astimezone(VIETNAM).isoformat() if alert.expires else ""),
    ):
        if value:
            _text(entry, f"cap:{name}", value)


def _rss(listed: Sequence[Alert], imprint: Imprint, now: datetime) -> bytes:
    root = Xml.Element("rss", {"version": "2.0", "xmlns:atom": _ATOM})
    channel = Xml.SubElement(root, "channel")
    _text(channel, "title", imprint.title)
    _text(channel, "link", imprint.address)
    _text(channel, "description", imprint.title)
    _text(channel, "language", "vi")
    _text(channel, "lastBuildDate", format_datetime(_updated(listed, now)))
    _text(channel, "ttl", "1")
    kind = {"rel": "self", "type": "application/rss+xml", "href": imprint.address + RSS}
    Xml.SubElement(channel, "atom:link", kind)
    for alert in listed:
        item = Xml.SubElement(channel, "item")
        url = imprint.address + file_of(alert.identifier)
        _text(item, "title", _title(alert))
        _text(item, "link", url)
        _text(item, "guid", alert.identifier).set("isPermaLink", "false")
        _text(item, "pubDate", format_datetime(alert.sent.astimezone(VIETNAM)))
        _text(item, "category", alert.status.value)
        _text(item, "description", _summary(alert)[:2_000])
    return _bytes(root)


def _is_uri(identifier: str) -> bool:
    return identifier.startswith(("urn:", "http://", "https://", "tag:"))


def _text(parent: Xml.Element, name: str, words: str) -> Xml.Element:
    element = Xml.SubElement(parent, name)
    element.text = words
    return element


def _bytes(root: Xml.Element) -> bytes:
    content: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=False)
    return _HEAD + content + b"\n"
