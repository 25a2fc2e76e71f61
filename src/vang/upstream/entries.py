"""What an Atom or RSS feed lists: addresses of messages, or the messages themselves. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from vang.cap.findings import refuse
from vang.cap.model import NAMESPACE
from vang.cap.reasons import Reason

_ATOM = "{http://www.w3.org/2005/Atom}"
_CAP_TYPES = {"application/cap+xml", "application/common-alerting-protocol+xml"}
_PAGES = {"text/html", "application/xhtml+xml"}


@dataclass(frozen=True)
class Listed:
    """One entry. ``changed`` is what the feed says of its last change, in its own words."""

    url: str
    changed: str
    content: bytes | None = None


def is_message(root: Any) -> bool:
    """Whether what a feed's address answered is a message itself."""
    return str(etree.QName(root).localname) == "alert"


def listed_in(root: Any, base: str) -> list[Listed]:
    """Every entry that leads to a message, in order, each once. Raises NotAccepted for no feed."""
    if root.tag == f"{_ATOM}feed":
        found = _atom(root, base)
    elif root.tag == "rss" or etree.QName(root).localname == "RDF":
        found = _rss(root, base)
    else:
        raise refuse(Reason.NOT_CAP, root.sourceline or 0, root.tag[:100])
    return list(dict.fromkeys(found))


def _atom(root: Any, base: str) -> Iterator[Listed]:
    for entry in root.iterchildren(f"{_ATOM}entry"):
        changed = entry.findtext(f"{_ATOM}updated", "").strip()
        inside = entry.find(f"{_ATOM}content/{{{NAMESPACE}}}alert")
        links = [(one.get("type", ""), one.get("rel", "alternate"), one.get("href", ""))
                 for one in entry.iterchildren(f"{_ATOM}link")]  # fmt: skip
        url = _best(links) or _source(entry) or entry.findtext(f"{_ATOM}id", "").strip()
        yield from _listed(url, changed, base, inside)


def _best(links: list[tuple[str, str, str]]) -> str:
    """A link to CAP before one to anything, and that before none; never one to a page."""
    wanted = [one for one in links if one[2] and one[0].lower() not in _PAGES]
    capped = [one for one in wanted if one[0].lower() in _CAP_TYPES]
    plain = [one for one in wanted if one[1] in {"alternate", "enclosure", "related"}]
    return next((href for _type, _rel, href in (*capped, *plain)), "")


def _source(entry: Any) -> str:
    content = entry.find(f"{_ATOM}content")
    return content.get("src", "") if content is not None else ""


def _rss(root: Any, base: str) -> Iterator[Listed]:
    for item in root.iter("item", "{http://purl.org/rss/1.0/}item"):
        space = item.tag.removesuffix("item")
        changed = item.findtext(f"{space}pubDate", "").strip()
        inside = item.find(f"{{{NAMESPACE}}}alert")
        enclosure = item.find(f"{space}enclosure")
        url = ""
        if enclosure is not None and enclosure.get("type", "").lower() in _CAP_TYPES:
            url = enclosure.get("url", "")
        url = url or item.findtext(f"{space}link", "").strip() or _guid(item, space)
        yield from _listed(url, changed, base, inside)


def _guid(item: Any, space: str) -> str:
    guid = item.findtext(f"{space}guid", "").strip()
    return guid if re.match(r"https?://", guid) else ""


def _listed(url: str, changed: str, base: str, inside: Any) -> Iterator[Listed]:
    content = etree.tostring(inside, with_tail=False) if inside is not None else None
    try:
        whole = urljoin(base, url.strip())
    except ValueError:
        return
    if content is not None or (url and re.match(r"https?://", whole)):
        yield Listed(whole, changed, content)
