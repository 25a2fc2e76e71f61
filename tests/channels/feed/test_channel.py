"""Feeds follow releases, corrections and withdrawals."""

from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.channels.portal.publishing import folder, write_pages
from tests.channels.releasing import WRONG, corrected, released, row
from vang.base.refusals import Refusal
from vang.bulletins.models import Delivery
from vang.bulletins.services import withdraw_bulletin
from vang.channels.portal import paths
from vang.channels.portal.freshness import refresh_due
from vang.channels.registry import find_channel
from vang.channels.services import choose_channel
from vang.channels.working import work_off
from vang.orgs.models import Unit
from vang.people.models import Person


def read(unit: Unit, path: str = paths.ATOM) -> list[Any]:
    return list(feedparser.parse((folder(unit) / path).read_bytes()).entries)


def test_a_release_is_in_every_feed(xa_a: Unit, an: Person, binh: Person, now: datetime) -> None:
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    assert row(edition, "feed").state == "DONE"
    for path in (paths.RSS, paths.ATOM):
        (entry,) = read(xa_a, path)
        assert entry.title == edition.title
        assert entry.link.startswith("http")
        assert (folder(xa_a) / entry.link.split(f"/pages/{xa_a.code}/")[1]).is_file()
    assert read(xa_a, paths.PODCAST) == []  # its MP3 is not made yet
    mp3 = folder(xa_a) / paths.audio_path(edition.audio_sha256, "mp3")
    mp3.write_bytes(b"ID3")
    Delivery.objects.filter(edition=edition, channel="feed").update(due_at=now)
    work_off(now=now)
    assert read(xa_a, paths.PODCAST)[0].enclosures[0]["length"] == "3"


def test_a_correction_is_new_and_changes_the_old_entry(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    correction = corrected(edition, an, binh, later)
    work_off(now=later)
    old, new = sorted(read(xa_a), key=lambda entry: entry.published)
    assert old.id == f"urn:uuid:{edition.pk}"
    assert old.title == f"Đã đính chính: {edition.title}"
    assert old.updated_parsed[:5] == later.timetuple()[:5]
    assert paths.edition_path(correction) in old.content[0].value
    assert old.enclosures == []
    assert WRONG in new.content[0].value
    assert new.enclosures


def test_a_withdrawal_takes_the_words_away_and_says_so(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    withdraw_bulletin(
        bulletin=edition.bulletin, reason="Hoãn.", by=binh, now=later, publicly="CHANGED"
    )
    work_off(now=later)
    (entry,) = read(xa_a)
    assert entry.title == f"Thu hồi: {edition.title}"
    assert edition.text not in entry.content[0].value
    assert entry.enclosures == []


def test_the_districts_feed_has_the_communes_notices(
    xa_a: Unit, district: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    refresh_due(now=now)
    (entry,) = read(district)
    assert entry.link.endswith(f"/pages/{xa_a.code}/{paths.edition_path(edition)}")
    assert entry.author == xa_a.full_name


def test_without_the_channel_no_page_leads_to_a_feed(
    xa_a: Unit, an: Person, binh: Person, quan: Person, now: datetime
) -> None:
    channel = find_channel("feed")
    assert channel
    choose_channel(unit=xa_a, channel=channel, on=False, by=quan, now=now)
    released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    assert not (folder(xa_a) / paths.RSS).exists()
    for page in folder(xa_a).rglob("*.html"):
        assert "rss.xml" not in page.read_text()


def test_a_correction_reaches_the_feed_of_a_channel_that_is_off_by_now(
    xa_a: Unit, an: Person, binh: Person, quan: Person, now: datetime, later: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    channel = find_channel("feed")
    assert channel
    choose_channel(unit=xa_a, channel=channel, on=False, by=quan, now=now)
    corrected(edition, an, binh, later)
    work_off(now=later)
    assert edition.text not in str([entry.content for entry in read(xa_a)])


def test_feeds_need_the_page(xa_a: Unit, quan: Person, now: datetime) -> None:
    portal, feed = find_channel("portal"), find_channel("feed")
    assert portal
    assert feed
    choose_channel(unit=xa_a, channel=portal, on=False, by=quan, now=now)
    with pytest.raises(Refusal) as refused:
        choose_channel(unit=xa_a, channel=feed, on=True, by=quan, now=now)
    assert refused.value.code == "not-set-up"


def test_a_full_disk_is_told(
    xa_a: Unit, an: Person, binh: Person, now: datetime, data: Path
) -> None:
    edition = released(xa_a, an, binh, now)
    (folder(xa_a) / paths.RSS).mkdir(parents=True)
    work_off(now=now)
    assert row(edition, "feed").state == "FAILED"
    assert row(edition, "portal").state == "DONE"
