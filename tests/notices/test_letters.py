"""From notices to letters, through a real mail server."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from tests.letters.post_office import PostOffice, text_of
from tests.notices.conftest import LATER, QUIET
from tests.notices.telling import tell, with_address
from vang.letters.delivering import deliver_due
from vang.letters.models import Letter
from vang.notices import services
from vang.notices.gathering import letters_due
from vang.notices.models import Notice
from vang.people.models import Person


def at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


def post(instant: datetime) -> int:
    """What the worker does at that moment."""
    letters_due(now=instant)
    return deliver_due(clock=at(instant))


@pytest.fixture
def an(an: Person) -> Person:
    return with_address(an)


def test_what_is_urgent_leaves_at_once_and_once(
    post_office: PostOffice, an: Person, now: datetime
) -> None:
    tell([an], now, "Cụm loa Thuận 1 mất kết nối", text="Từ 11:50.")
    assert [post(now + timedelta(minutes=n)) for n in (0, 1, 10, 2000)] == [1, 0, 0, 0]
    (message,) = post_office.taken
    assert message["To"] == "an@xa.example.vn"
    assert message["Subject"] == "Cụm loa Thuận 1 mất kết nối"
    text = text_of(message)
    assert "Kính gửi Nguyễn Văn An," in text
    assert "Từ 11:50." in text
    assert "/notices/preferences" in text


def test_a_flood_becomes_two_letters(post_office: PostOffice, an: Person, now: datetime) -> None:
    tell([an], now, "thứ nhất")
    post(now)
    for number in range(20):
        tell([an], now + timedelta(seconds=number), f"số {number}")
        post(now + timedelta(seconds=number))
    assert len(post_office.taken) == 1
    post(now + timedelta(minutes=5))
    assert len(post_office.taken) == 2
    assert post_office.taken[1]["Subject"] == "số 0 và 19 thông báo khác"
    assert "số 19" in text_of(post_office.taken[1])


def test_what_was_read_on_the_page_meanwhile_is_not_mailed(
    post_office: PostOffice, an: Person, now: datetime
) -> None:
    tell([an], now)
    letters_due(now=now)
    services.mark_all_read(person=an, now=now)
    assert deliver_due(clock=at(now)) == 0
    assert Letter.objects.get().state == "DROPPED"
    tell([an], now)
    services.mark_all_read(person=an, now=now)
    assert post(now + timedelta(minutes=10)) == 0


def test_the_days_letter_comes_once_at_the_persons_hour(
    post_office: PostOffice, an: Person, now: datetime
) -> None:
    services.choose_mail(person=an, choices={}, hour=18, language="vi", now=now)
    for title in ("một", "hai", "ba"):
        tell([an], now, title, kind=LATER)
    tell([an], now, "chỉ trên trang", kind=QUIET)
    before, six = now + timedelta(hours=5, minutes=59), now + timedelta(hours=6)
    assert [post(before), post(six), post(six + timedelta(hours=1))] == [0, 1, 0]
    (message,) = post_office.taken
    assert message["Subject"] == "Ngày 10/06/2026: 3 thông báo"
    assert "chỉ trên trang" not in text_of(message)
    tell([an], six, "muộn", kind=LATER)
    assert post(six + timedelta(hours=2)) == 0
    assert post(six + timedelta(days=1)) == 1


def test_a_server_switched_off_at_the_hour_writes_later_that_day(
    post_office: PostOffice, an: Person, now: datetime
) -> None:
    tell([an], now - timedelta(hours=8), kind=LATER)  # 4 o'clock; the letter is due at 7
    assert post(now) == 1


def test_a_mail_server_away_holds_nothing_up_and_loses_nothing(
    post_office: PostOffice, an: Person, now: datetime
) -> None:
    post_office.on_rcpt["an@xa.example.vn"] = "451 later"
    tell([an], now, "thứ nhất")
    assert post(now) == 0
    tell([an], now + timedelta(minutes=6), "thứ hai")
    post_office.on_rcpt.clear()
    assert post(now + timedelta(minutes=6)) == 1
    assert post(now + timedelta(minutes=12)) == 1
    assert [m["Subject"] for m in post_office.taken] == ["thứ nhất", "thứ hai"]


def test_without_a_mail_server_notices_stay_on_the_page(
    an: Person, now: datetime, settings: Settings
) -> None:
    settings.MAIL_SERVER = None
    tell([an], now)
    assert letters_due(now=now) == 0
    assert not Letter.objects.exists()
    assert Notice.objects.get().letter is None


def test_the_letter_speaks_the_readers_language(
    post_office: PostOffice, an: Person, now: datetime
) -> None:
    services.choose_mail(person=an, choices={}, hour=7, language="en", now=now)
    an.refresh_from_db()
    tell([an], now, "News")
    post(now)
    assert "Dear Nguyễn Văn An," in text_of(post_office.taken[0])


def test_no_letter_after_the_account_is_closed(
    post_office: PostOffice, an: Person, now: datetime
) -> None:
    tell([an], now)
    Person.objects.filter(pk=an.pk).update(is_active=False)
    assert post(now) == 0
