"""The four formats: valid, and nothing a person typed is anything but words."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as Xml

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.base.text import clean_text
from vang.channels.feed.formats import Entry, Feed, Sound, atom, json_feed, podcast, rss

NOON = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
MP3 = Sound("https://a.vn/audio/x.mp3", "audio/mpeg", 12_345, 65)
OPUS = Sound("https://a.vn/audio/x.opus", "audio/ogg", 2_345, 65)
ENTRY = Entry(
    key="0b9e3d0e-7b9c-4c52-9d8f-0d6a9b1c2d3e",
    title="Lịch cắt điện",
    text="Đoạn một.\nDòng hai.\n\nĐoạn hai.",
    url="https://a.vn/2026/06/lich.html",
    category="thông báo",
    author="Xã Quế Thuận",
    published=NOON,
    updated=NOON,
    holds=True,
    sounds=(MP3, OPUS),
)
FEED = Feed("Bản tin", "Thông tin.", "https://a.vn/", "UBND xã", "xa@a.vn", NOON, [ENTRY])
HOSTILE = "</title><script>alert(1)</script> & \"' ]]> <![CDATA[ &lt; \u202e"


@pytest.mark.parametrize("write", [rss, atom])
def test_a_reader_finds_everything(write: object) -> None:
    told = feedparser.parse(write(FEED, "feed.xml"))  # type: ignore[operator]
    assert not told.bozo
    assert told.feed.title == "Bản tin"
    assert told.feed.links
    (entry,) = told.entries
    assert (entry.title, entry.link) == (ENTRY.title, ENTRY.url)
    assert entry.id == f"urn:uuid:{ENTRY.key}"
    assert entry.published_parsed[:5] == (2026, 6, 10, 5, 0)
    assert "<p>Đoạn một.<br />Dòng hai.</p>" in entry.content[0].value.replace("<br>", "<br />")
    assert entry.enclosures[0]["href"] == MP3.url
    assert entry.enclosures[0]["length"] == "12345"


def test_a_podcast_program_finds_the_sound() -> None:
    old = replace(ENTRY, key="1" * 8 + ENTRY.key[8:], sounds=(OPUS,))
    gone = replace(ENTRY, key="2" * 8 + ENTRY.key[8:], holds=False)
    told = feedparser.parse(podcast(replace(FEED, entries=[ENTRY, old, gone]), "podcast.xml"))
    assert not told.bozo
    assert told.feed.image.href == "https://a.vn/podcast.png"
    assert told.feed.itunes_explicit is False or told.feed.itunes_explicit is None
    (entry,) = told.entries
    assert (entry.itunes_duration, entry.enclosures[0].type) == ("65", "audio/mpeg")


def test_the_json_feed_is_version_1_1() -> None:
    told = json.loads(json_feed(FEED, "feed.json"))
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"] == "https://a.vn/feed.json"
    (item,) = told["items"]
    assert item["content_text"] == ENTRY.text
    assert item["attachments"][0]["duration_in_seconds"] == 65


@pytest.mark.parametrize("write", [rss, atom, podcast])
def test_hostile_words_stay_words(write: object) -> None:
    bad = replace(ENTRY, title=clean_text(HOSTILE), text=clean_text(HOSTILE), category="<b>")
    content = write(replace(FEED, title=clean_text(HOSTILE), entries=[bad]), "f.xml")  # type: ignore[operator]
    root = Xml.fromstring(content)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "script" not in names
    titles = [e.text for e in root.iter() if e.tag.rpartition("}")[2] == "title"]
    assert set(titles) == {clean_text(HOSTILE)}
    assert b"<script" not in content.replace(b"&lt;script", b"")


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_was_typed_the_xml_can_be_read(title: str, text: str) -> None:
    entry = replace(ENTRY, title=clean_text(title), text=clean_text(text))
    for write in (rss, atom, podcast):
        Xml.fromstring(write(replace(FEED, entries=[entry]), "f.xml"))
    json.loads(json_feed(replace(FEED, entries=[entry]), "f.json"))


def test_a_long_text_is_cut_at_a_word() -> None:
    long = replace(ENTRY, text="chữ " * 3000, updated=NOON + timedelta(1))
    assert len(long.shown) <= 5_002
    assert long.shown.endswith("chữ …")
