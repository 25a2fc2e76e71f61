"""RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 and a podcast, from the same entries. Pure.

Everything a person wrote is text: in XML it is escaped by the library, and where a format wants
HTML it is escaped once more.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as Xml

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
for _prefix, _uri in (("atom", _ATOM), ("content", _CONTENT), ("itunes", _ITUNES)):
    Xml.register_namespace(_prefix, _uri)
_HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'
_SHOWN = 5_000


@dataclass(frozen=True)
class Sound:
    """A file to listen to; ``size`` in bytes."""

    url: str
    kind: str
    size: int
    seconds: int


@dataclass(frozen=True)
class Enclosed:
    """A picture or document; ``size`` in bytes. ``alt_text`` is empty for a document."""

    url: str
    kind: str
    size: int
    title: str
    alt_text: str = ""


@dataclass(frozen=True)
class Entry:
    """A notice as readers of feeds get it. ``holds`` is False once it was corrected or withdrawn:
    then title and text say so, and there is no sound, picture or document."""

    key: str
    title: str
    text: str
    url: str
    category: str
    author: str
    published: datetime
    updated: datetime
    holds: bool
    sounds: Sequence[Sound] = ()
    pictures: Sequence[Enclosed] = ()
    documents: Sequence[Enclosed] = ()

    @property
    def id(self) -> str:
        return f"urn:uuid:{self.key}"

    @property
    def html(self) -> str:
        """Paragraphs and line breaks of the text, then pictures and links to documents."""
        parts = [escape(part).replace("\n", "<br>") for part in self.shown.split("\n\n")]
        parts += [_link_to(one) for one in self.documents]
        return "".join(
            [*(f"<p>{part}</p>" for part in parts if part), *map(_figure, self.pictures)]
        )

    @property
    def shown(self) -> str:
        if len(self.text) <= _SHOWN:
            return self.text
        return self.text[:_SHOWN].rsplit(" ", 1)[0] + " …"


def _link_to(document: Enclosed) -> str:
    return f'<a href="{escape(document.url)}">{escape(document.title)}</a>'


def _figure(picture: Enclosed) -> str:
    image = f'<img src="{escape(picture.url)}" alt="{escape(picture.alt_text)}">'
    return f"<figure>{image}<figcaption>{escape(picture.title)}</figcaption></figure>"


@dataclass(frozen=True)
class Feed:
    """What all four tell about themselves; ``address`` is the site's, with a slash at its end."""

    title: str
    about: str
    address: str
    owner: str
    email: str
    updated: datetime
    entries: Sequence[Entry]


def rss(feed: Feed, path: str) -> bytes:
    """RSS 2.0 with the whole text in ``content:encoded``."""
    root, channel = _rss(feed, path)
    for entry in feed.entries:
        item = _item(channel, entry)
        _text(item, f"{{{_CONTENT}}}encoded", entry.html)
        for sound in entry.sounds[:1]:
            _enclosure(item, sound)
    return _bytes(root)


def podcast(feed: Feed, path: str) -> bytes:
    """Only what holds and has an MP3: podcast programs play little else."""
    root, channel = _rss(feed, path)
    _text(channel, f"{{{_ITUNES}}}author", feed.owner)
    _text(channel, f"{{{_ITUNES}}}summary", feed.about)
    _text(channel, f"{{{_ITUNES}}}explicit", "false")
    _text(channel, f"{{{_ITUNES}}}type", "episodic")
    Xml.SubElement(channel, f"{{{_ITUNES}}}category", text="Government")
    Xml.SubElement(channel, f"{{{_ITUNES}}}image", href=feed.address + "podcast.png")
    if feed.email:
        owner = Xml.SubElement(channel, f"{{{_ITUNES}}}owner")
        _text(owner, f"{{{_ITUNES}}}name", feed.owner)
        _text(owner, f"{{{_ITUNES}}}email", feed.email)
    for entry in feed.entries:
        sound = next((one for one in entry.sounds if one.kind == "audio/mpeg"), None)
        if sound is not None and entry.holds:
            item = _item(channel, entry)
            _enclosure(item, sound)
            _text(item, f"{{{_ITUNES}}}duration", str(sound.seconds))
            _text(item, f"{{{_ITUNES}}}explicit", "false")
    return _bytes(root)


def _rss(feed: Feed, path: str) -> tuple[Xml.Element, Xml.Element]:
    root = Xml.Element("rss", version="2.0")
    channel = Xml.SubElement(root, "channel")
    _text(channel, "title", feed.title)
    _text(channel, "link", feed.address)
    _text(channel, "description", feed.about)
    _text(channel, "language", "vi")
    _text(channel, "lastBuildDate", format_datetime(feed.updated))
    _text(channel, "ttl", "15")
    link = {"rel": "self", "type": "application/rss+xml", "href": feed.address + path}
    Xml.SubElement(channel, f"{{{_ATOM}}}link", link)
    return root, channel


def _item(channel: Xml.Element, entry: Entry) -> Xml.Element:
    item = Xml.SubElement(channel, "item")
    _text(item, "title", entry.title)
    _text(item, "link", entry.url)
    _text(item, "guid", entry.id).set("isPermaLink", "false")
    _text(item, "pubDate", format_datetime(entry.published))
    _text(item, "category", entry.category)
    _text(item, "description", entry.shown[:500])
    return item


def _enclosure(item: Xml.Element, sound: Sound) -> None:
    told = {"url": sound.url, "length": str(sound.size), "type": sound.kind}
    Xml.SubElement(item, "enclosure", told)


def atom(feed: Feed, path: str) -> bytes:
    """Atom: a correction or withdrawal changes ``updated``, and readers show it again."""
    root = Xml.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "vi"})
    _text(root, f"{{{_ATOM}}}id", feed.address)
    _text(root, f"{{{_ATOM}}}title", feed.title)
    _text(root, f"{{{_ATOM}}}subtitle", feed.about)
    _text(root, f"{{{_ATOM}}}updated", feed.updated.isoformat())
    _link(root, "self", "application/atom+xml", feed.address + path)
    _link(root, "alternate", "text/html", feed.address)
    author = Xml.SubElement(root, f"{{{_ATOM}}}author")
    _text(author, f"{{{_ATOM}}}name", feed.owner)
    for entry in feed.entries:
        _atom_entry(root, entry)
    return _bytes(root)


def _atom_entry(root: Xml.Element, entry: Entry) -> None:
    element = Xml.SubElement(root, f"{{{_ATOM}}}entry")
    _text(element, f"{{{_ATOM}}}id", entry.id)
    _text(element, f"{{{_ATOM}}}title", entry.title)
    _text(element, f"{{{_ATOM}}}published", entry.published.isoformat())
    _text(element, f"{{{_ATOM}}}updated", entry.updated.isoformat())
    author = Xml.SubElement(element, f"{{{_ATOM}}}author")
    _text(author, f"{{{_ATOM}}}name", entry.author)
    Xml.SubElement(element, f"{{{_ATOM}}}category", term=entry.category)
    _link(element, "alternate", "text/html", entry.url)
    enclosed: list[Sound | Enclosed] = [*entry.sounds, *entry.pictures, *entry.documents]
    for one in enclosed:
        _link(element, "enclosure", one.kind, one.url).set("length", str(one.size))
    _text(element, f"{{{_ATOM}}}content", entry.html).set("type", "html")


def _link(parent: Xml.Element, rel: str, kind: str, href: str) -> Xml.Element:
    return Xml.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "type": kind, "href": href})


def json_feed(feed: Feed, path: str) -> bytes:
    """https://www.jsonfeed.org/version/1.1/"""
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.address,
        "feed_url": feed.address + path,
        "icon": feed.address + "icon-512.png",
        "language": "vi",
        "authors": [{"name": feed.owner}],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _json_item(entry: Entry) -> dict[str, object]:
    image = {"image": entry.pictures[0].url} if entry.pictures else {}
    return {
        **image,
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_text": entry.shown,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.author}],
        "tags": [entry.category],
        "attachments": [
            {
                "url": sound.url,
                "mime_type": sound.kind,
                "size_in_bytes": sound.size,
                "duration_in_seconds": sound.seconds,
            }
            for sound in entry.sounds
        ]
        + [
            {
                "url": one.url,
                "mime_type": one.kind,
                "title": one.title,
                "size_in_bytes": one.size,
            }
            for one in (*entry.pictures, *entry.documents)
        ],
    }


def _text(parent: Xml.Element, name: str, words: str) -> Xml.Element:
    element = Xml.SubElement(parent, name)
    element.text = words
    return element


def _bytes(root: Xml.Element) -> bytes:
    content: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=False)
    return _HEAD + content
