"""Writing pages: whole or not at all, and again until it succeeds."""

import shutil
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from tests.channels.portal.publishing import (
    became,
    cluster,
    delivery,
    folder,
    index,
    page,
    planned,
    released,
    write_pages,
)
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.base.files import FileStore
from vang.bulletins.models import Delivery, Edition
from vang.bulletins.services import withdraw_bulletin
from vang.channels.portal import paths
from vang.channels.portal.freshness import open_missing_sites, refresh_due
from vang.channels.portal.services import has_page
from vang.channels.portal.sites import open_site
from vang.channels.registry import find_channel
from vang.channels.services import choose_channel
from vang.channels.working import work_off
from vang.evidence.changes import as_run_changed
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person


def worked(*, now: datetime) -> bool:
    """Whether the page of any commune was among what was due."""
    return any(told.startswith("portal ") for told in work_off(now=now))


def test_a_written_page_is_a_done_delivery(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    assert delivery(edition).state == Delivery.State.QUEUED
    write_pages(edition.unit, now=now)
    assert delivery(edition).state == Delivery.State.DONE
    entry = Entry.objects.get(action="channel.done", detail__channel="portal")
    assert entry.subject == f"edition:{edition.pk}"


def test_only_what_was_released_to_the_page_is_written(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    Delivery.objects.filter(edition=edition, channel="portal").delete()
    write_pages(xa_a, now=now)
    assert edition.title not in index(xa_a)


def test_another_commune_does_not_appear(
    xa_a: Unit, xa_b: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_b, now=now)
    assert edition.title not in index(xa_b)
    assert delivery(edition).state == Delivery.State.QUEUED


def test_the_sound_is_shared_with_the_store(
    xa_a: Unit, an: Person, binh: Person, now: datetime, data: Path
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    public = folder(xa_a) / paths.audio_path(edition.audio_sha256)
    assert public.samefile(FileStore(data / "files").path(edition.audio_sha256))


@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_without_the_approved_sound_no_page_and_no_link(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime, data: Path, damage: str
) -> None:
    edition = released(xa_a, an, binh, now)
    stored = FileStore(data / "files").path(edition.audio_sha256)
    whole = stored.read_bytes()
    stored.unlink() if damage == "missing" else stored.write_bytes(b"OggS other sound")
    write_pages(xa_a, now=now)
    assert delivery(edition).state == Delivery.State.FAILED
    assert "âm thanh" in delivery(edition).detail
    assert edition.title not in index(xa_a)
    stored.write_bytes(whole)
    write_pages(xa_a, now=later)
    assert delivery(edition).state == Delivery.State.DONE
    assert edition.title in index(xa_a)


def test_a_failure_between_two_writes_leaves_the_old_pages_whole(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    first = released(xa_a, an, binh, now, title="Tin thứ nhất")
    write_pages(xa_a, now=now)
    before = index(xa_a)
    second = released(xa_a, an, binh, later, title="Tin thứ hai")
    month = folder(xa_a) / "2026/06/index.html"
    month.unlink()
    month.mkdir()  # the list of the month cannot be replaced: writing breaks off there
    work_off(now=later)
    assert "Tin thứ hai" in page(second)
    assert index(xa_a) == before
    assert delivery(second).state == Delivery.State.FAILED
    assert delivery(first).state == Delivery.State.DONE
    assert not list(folder(xa_a).rglob(".writing-*"))
    month.rmdir()
    assert worked(now=later + timedelta(minutes=2))
    assert "Tin thứ hai" in index(xa_a)


def test_one_bad_page_does_not_hold_up_the_others(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    bad = released(xa_a, an, binh, now - timedelta(days=40), title="Tin cũ")
    good = released(xa_a, an, binh, now, title="Tin mới")
    in_the_way = folder(xa_a) / paths.edition_path(bad)
    in_the_way.mkdir(parents=True)
    write_pages(xa_a, now=now)
    assert delivery(bad).state == Delivery.State.FAILED
    assert delivery(good).state == Delivery.State.DONE
    assert "Tin mới" in index(xa_a)
    assert "Tin cũ" not in index(xa_a)


def test_failures_are_tried_again_ever_more_patiently_and_for_ever(
    xa_a: Unit, an: Person, binh: Person, now: datetime, data: Path
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    FileStore(data / "files").path(edition.audio_sha256).unlink()
    shutil.rmtree(folder(xa_a) / "audio")
    Delivery.objects.filter(edition=edition).update(state="QUEUED", due_at=now)
    minutes = range(200)
    tried = [m for m in minutes if worked(now=now + timedelta(minutes=m))]
    waits = [b - a for a, b in pairwise(tried)]
    assert waits == [2, 4, 8, 16, 32, 64, 64]
    assert delivery(edition).state == Delivery.State.FAILED


def test_what_the_loudspeakers_report_reaches_the_page_but_not_every_second(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    one = cluster(xa_a, 1)
    item = planned(edition, [one], now)
    assert worked(now=now)
    assert not worked(now=now + timedelta(seconds=1))
    became(item, one, "DONE", "", now + timedelta(seconds=2))
    as_run_changed([edition.pk], now + timedelta(seconds=2))
    assert not worked(now=now + timedelta(seconds=3))
    assert "Đã phát" not in page(edition)
    assert worked(now=now + timedelta(seconds=12))
    assert "Đã phát" in page(edition)


def test_words_of_the_loudspeakers_that_follow_each_other_are_one_writing(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    for seconds in range(9):
        as_run_changed([edition.pk], now + timedelta(seconds=seconds))
    assert delivery(edition).due_at == now + timedelta(seconds=10)


def test_every_morning_the_schedule_is_that_of_the_day(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    assert "Thứ Tư 10/06/2026" in index(xa_a)
    assert refresh_due(now=now) == ["509"]  # the district above lists it
    assert refresh_due(now=now + timedelta(hours=11)) == []
    assert set(refresh_due(now=now + timedelta(hours=13))) == {"509", xa_a.code}
    assert "Thứ Năm 11/06/2026" in index(xa_a)


def test_a_commune_with_a_loudspeaker_has_a_page_before_its_first_notice(
    xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    assert refresh_due(now=now) == []
    cluster(xa_a, 1)
    assert not has_page(xa_a)
    assert open_missing_sites() == 1
    assert set(refresh_due(now=now)) == {xa_a.code, "509"}
    assert has_page(xa_a)
    assert not has_page(xa_b)
    assert refresh_due(now=now) == []
    assert open_missing_sites() == 0


def test_a_site_that_cannot_be_written_is_tried_again_and_holds_up_nobody(
    xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    for unit in (xa_a, xa_b):
        open_site(unit)
    in_the_way = folder(xa_a) / "index.html"
    in_the_way.mkdir(parents=True)
    assert xa_b.code in refresh_due(now=now)
    assert refresh_due(now=now + timedelta(minutes=1)) == []
    in_the_way.rmdir()
    assert refresh_due(now=now + timedelta(minutes=2)) == [xa_a.code]
    assert has_page(xa_a)


def test_other_hours_plays_and_channels_make_the_pages_due(
    xa_a: Unit, an: Person, binh: Person, quan: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    refresh_due(now=now)
    as_run_changed([edition.pk], now)
    assert refresh_due(now=now) == []
    assert refresh_due(now=now + timedelta(seconds=10)) == [xa_a.code]
    channel = find_channel("feed")
    assert channel
    choose_channel(unit=xa_a, channel=channel, on=False, by=quan, now=now)
    assert refresh_due(now=now) == [xa_a.code]


def test_unchanged_files_are_left_alone(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    kept = {path: path.stat().st_ino for path in folder(xa_a).rglob("*") if path.is_file()}
    write_pages(xa_a, now=now)
    again = {path: path.stat().st_ino for path in folder(xa_a).rglob("*") if path.is_file()}
    assert {p.name for p in kept if kept[p] != again[p]} <= {".day"}


def test_withdrawal_after_writing_is_due(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    withdraw_bulletin(bulletin=edition.bulletin, reason="Sai ngày.", by=binh, now=later)
    assert worked(now=later)
    assert "đã được thu hồi" in page(edition)
    assert (delivery(edition).act, delivery(edition).state) == ("WITHDRAW", "DONE")


def test_a_code_that_is_no_folder_name_is_refused(xa_a: Unit, now: datetime, data: Path) -> None:
    Unit.objects.filter(pk=xa_a.pk).update(code="../../x")
    xa_a.refresh_from_db()
    with pytest.raises(ValueError, match="folder name"):
        write_pages(xa_a, now=now)
    assert not list(data.rglob("index.html"))


def test_a_release_to_the_page_asks_the_database_little(
    xa_a: Unit,
    an: Person,
    binh: Person,
    now: datetime,
    later: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """From the claim to the journal; the unit is read once, its lists once each."""
    released(xa_a, an, binh, now, title="Tin thứ nhất")
    work_off(now=now)
    second = released(xa_a, an, binh, later, title="Tin thứ hai")
    Delivery.objects.exclude(channel="portal").update(due_at=None)
    with django_assert_max_num_queries(30):
        assert worked(now=later)
    assert second.title in index(xa_a)


def test_the_pages_of_the_day_are_left_alone_by_a_release(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    first = released(xa_a, an, binh, now)
    planned(first, [cluster(xa_a, 1)], later + timedelta(hours=1))
    write_pages(xa_a, now=now)
    schedule = folder(xa_a) / paths.SCHEDULE
    written = schedule.read_bytes()
    released(xa_a, an, binh, later, title="Tin thứ hai")
    work_off(now=later)
    assert "Tin thứ hai" in index(xa_a)
    assert schedule.read_bytes() == written
    released(xa_a, an, binh, later, title="Tin hôm sau")
    work_off(now=later + timedelta(days=1))
    assert schedule.read_bytes() != written


def test_the_page_is_there_when_the_release_is_done(
    xa_a: Unit,
    an: Person,
    binh: Person,
    now: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    use_clock(ManualClock(now))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            edition = released(xa_a, an, binh, now)
        assert edition.title in index(xa_a)
        with django_capture_on_commit_callbacks(execute=True):
            withdraw_bulletin(bulletin=edition.bulletin, reason="Sai ngày.", by=binh, now=now)
        assert "đã được thu hồi" in page(edition)
    finally:
        use_clock(SystemClock())


def test_a_release_succeeds_though_the_disk_is_full_and_the_worker_tries_again(
    xa_a: Unit,
    an: Person,
    binh: Person,
    now: datetime,
    data: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    in_the_way = data / "portal"
    in_the_way.write_text("no folder")
    use_clock(ManualClock(now))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            edition = released(xa_a, an, binh, now)
    finally:
        use_clock(SystemClock())
    assert delivery(edition).state == "FAILED"
    in_the_way.unlink()
    work_off(now=now + timedelta(minutes=2))
    assert edition.title in index(xa_a)


def test_an_edition_knows_its_address_for_ever(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    again = Edition.objects.get(pk=edition.pk)
    assert paths.edition_path(edition) == paths.edition_path(again)
    assert paths.edition_path(edition).startswith("2026/06/lich-cat-dien-")
