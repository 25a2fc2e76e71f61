"""Residents are written to when they asked for it twice, and never again once they leave."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from tests.channels.releasing import BECAUSE, MENDED, WRONG, corrected, released, row
from tests.conftest import SignedIn
from tests.letters.post_office import PostOffice
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.base.refusals import Refusal
from vang.bulletins.services import withdraw_bulletin
from vang.channels.mailing.models import Addressed, Subscriber
from vang.channels.mailing.services import ask_for_letters, confirm, forget_unconfirmed, leave
from vang.channels.mailing.tokens import confirm_token, leave_token, read_confirm
from vang.channels.registry import find_channel
from vang.channels.services import choose_channel
from vang.channels.working import work_off
from vang.letters.delivering import deliver_due
from vang.letters.models import Letter
from vang.orgs.models import Unit
from vang.people.models import Person

LAN, HUE = "lan@example.vn", "hue@example.vn"


@pytest.fixture
def hand(now: datetime) -> Iterator[ManualClock]:
    """The clock of the pages."""
    manual = ManualClock(now)
    use_clock(manual)
    yield manual
    use_clock(SystemClock())


@pytest.fixture
def mailing(post_office: PostOffice, xa_a: Unit, quan: Person, now: datetime) -> PostOffice:
    """The channel is on."""
    channel = find_channel("mailing")
    assert channel
    choose_channel(unit=xa_a, channel=channel, on=True, by=quan, now=now)
    return post_office


def subscribe(unit: Unit, now: datetime, *addresses: str) -> None:
    for address in addresses:
        Subscriber.objects.create(unit=unit, address=address, asked_at=now, confirmed_at=now)


def post(office: PostOffice, now: datetime) -> list[EmailMessage]:
    """Work the channel off, let the letters leave, and see what came in since."""
    before = len(office.taken)
    work_off(now=now)
    deliver_due(clock=lambda: now)
    work_off(now=now + timedelta(seconds=30))
    return office.taken[before:]


def body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    assert part is not None
    return str(part.get_content())


def test_each_on_the_list_gets_one_letter_of_their_own(
    mailing: PostOffice, xa_a: Unit, xa_b: Unit, an: Person, binh: Person, now: datetime
) -> None:
    subscribe(xa_a, now, LAN, HUE)
    subscribe(xa_b, now, "chi@example.vn")
    edition = released(xa_a, an, binh, now)
    letters = post(mailing, now)
    assert sorted(letter["To"] for letter in letters) == [HUE, LAN]
    assert {letter["Subject"] for letter in letters} == {edition.title}
    assert edition.text in body(letters[0])
    assert f"/pages/{xa_a.code}/2026/06/" in body(letters[0])
    told = row(edition, "mailing")
    assert (told.state, told.detail) == ("DONE", "Đã gửi 2 trên 2 thư.")
    assert post(mailing, now + timedelta(hours=1)) == []


def test_the_letter_has_a_way_out_for_people_and_for_mail_programs(
    mailing: PostOffice, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    subscribe(xa_a, now, LAN)
    released(xa_a, an, binh, now)
    (letter,) = post(mailing, now)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(letter["List-Unsubscribe"]).strip("<>")
    assert address in body(letter)
    path = re.sub(r"^https?://[^/]+", "", address)
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 200
    assert Subscriber.objects.exists()  # looking is not leaving
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.exists()
    assert "không còn trong danh sách" in strict.get(path).content.decode()
    released(xa_a, an, binh, now + timedelta(minutes=1))
    assert post(mailing, now + timedelta(minutes=1)) == []


def test_correction_and_withdrawal_reach_those_who_were_written_to(
    mailing: PostOffice,
    xa_a: Unit,
    an: Person,
    binh: Person,
    now: datetime,
    later: datetime,
) -> None:
    subscribe(xa_a, now, LAN)
    edition = released(xa_a, an, binh, now)
    post(mailing, now)
    corrected(edition, an, binh, later)
    (letter,) = post(mailing, later)
    assert letter["Subject"] == f"Đính chính: {edition.title}"
    for words in (WRONG, BECAUSE, MENDED):
        assert words in body(letter)
    after = later + timedelta(minutes=5)
    subscribe(xa_a, after, HUE)
    withdraw_bulletin(
        bulletin=edition.bulletin, reason="Hoãn.", by=binh, now=after, publicly="CHANGED"
    )
    (letter,) = post(mailing, after)
    assert letter["To"] == LAN
    assert letter["Subject"] == f"Thu hồi: {edition.title}"
    assert "đã hoãn hoặc hủy" in body(letter)
    assert MENDED not in body(letter)


def test_what_has_not_left_does_not_leave_after_a_withdrawal(
    mailing: PostOffice, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    subscribe(xa_a, now, LAN)
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    assert Letter.objects.get(kind="mailing.edition").state == "WAITING"
    withdraw_bulletin(bulletin=edition.bulletin, reason="Hoãn.", by=binh, now=now)
    assert post(mailing, now) == []
    assert row(edition, "mailing").state == "DONE"


def test_an_address_that_is_refused_is_told_and_holds_up_nobody(
    mailing: PostOffice, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    mailing.on_rcpt[HUE] = "550 no such mailbox"
    subscribe(xa_a, now, LAN, HUE)
    edition = released(xa_a, an, binh, now)
    assert len(post(mailing, now)) == 1
    told = row(edition, "mailing")
    assert (told.state, told.detail) == ("DONE", "Đã gửi 1 trên 2 thư, 1 thư bị từ chối.")


def test_when_every_letter_is_refused_the_channel_has_failed(
    mailing: PostOffice, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    mailing.on_rcpt[LAN] = "550 no such mailbox"
    subscribe(xa_a, now, LAN)
    edition = released(xa_a, an, binh, now)
    post(mailing, now)
    assert row(edition, "mailing").state == "FAILED"


def test_whoever_confirms_after_the_release_is_not_written_to_about_it(
    mailing: PostOffice, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    subscribe(xa_a, now, LAN)
    released(xa_a, an, binh, now)
    work_off(now=now)
    subscribe(xa_a, now + timedelta(seconds=10), HUE)
    assert [letter["To"] for letter in post(mailing, now + timedelta(seconds=40))] == [LAN]


def test_without_a_mail_server_it_fails_visibly(
    xa_a: Unit, an: Person, binh: Person, quan: Person, now: datetime, settings: object
) -> None:
    settings.MAIL_SERVER = None  # type: ignore[attr-defined]
    channel = find_channel("mailing")
    assert channel
    with pytest.raises(Refusal) as refused:
        choose_channel(unit=xa_a, channel=channel, on=True, by=quan, now=now)
    assert refused.value.code == "not-set-up"


def test_asking_writes_one_letter_and_the_list_stays_empty(
    mailing: PostOffice, xa_a: Unit, now: datetime
) -> None:
    ask_for_letters(unit=xa_a, address=f" {LAN.upper()} ", now=now)
    ask_for_letters(unit=xa_a, address=LAN.upper(), now=now + timedelta(minutes=1))
    assert deliver_due(clock=lambda: now) == 1
    (letter,) = mailing.taken
    assert "xác nhận" in body(letter)
    assert Subscriber.objects.get().confirmed_at is None
    ask_for_letters(unit=xa_a, address=LAN.upper(), now=now + timedelta(minutes=11))
    assert deliver_due(clock=lambda: now + timedelta(minutes=11)) == 1


@pytest.mark.parametrize("typed", ["", "lan", "lan@", "a@b\r\nBcc: x@y.vn", "@example.vn"])
def test_what_is_no_address_is_refused(typed: str, xa_a: Unit, now: datetime) -> None:
    with pytest.raises(Refusal):
        ask_for_letters(unit=xa_a, address=typed, now=now)
    assert not Subscriber.objects.exists()


def test_a_request_that_nobody_confirms_is_forgotten(
    mailing: PostOffice, xa_a: Unit, now: datetime
) -> None:
    ask_for_letters(unit=xa_a, address=LAN, now=now)
    subscribe(xa_a, now - timedelta(days=30), HUE)
    assert forget_unconfirmed(now=now + timedelta(days=1)) == 0
    assert forget_unconfirmed(now=now + timedelta(days=3)) == 1
    assert Subscriber.objects.get().address == HUE


def test_confirming_and_leaving_twice_changes_nothing(xa_a: Unit, now: datetime) -> None:
    asked = Subscriber.objects.create(unit=xa_a, address=LAN, asked_at=now)
    confirm(pk=asked.pk, now=now)
    confirm(pk=asked.pk, now=now + timedelta(days=1))
    assert Subscriber.objects.get().confirmed_at == now
    leave(pk=asked.pk, now=now)
    leave(pk=asked.pk, now=now)
    assert confirm(pk=asked.pk, now=now) is None
    assert not Addressed.objects.exists()


def test_the_way_of_a_resident_through_the_pages(
    mailing: PostOffice, xa_a: Unit, now: datetime, hand: ManualClock
) -> None:
    browser = Client()
    page = reverse("mailing:ask", args=[xa_a.code])
    assert xa_a.full_name in browser.get(page).content.decode()
    first = browser.post(page, {"address": LAN}).content.decode()
    assert "hộp thư" in first
    deliver_due(clock=lambda: now)
    link = re.search(r"/channels/mailing/confirm/\S+", body(mailing.taken[0]))
    assert link
    assert LAN in browser.get(link[0]).content.decode()
    assert Subscriber.objects.get().confirmed_at is None
    assert "trong danh sách" in browser.post(link[0]).content.decode()
    assert Subscriber.objects.get().confirmed_at == now
    again = browser.post(page, {"address": LAN}).content.decode()
    assert "hộp thư" in again  # a stranger does not learn who is on the list
    assert deliver_due(clock=lambda: now) == 0


def test_programs_that_fill_in_everything_are_fooled(
    mailing: PostOffice, xa_a: Unit, now: datetime
) -> None:
    page = reverse("mailing:ask", args=[xa_a.code])
    assert Client().post(page, {"address": LAN, "website": "x"}).status_code == 200
    assert not Subscriber.objects.exists()


def test_a_flood_of_requests_is_turned_away(
    mailing: PostOffice, xa_a: Unit, hand: ManualClock
) -> None:
    page = reverse("mailing:ask", args=[xa_a.code])
    statuses = [Client().post(page, {"address": f"a{n}@example.vn"}).status_code for n in range(32)]
    assert statuses == [200] * 30 + [400] * 2


def test_no_page_of_another_site_subscribes_or_confirms_for_somebody(
    mailing: PostOffice, xa_a: Unit, now: datetime, hand: ManualClock
) -> None:
    strict = Client(enforce_csrf_checks=True)
    asked = Subscriber.objects.create(unit=xa_a, address=HUE, asked_at=now)
    ask, yes = reverse("mailing:ask", args=[xa_a.code]), confirm_token(asked.pk)
    assert strict.post(ask, {"address": LAN}).status_code == 403
    assert strict.post(reverse("mailing:confirm", args=[yes])).status_code == 403
    asked.refresh_from_db()
    assert asked.confirmed_at is None
    assert Subscriber.objects.count() == 1


@pytest.mark.parametrize("hostile", [
    "Lịch\r\nBcc: nghe.len@example.org\r\n\r\n<script>alert(1)</script>",
    "Lịch\nBcc: nghe.len@example.org",
    "Lịch\u2028Bcc: nghe.len@example.org\x00\x0b\x85 <b>",
    "=?utf-8?q?Bcc=3A_nghe.len=40example.org?=\r\n x",
])  # fmt: skip
def test_no_title_adds_a_header_or_a_reader(
    hostile: str, mailing: PostOffice, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    subscribe(xa_a, now, LAN)
    released(xa_a, an, binh, now, title=hostile)
    (letter,) = post(mailing, now)
    assert letter["Bcc"] is None
    assert letter["To"] == LAN
    assert len(str(letter["Subject"]).splitlines()) == 1
    html = letter.get_body(preferencelist=("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert len(mailing.taken) == 1


def test_old_and_foreign_links_do_nothing(xa_a: Unit, now: datetime) -> None:
    asked = Subscriber.objects.create(unit=xa_a, address=LAN, asked_at=now)
    old = signing.TimestampSigner(salt="vang.mailing.confirm")
    past = old.sign(str(asked.pk)).rsplit(":", 2)
    stale = f"{past[0]}:1aaaaa:{past[2]}"
    assert read_confirm(stale) is None
    for name, token in (
        ("confirm", stale),
        ("confirm", leave_token(asked.pk)),
        ("leave", confirm_token(asked.pk)),
        ("leave", "1:x"),
    ):
        assert Client().post(reverse(f"mailing:{name}", args=[token])).status_code == 404
    asked.refresh_from_db()
    assert asked.confirmed_at is None


def test_the_page_exists_only_where_the_channel_is_on(
    post_office: PostOffice, xa_a: Unit, now: datetime
) -> None:
    assert Client().get(reverse("mailing:ask", args=[xa_a.code])).status_code == 404
    assert Client().get(reverse("mailing:ask", args=["00000"])).status_code == 404


def test_the_administrator_sees_how_many_and_nobody_who(
    mailing: PostOffice, xa_a: Unit, an: Person, quan: Person, now: datetime, signed_in: SignedIn
) -> None:
    subscribe(xa_a, now, LAN, HUE)
    page = reverse("mailing:list")
    assert Client().get(page).status_code == 302
    assert signed_in(an).get(page).status_code == 403
    assert signed_in(quan).post(page).status_code == 405
    shown = signed_in(quan).get(page).content.decode()
    assert "<b>2</b>" in shown
    assert reverse("mailing:ask", args=[xa_a.code]) in shown
    assert LAN not in shown
