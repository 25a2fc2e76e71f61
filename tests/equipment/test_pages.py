"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

import io
import json
import re
from datetime import date, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn
from tests.equipment.conftest import bought, enrol
from vang.base.sheets import Column, Sheet, xlsx_file
from vang.equipment.inventory import HEADS
from vang.equipment.models import Brought, Device, Ground, Place, Segment, Station
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster

pytestmark = pytest.mark.django_db
_GET = ("list", "devices", "map", "station", "bring", "describe", "new-segment", "new-place",
        "new-device", "ground", "example")  # fmt: skip
_SQUARE = {
    "type": "Feature",
    "properties": {"ten": "Xã Quế Thuận"},
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[108.1, 15.6], [108.3, 15.6], [108.3, 15.8], [108.1, 15.6]]],
    },
}


def address(name: str, *args: object) -> str:
    return reverse(f"equipment:{name}", args=args)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_the_lists_show_places_and_devices_and_filter_them(
    cluster: Cluster, place: Place, far: Place, amplifier: Device, tech: Person, an: Person,
    signed_in: SignedIn, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    enrol(cluster, tech, now)
    client = signed_in(an)
    with django_assert_max_num_queries(12):
        page = body(client.get(address("list")))
    assert place.name in page
    assert far.name in page
    assert "FM hoặc có dây" in page
    assert far.name not in body(client.get(address("list"), {"state": "never_seen"}))
    assert place.name not in body(client.get(address("list"), {"kind": "FM"}))
    assert far.name in body(client.get(address("list"), {"q": "đồi"}))
    village = place.villages.order_by("pk")[0]
    assert far.name not in body(client.get(address("list"), {"village": village.pk}))
    with django_assert_max_num_queries(12):
        page = body(client.get(address("devices")))
    assert "…678" in page
    assert "0912345678" not in page
    assert amplifier.name not in body(client.get(address("devices"), {"state": "SERVING"}))
    assert "loa-1" in body(client.get(address("devices"), {"state": "undescribed"}))


def test_a_technician_keeps_a_place_and_its_ways(
    cluster: Cluster, place: Place, tech: Person, xa_a: Unit, signed_in: SignedIn
) -> None:
    client = signed_in(tech)
    fm = {"kind": "FM", "name": "FM 92,5", "fed_by": cluster.pk, "frequency": "92.5"}
    fm |= {"licence_number": "12/GP-CTS", "licence_until": "2026-07-01"}
    client.post(address("new-segment"), fm)
    segment = Segment.objects.get()
    assert (segment.frequency_khz, segment.licence_until) == (92_500, date(2026, 7, 1))
    assert "sắp hết hạn" in body(client.get(address("station")))
    spot = {"name": "Xóm Đồi", "segment": segment.pk, "speakers": 2, "watts": 100}
    assert client.post(address("new-place"), {**spot, "position": "x"}).status_code == 200
    client.post(address("new-place"), {**spot, "position": "15.70, 108.20"})
    far = Place.objects.get(cluster=None)
    assert cluster.name in body(client.get(address("place", far.pk)))
    client.post(address("change-place", far.pk), {**spot, "name": "Xóm Đồi 2"})
    client.post(
        address("change-place", place.pk),
        {"speakers": 4, "watts": 200, "households": 310, "power": "SOLAR"},
    )
    place.refresh_from_db()
    assert (place.speakers, place.households, place.power) == (4, 310, "SOLAR")
    assert "310" in body(client.get(address("place", place.pk)))
    assert "Xóm Đồi 2" in body(client.get(address("segment", segment.pk)))
    client.post(address("end-segment", segment.pk))
    assert not Segment.objects.filter(ended_at__isnull=False).exists()  # a place hangs on it
    client.post(address("end-place", far.pk))
    client.post(address("end-segment", segment.pk))
    assert Segment.objects.filter(ended_at__isnull=False).exists()
    client.post(address("describe"), {"name": "Đài truyền thanh xã Quế Thuận"})
    assert Station.objects.get().unit == xa_a


def test_a_device_passes_through_all_its_pages(
    place: Place, tech: Person, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(tech)
    told = {"kind": "AMPLIFIER", "name": "Tăng âm", "serial": "A-1", "sim_number": "0912345678"}
    assert client.post(address("new-device"), {**told, "sim_number": "x"}).status_code == 200
    made = client.post(address("new-device"), {**told, "place": place.pk})
    device = Device.objects.get()
    assert made["Location"] == address("device", device.pk)
    assert "0912345678" in body(client.get(address("device", device.pk)))
    assert "0912345678" not in body(signed_in(an).get(address("device", device.pk)))
    client = signed_in(tech)
    client.post(address("change-device", device.pk), {**told, "price": 12_500_000})
    assert "12.500.000" in body(client.get(address("device", device.pk)))
    client.post(address("store", device.pk))
    assert client.post(address("put-up", device.pk), {"place": 0}).status_code == 422
    client.post(address("put-up", device.pk), {"place": place.pk})
    assert client.post(address("lend", device.pk), {"to": ""}).status_code == 422
    client.post(address("lend", device.pk), {"to": "Xã bên", "until": "2026-12-31"})
    assert "Xã bên" in body(client.get(address("device", device.pk)))
    client.post(address("take-back", device.pk))
    assert client.post(address("retire", device.pk), {"why": ""}).status_code == 422
    client.post(address("retire", device.pk), {"why": "Cháy nguồn"})
    device.refresh_from_db()
    assert device.state == "RETIRED"


def test_enrolling_asks_which_device_and_shows_its_code_as_a_picture(
    place: Place, far: Place, xa_a: Unit, tech: Person, signed_in: SignedIn, now: datetime
) -> None:
    spare = bought(xa_a, tech, now, kind="RECEIVER", name="Vang Box", serial="B-7")
    client = signed_in(tech)
    choices = body(client.get(address("enrol", place.pk)))
    assert "Vang Box" in choices
    assert not re.search(r"<input[^>]*name=\"device\"[^>]*checked", choices), (
        "of several devices none is taken for granted"
    )
    assert client.post(address("enrol", place.pk), {}).status_code == 200
    assert not place.cluster.codes.exists()  # type: ignore[union-attr]
    assert client.post(address("enrol", place.pk), {"device": "77"}).status_code == 200
    page = body(client.post(address("enrol", place.pk), {"device": spare.pk}))
    assert '<svg class="qr"' in page
    assert address("place", place.pk) in page, "back where it was asked for"
    assert "http://10.42.0.1/?server=http%3A%2F%2Ftestserver&amp;code=" in page
    place.refresh_from_db()
    assert place.expected == spare
    assert client.get(address("enrol", far.pk)).status_code == 404


def test_the_map_draws_the_same_places_and_asks_nobody_else(
    place: Place, far: Place, an: Person, tech: Person, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    client = signed_in(an)
    with django_assert_max_num_queries(12):
        answer = client.get(address("map"))
    page = body(answer)
    assert far.name in page
    assert place.name in page  # in the list, though nobody entered where it is
    assert "https://" not in answer.headers["Content-Security-Policy"]
    asked: dict[str, str | int] = {"z": 12, "box": "15.0,108.0,16.0,109.0"}
    with django_assert_max_num_queries(12):
        (dot,) = client.get(address("points"), asked).json()["dots"]
    assert (dot["at"], dot["name"], dot["tone"]) == ([15.7, 108.2], far.name, "note")
    assert client.get(address("points"), {**asked, "q": "chợ"}).json()["dots"] == []
    for wrong in ({"z": "99"}, {"z": "x"}, {"box": "1,2,3"}, {"box": "nan,1,2,3"}):
        assert client.get(address("points"), {**asked, **wrong}).status_code == 400
    assert signed_in(an).post(address("ground")).status_code == 403
    client = signed_in(tech)
    sent = SimpleUploadedFile("xa.geojson", json.dumps(_SQUARE).encode())
    tiles = "https://tiles.example.vn/{z}/{x}/{y}.png"
    client.post(address("ground"), {"boundary": sent, "tiles": tiles, "credit": "Sở <b>"})
    policy = client.get(address("map")).headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tiles.example.vn" in policy
    (area,) = client.get(address("boundary")).json()["features"]
    assert area["properties"] == {"name": "Xã Quế Thuận"}
    assert "tiles.example.vn" not in client.get(address("list")).headers["Content-Security-Policy"]
    assert client.post(address("ground"), {"tiles": "http://x"}).status_code == 422
    client.post(address("ground"), {"tiles": "", "drop_boundary": "on"})
    assert Ground.objects.get().boundary == ""
    assert client.get(address("boundary")).json()["features"] == []


def test_an_inventory_is_brought_looked_at_and_taken_over(
    place: Place, tech: Person, xa_b: Unit, chi: Person, signed_in: SignedIn
) -> None:
    client = signed_in(tech)
    assert client.post(address("bring"), {"table": ""}).status_code == 422
    rows = [["Tăng âm", "A120", "TOA", "A-1", place.name], ["Robot", "X", "", "", ""]]
    made = client.post(address("bring"), {"table": _workbook(rows)})
    kept = Brought.objects.get()
    assert made["Location"] == address("brought", kept.pk)
    page = body(client.get(address("brought", kept.pk)))
    assert "A120" in page
    assert "Robot" in page
    assert not Device.objects.exists()
    assert signed_in(chi).get(address("brought", kept.pk)).status_code == 404
    client = signed_in(tech)
    client.post(address("confirm", kept.pk))
    assert Device.objects.get().place == place
    assert client.post(address("confirm", kept.pk)).status_code == 404
    file = _taken(client, "xlsx")
    (sheet,) = openpyxl.load_workbook(io.BytesIO(file)).worksheets
    assert [cell.value for cell in sheet[sheet.max_row]][:5] == [
        "máy tăng âm", "A120", "TOA", "A-1", place.name,
    ]  # fmt: skip
    again = client.post(address("bring"), {"table": SimpleUploadedFile("a.xlsx", file)})
    assert "Tệp không làm thay đổi gì" in body(client.get(again["Location"]))
    assert "A120" in _taken(client, "csv").decode("utf-8-sig")
    assert client.get(address("download", "exe")).status_code == 404


def _workbook(rows: list[list[str]]) -> SimpleUploadedFile:
    heads = [HEADS[name][0] for name in ("kind", "name", "vendor", "serial", "place")]
    sheet = Sheet("A", [Column(head) for head in heads], [tuple(row) for row in rows])
    with xlsx_file([sheet]) as made:
        return SimpleUploadedFile("a.xlsx", made.read())


def _taken(client: Client, form: str) -> bytes:
    """The whole file: read to its end, the client closes it."""
    return b"".join(client.get(address("download", form)))


@pytest.mark.parametrize("name", _GET)
def test_a_page_is_for_those_who_signed_in(name: str, xa_a: Unit, tech: Person) -> None:
    assert Client().get(address(name)).status_code == 302


def test_what_a_commune_has_is_a_secret_to_strangers(
    far: Place, fm: Segment, amplifier: Device, chi: Person, an: Person, signed_in: SignedIn
) -> None:
    posts = [("end-place", far.pk), ("end-segment", fm.pk), ("store", amplifier.pk)]
    posts += [(name, amplifier.pk) for name in ("put-up", "lend", "take-back", "retire")]
    gets = [("place", far.pk), ("segment", fm.pk), ("device", amplifier.pk)]
    both = [("change-place", far.pk), ("change-segment", fm.pk), ("change-device", amplifier.pk)]
    client = signed_in(chi)
    assert {client.post(address(*one)).status_code for one in [*posts, *both]} == {404}
    assert {client.get(address(*one)).status_code for one in gets} == {404}
    assert far.name not in body(client.get(address("list")))
    client = signed_in(an)
    assert {client.post(address(*one)).status_code for one in [*posts, *both]} == {403}
    assert {client.get(address(*one)).status_code for one in gets} == {200}
    assert {client.get(address(*one)).status_code for one in posts} == {405}
    for name in ("new-place", "new-device", "new-segment", "describe", "bring"):
        assert client.get(address(name)).status_code == 403


def test_whoever_watches_from_above_sees_all_communes(
    far: Place, amplifier: Device, dung: Person, signed_in: SignedIn
) -> None:
    client = signed_in(dung)
    district = Unit.objects.get(level="DISTRICT")
    client.post(reverse("people:choose-unit"), {"unit": district.pk})
    for name, words in (("list", far.name), ("devices", amplifier.name), ("station", "FM 92,5")):
        page = body(client.get(address(name)))
        assert words in page
        assert "Quế Thuận" in page
