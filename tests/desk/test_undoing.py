"""Taking back what was just done, with one button, for ten minutes, by the one who did it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.airtime.factories import cluster, edition
from vang.airtime.models import Placement, StoppedOccurrence
from vang.airtime.services import create_programme, place_once
from vang.base import clock
from vang.bulletins.models import Draft
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.stations.models import Cluster
from vang.voice.models import Pronunciation

TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def hand(now: datetime) -> Iterator[clock.ManualClock]:
    manual = clock.ManualClock(now)
    clock.use_clock(manual)
    yield manual
    clock.use_clock(clock.SystemClock())


def entered(someone: Person) -> Client:
    client = Client()
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def offered(client: Client, address: str = "/") -> str:
    """The token of the newest offer on the page."""
    found = TOKEN.search(client.get(address).content.decode())
    assert found is not None
    return found[1]


def undone(client: Client, token: str) -> str:
    """What the page says after the button."""
    return client.post("/undo", {"token": token, "next": "/"}, follow=True).content.decode()


@pytest.fixture
def notice(xa_a: Unit, an: Person, now: datetime) -> Placement:
    """A notice of five minutes in the evening of the day."""
    cluster(xa_a, 1, "20662.01")
    start = now + timedelta(hours=5)
    return place_once(edition=edition(xa_a, an), start=start, by=an, now=now)


def stop(client: Client, notice: Placement) -> None:
    client.post(f"/airtime/{notice.unit_id}/stop", {"item": f"o{notice.pk}"})


def test_a_stop_is_taken_back(an: Person, notice: Placement) -> None:
    client = entered(an)
    stop(client, notice)
    assert StoppedOccurrence.objects.exists()
    page = undone(client, offered(client))
    assert "Đã đưa lại 1 lượt phát vào lịch." in page
    assert not StoppedOccurrence.objects.exists()
    assert not TOKEN.search(page)


def test_the_offer_stays_for_ten_minutes_and_grows_quiet(
    an: Person, notice: Placement, hand: clock.ManualClock
) -> None:
    client = entered(an)
    stop(client, notice)
    assert "undo-fresh" in client.get("/").content.decode()
    hand.set(hand.now() + timedelta(minutes=1))
    page = client.get("/bulletins/").content.decode()
    assert TOKEN.search(page)
    assert "undo-fresh" not in page
    hand.set(hand.now() + timedelta(minutes=9))
    assert not TOKEN.search(client.get("/").content.decode())


def test_after_ten_minutes_even_a_kept_page_takes_nothing_back(
    an: Person, notice: Placement, hand: clock.ManualClock
) -> None:
    client = entered(an)
    stop(client, notice)
    token = offered(client)
    hand.set(hand.now() + timedelta(minutes=10))
    assert "Đã quá mười phút" in undone(client, token)
    assert StoppedOccurrence.objects.exists()


def test_only_the_one_who_did_it_takes_it_back(an: Person, binh: Person, notice: Placement) -> None:
    client = entered(an)
    stop(client, notice)
    token = offered(client)
    undone(entered(binh), token)
    assert StoppedOccurrence.objects.exists()
    undone(client, token)
    assert not StoppedOccurrence.objects.exists()


def test_a_forged_token_does_nothing(an: Person, notice: Placement) -> None:
    client = entered(an)
    stop(client, notice)
    head, _, tail = offered(client).partition(":")
    undone(client, f"{head[:-2]}xx:{tail}")
    assert StoppedOccurrence.objects.exists()


def test_one_who_lost_the_role_takes_nothing_back(an: Person, notice: Placement) -> None:
    client = entered(an)
    stop(client, notice)
    token = offered(client)
    Membership.objects.filter(person=an).update(role="READER")
    undone(client, token)
    assert StoppedOccurrence.objects.exists()


def test_an_offer_can_be_put_away(an: Person, notice: Placement) -> None:
    client = entered(an)
    stop(client, notice)
    client.post("/undo/keep", {"token": offered(client), "next": "/"})
    assert not TOKEN.search(client.get("/").content.decode())
    assert StoppedOccurrence.objects.exists()


def test_taking_back_is_posted_by_somebody_signed_in(client: Client, an: Person) -> None:
    assert client.post("/undo", {"token": "x"}).headers["Location"].startswith("/account/sign-in")
    assert entered(an).get("/undo").status_code == 405


def test_the_way_back_is_a_page_of_ours(an: Person) -> None:
    answer = entered(an).post("/undo", {"token": "x", "next": "//example.org/"})
    assert answer.headers["Location"] == "/"


def test_what_sounds_is_stopped_without_an_offer(
    an: Person, notice: Placement, hand: clock.ManualClock
) -> None:
    hand.set(hand.now() + timedelta(hours=5, seconds=10))
    client = entered(an)
    stop(client, notice)
    assert not TOKEN.search(client.get("/").content.decode())


def test_stop_everything_gives_back_what_had_not_begun(an: Person, notice: Placement) -> None:
    client = entered(an)
    client.post(f"/airtime/{notice.unit_id}/stop-all", {"reach": "day"})
    undone(client, offered(client))
    assert not StoppedOccurrence.objects.exists()


def test_a_removed_placement_comes_back(an: Person, notice: Placement) -> None:
    client = entered(an)
    client.post(f"/airtime/placements/{notice.pk}/take-off")
    assert "Đã đưa lại vào lịch phát: Lịch cắt điện." in undone(client, offered(client))
    notice.refresh_from_db()
    assert notice.stopped_at is None


def test_an_ended_programme_goes_on(xa_a: Unit, binh: Person, now: datetime) -> None:
    programme = create_programme(
        unit=xa_a,
        name="Bản tin chiều",
        starts_at=now.replace(hour=17).time(),
        weekdays="1111111",
        valid_from=now.date(),
        valid_to=None,
        by=binh,
        now=now,
    )
    client = entered(binh)
    client.post(f"/airtime/programmes/{programme.pk}/end")
    assert "Chương trình tiếp tục: Bản tin chiều." in undone(client, offered(client))
    programme.refresh_from_db()
    assert programme.ended_at is None


def test_a_word_is_in_the_dictionary_again(xa_a: Unit, an: Person, now: datetime) -> None:
    word = Pronunciation.objects.create(
        unit=xa_a, written="Noru", spoken="nô ru", updated_by=an, updated_at=now
    )
    client = entered(an)
    client.post(f"/voice/pronunciations/{word.pk}/remove")
    token = offered(client)
    assert "Đã đưa lại vào từ điển: Noru." in undone(client, token)
    assert Pronunciation.objects.get().spoken == "nô ru"
    assert "đã có lại" in undone(client, token)


def test_a_role_is_given_back_as_it_was(xa_a: Unit, an: Person, quan: Person) -> None:
    held = Membership.objects.get(person=an)
    client = entered(quan)
    client.post(f"/account/roles/{held.pk}/end")
    held.refresh_from_db()
    assert held.valid_to is not None
    assert "Nguyễn Văn An lại là người soạn." in undone(client, offered(client))
    held.refresh_from_db()
    assert held.valid_to is None
    assert Entry.objects.filter(action="role.restore").count() == 1


def test_a_role_that_began_today_comes_back_too(
    xa_a: Unit, an: Person, quan: Person, now: datetime
) -> None:
    today = clock.local_date(now)
    Membership.objects.filter(person=an).update(valid_from=today)
    client = entered(quan)
    client.post(f"/account/roles/{Membership.objects.get(person=an).pk}/end")
    assert not Membership.objects.filter(person=an).exists()
    undone(client, offered(client))
    assert Membership.objects.get(person=an).valid_from == today


def test_a_cluster_serves_again(xa_a: Unit, tech: Person) -> None:
    made = cluster(xa_a, 1, "20662.01")
    client = entered(tech)
    fields = {"name": "Cụm 1", "place": "", "volume_ceiling_db": "0", "language": "vi"}
    client.post(f"/stations/{made.pk}/change", fields)
    assert not Cluster.objects.get().active
    assert "Sử dụng lại: Cụm 1." in undone(client, offered(client))
    assert Cluster.objects.get().active


def test_text_that_was_thrown_away_comes_back(an: Person) -> None:
    client = entered(an)
    long_text = "Kính mời bà con đến họp. " * 1800
    client.post("/bulletins/autosave", {"title": "Họp thôn", "text": long_text})
    client.post("/bulletins/draft/discard")
    assert not Draft.objects.exists()
    assert "Đã lấy lại nội dung" in undone(client, offered(client))
    assert Draft.objects.get().fields["title"] == "Họp thôn"


def test_newer_text_is_not_lost_to_older(an: Person) -> None:
    client = entered(an)
    client.post("/bulletins/autosave", {"title": "Cũ", "text": ""})
    client.post("/bulletins/draft/discard")
    token = offered(client)
    client.post("/bulletins/autosave", {"title": "Mới", "text": ""})
    assert "nội dung mới được giữ" in undone(client, token)
    assert Draft.objects.get().fields["title"] == "Mới"
