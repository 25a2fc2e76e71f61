"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from datetime import datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from tests.conftest import SignedIn
from tests.relays.conftest import Station as Radio
from tests.relays.conftest import sound_file
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays import services
from vang.relays.jobs import try_source
from vang.relays.models import Source, Station

pytestmark = pytest.mark.django_db
VOV = "https://str.vov.gov.vn/vov1/playlist.m3u8"


def address(name: str, *args: object) -> str:
    return reverse(f"relays:{name}", args=args)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def vov(xa_a: Unit, binh: Person, now: datetime) -> Station:
    return services.add_station(unit=xa_a, name="VOV1", by=binh, now=now)


def added(
    station: Station, by: Person, now: datetime, at: str = VOV, kind: str = "STREAM"
) -> Source:
    return services.add_source(station=station, kind=kind, address=at, by=by, now=now)


def test_an_approver_names_a_station_and_two_sources(binh: Person, signed_in: SignedIn) -> None:
    client = signed_in(binh)
    assert "Chưa tiếp âm đài nào" in body(client.get(address("list")))
    answer = client.post(address("list"), {"name": "  VOV1 "}, follow=True)
    station = Station.objects.get()
    assert (station.name, answer.redirect_chain[0][0]) == ("VOV1", address("station", station.pk))
    for at in (VOV, "https://phatthanh.example.vn:8443/live"):
        client.post(address("station", station.pk), {"kind": "STREAM", "address": at})
    first, second = station.sources.all()
    assert (first.address, first.place, second.place) == (VOV, 1, 2)
    assert first.waiting
    client.post(address("prefer", second.pk))
    assert list(station.sources.all()) == [second, first]
    client.post(address("end-source", second.pk))
    page = body(client.get(address("station", station.pk)))
    assert VOV in page
    assert "phatthanh.example.vn" not in page
    told = [one.action for one in Entry.objects.order_by("pk") if "relay" in one.action]
    assert told[0] == "add-relayed-station"
    assert told[-1] == "end-relay-source"


@pytest.mark.parametrize(
    ("kind", "at", "words"),
    [
        ("STREAM", "http://radio.vn/live", "phải bắt đầu bằng https://"),
        ("STREAM", "https://192.168.1.4/live", "mạng riêng của máy chủ"),
        ("STREAM", "file:///etc/passwd", "Hãy ghi đủ địa chỉ"),
        ("LINE_IN", "default; rm -rf /", "card âm thanh"),
    ],
)
def test_an_address_that_cannot_be_is_said_at_its_field(
    vov: Station, binh: Person, signed_in: SignedIn, kind: str, at: str, words: str
) -> None:
    answer = signed_in(binh).post(address("station", vov.pk), {"kind": kind, "address": at})
    assert answer.status_code == 200
    assert words in body(answer)
    assert at.replace("&", "&amp;") in body(answer)
    assert not Source.objects.exists()


def test_the_same_station_or_source_is_named_once(
    vov: Station, xa_a: Unit, binh: Person, now: datetime
) -> None:
    added(vov, binh, now)
    with pytest.raises(Refusal, match="đã có trong danh sách"):
        added(vov, binh, now)
    with pytest.raises(Refusal, match="đã có trong danh sách"):
        services.add_station(unit=xa_a, name="VOV1", by=binh, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.create(
            station=vov, place=1, kind="STREAM", address="https://b.vn", added_by=binh, added_at=now
        )


def test_limits_and_ends(vov: Station, binh: Person, an: Person, now: datetime) -> None:
    for number in range(services.MOST_SOURCES):
        added(vov, binh, now, f"https://radio.vn/{number}")
    with pytest.raises(Refusal, match="tối đa 4 nguồn"):
        added(vov, binh, now)
    with pytest.raises(Refusal, match="Chỉ người duyệt"):
        services.end_station(station=vov, by=an, now=now)
    services.end_station(station=vov, by=binh, now=now)
    with pytest.raises(Refusal, match="không còn được tiếp âm"):
        added(vov, binh, now)


def test_a_station_of_the_district_serves_its_communes_and_is_its_own(
    district: Unit, binh: Person, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    station = Station.objects.create(unit=district, name="Đài tỉnh", added_by=binh, added_at=now)
    source = Source.objects.create(
        station=station, place=1, kind="STREAM", address=VOV, added_by=binh, added_at=now
    )
    client = signed_in(an)
    assert "Đài tỉnh" in body(client.get(address("list")))
    assert "Thêm nguồn" not in body(client.get(address("station", station.pk)))
    assert client.post(address("end-source", source.pk)).status_code == 404


def test_trying_tells_what_is_heard(
    vov: Station,
    binh: Person,
    now: datetime,
    station: Radio,
    tmp_path: Path,
    settings: Settings,
    signed_in: SignedIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.RELAYS_INSIDE = station.inside
    source = added(vov, binh, now, f"{station.url}/live")
    for seconds, db, words in (
        (0.0, 0.0, "Không có gì"),
        (6, -18.0, "mức -18 dB"),
        (6, -80.0, "im lặng"),
    ):
        if seconds:
            station.files["/live"] = sound_file(
                tmp_path / f"{db}.ogg", hz=300, seconds=seconds, db=db, form="ogg"
            )
        with django_capture_on_commit_callbacks(execute=True):
            signed_in(binh).post(address("try", source.pk))
        try_source.call(source.pk)
        assert words in body(signed_in(binh).get(address("station", vov.pk)))


def test_wrong_method_signed_out_stranger(
    vov: Station, binh: Person, chi: Person, now: datetime, client: Client, signed_in: SignedIn
) -> None:
    source = added(vov, binh, now)
    pages = [address("list"), address("station", vov.pk)]
    acts = [
        address("end", vov.pk),
        *(address(a, source.pk) for a in ("try", "prefer", "end-source")),
    ]
    for act in acts:
        assert signed_in(binh).get(act).status_code == 405
        assert signed_in(chi).post(act).status_code == 404
        assert client.post(act).status_code == 302
    assert signed_in(chi).get(pages[1]).status_code == 404
    assert signed_in(binh).delete(pages[0]).status_code == 405
    assert all(client.get(page).status_code == 302 for page in pages)


def test_budget_of_queries(
    vov: Station,
    binh: Person,
    now: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(4):
        added(vov, binh, now, f"https://radio.vn/{number}")
    client = signed_in(binh)
    for page in (address("list"), address("station", vov.pk)):
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200
