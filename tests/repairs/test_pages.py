"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn
from tests.repairs.fleet import enrolled, live
from tests.repairs.test_services import picture
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.repairs import services
from vang.repairs.models import DayHealth, Fault, Part, Ticket
from vang.repairs.store import Shelf, keep_part
from vang.stations.models import Node
from vang_protocol.healths import Network, NetworkKind, Output
from vang_protocol.states import SinkState


def address(name: str, *args: object) -> str:
    return reverse(f"repairs:{name}", args=args)


def body(answer: Any) -> str:
    return str(answer.content.decode())


LISTS = ["board", "tickets", "mine", "figures", "store", "new", "new-part"]


@pytest.mark.parametrize("name", LISTS)
def test_pages_of_the_unit_are_guarded(
    name: str, node: Node, tech: Person, an: Person, dung: Person, signed_in: SignedIn
) -> None:
    url = address(name)
    assert signed_in(tech).get(url).status_code == 200
    assert signed_in(tech).delete(url).status_code == 405
    assert Client().get(url).status_code == 302
    assert signed_in(an).get(url).status_code == (403 if name == "new-part" else 200)
    refused = name in {"new", "new-part"}
    assert signed_in(dung).get(url).status_code == (403 if refused else 200)


ACTS = ["send", "set-out", "arrive", "cause", "part", "photo", "test", "close"]


@pytest.mark.parametrize("name", [*ACTS, "ticket", "device", "open", "part-back", "photo-file",
                                  "begin-test", "change-part"])  # fmt: skip
def test_pages_of_a_repair_are_guarded(
    name: str, there: Ticket, xa_a: Unit, tech: Person, an: Person, chi: Person, dung: Person,
    now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    photo = services.add_photo(ticket=there, content=picture(), by=tech, now=now)
    used = services.use_part(
        ticket=there, part=None, name="Giắc", amount=1, cost=0, by=tech, now=now
    )
    part = keep_part(unit=xa_a, shelf=Shelf("Giắc", 1, 0, 0), by=tech, now=now)
    call = services.ask_test(ticket=there, by=tech, now=now)
    keys = {
        "part-back": (there.pk, used.pk), "photo-file": (there.pk, photo.pk),
        "begin-test": (there.pk, call.pk), "change-part": (part.pk,),
        "device": (there.cluster_id,), "open": (there.cluster_id,),
    }  # fmt: skip
    url = address(name, *keys.get(name, (there.pk,)))
    method = "post" if name in {*ACTS, "open", "part-back", "begin-test"} else "get"
    assert getattr(signed_in(chi), method)(url).status_code == 404
    assert getattr(Client(), method)(url).status_code == 302
    looks = name in {"ticket", "device", "photo-file"}
    above = getattr(signed_in(dung), method)(url)
    assert above.status_code == (200 if looks else 403)
    assert name != "photo-file" or b"".join(above)
    assert signed_in(tech).put(url).status_code == 405
    works = {200, 302, 409, 422} if name != "begin-test" else {403}
    answer = getattr(signed_in(tech), method)(url)
    assert answer.status_code in works
    assert name != "photo-file" or b"".join(answer)


def test_a_repair_goes_through_all_its_pages(
    node: Node, tech: Person, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    live([node], now, 1, sink=SinkState.FAILED)
    office, client = signed_in(an), signed_in(tech)
    fault = Fault.objects.get()
    assert "đầu ra hỏng" in body(office.get(address("board")))
    client.post(address("open", node.cluster_id), {"fault": fault.pk})
    ticket = Ticket.objects.get()
    assert (ticket.fault, ticket.about) == (fault, "SILENT")
    again = client.post(address("open", node.cluster_id), {"fault": fault.pk})
    assert again["Location"] == address("board")
    assert address("mine") in body(client.get(address("board")))
    assert address("mine") not in body(office.get(address("board")))
    assert f"SC-{ticket.pk}" in body(client.get(address("mine")))
    client.post(address("set-out", ticket.pk))
    assert "Tôi đã đến nơi" in body(client.get(address("mine")))
    client.post(address("arrive", ticket.pk))
    assert client.post(address("cause", ticket.pk), {"cause": "GHOST"}).status_code == 422
    client.post(address("cause", ticket.pk), {"cause": "SPEAKER", "done": "Thay màng loa."})
    assert client.post(address("part", ticket.pk), {"amount": "0"}).status_code == 422
    client.post(address("part", ticket.pk), {"name": "Màng loa", "amount": "2", "cost": "150000"})
    assert "300.000" in body(client.get(address("ticket", ticket.pk)))
    assert client.post(address("photo", ticket.pk)).status_code == 422
    client.post(address("photo", ticket.pk), {"photo": SimpleUploadedFile("a.jpg", picture())})
    shot = client.get(address("photo-file", ticket.pk, ticket.photos.get().pk))
    assert shot["Content-Type"] == "image/jpeg"
    assert b"".join(shot)[:2] == b"\xff\xd8"
    client.post(address("test", ticket.pk))
    assert "đang đứng ở đó chờ" in body(office.get("/"))
    assert "Soạn buổi phát thử" in body(office.get(address("ticket", ticket.pk)))
    office.post(address("begin-test", ticket.pk, ticket.tests.get().pk))
    assert "đang đứng ở đó chờ" not in body(office.get("/"))
    assert client.post(address("close", ticket.pk), {"proven": "1"}).status_code == 409
    assert client.post(address("close", ticket.pk), {"outcome": "SAID"}).status_code == 422
    client.post(address("close", ticket.pk), {"outcome": "SAID", "reason": "Bà con nghe rõ."})
    page = body(client.get(address("ticket", ticket.pk)))
    assert "Bà con nghe rõ." in page
    assert "Thay màng loa." in page
    assert f"SC-{ticket.pk}" in body(client.get(address("tickets"), {"view": "closed"}))
    assert f"SC-{ticket.pk}" not in body(client.get(address("tickets"), {"view": "open"}))


def test_something_is_reported_by_hand_from_where_it_is_heard(
    node: Node, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    page = body(client.get(address("new"), {"code": node.cluster.code, "about": "NOISE"}))
    assert "selected" in page
    client.post(address("new"), {"cluster": node.cluster_id, "about": "NOISE", "text": "Quá to."})
    assert Ticket.objects.get().text == "Quá to."
    assert client.post(address("new"), {"cluster": "x"}).status_code == 200


def test_the_device_page_shows_only_what_there_are_sensors_for(
    node: Node, tech: Person, now: datetime, signed_in: SignedIn
) -> None:
    url = address("device", node.cluster_id)
    assert "Chưa lưu số đo nào" in body(signed_in(tech).get(url))
    live(
        [node], now, 6, temperature_c10=512, network=Network(NetworkKind.WIFI, -60),
        silence=Output("a", -1800, -2000, 0),
    )  # fmt: skip
    page = body(signed_in(tech).get(url))
    assert "51,2 °C" in page
    assert "Wi-Fi, -60 dBm" in page
    assert "Nhiệt độ" in page
    assert "Ắc quy" not in page


def test_the_store_and_what_is_to_be_bought(
    xa_a: Unit, node: Node, tech: Person, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(tech)
    client.post(address("new-part"), {"name": "Thẻ SIM", "on_hand": "1", "least": "3"})
    part = Part.objects.get()
    assert "cần mua" in body(client.get(address("store")))
    assert "Cần mua 1 loại vật tư" in body(client.get(reverse("desk:home")))
    client.post(address("change-part", part.pk), {"name": "Thẻ SIM", "on_hand": "5", "least": "3"})
    assert "cần mua" not in body(client.get(address("store")))
    assert "Thẻ SIM" in body(signed_in(an).get(address("store")))


def test_figures_of_a_period(
    node: Node, there: Ticket, xa_a: Unit, tech: Person, dung: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    DayHealth.objects.create(node=node, cluster=node.cluster, day=now.date(), up=270, down=18)
    services.note_cause(ticket=there, cause="POWER", done="", by=tech, now=now)
    services.use_part(ticket=there, part=None, name="Pin", amount=2, cost=90_000, by=tech, now=now)
    services.close_ticket(
        ticket=there, outcome="SAID", reason="Nghe rõ.", by=tech, now=now + timedelta(hours=2)
    )
    page = body(signed_in(tech).get(address("figures")))
    assert "93,75 %" in page
    assert "180.000" in page
    assert "2 giờ" in page
    above = body(signed_in(dung).get(address("figures")))
    assert "93,75 %" in above
    assert "Quế Thuận" in above
    csv = b"".join(signed_in(tech).get(address("figures"), {"format": "csv"})).decode("utf-8-sig")
    assert "93,75" in csv or "93.75" in csv
    assert b"".join(signed_in(tech).get(address("figures"), {"format": "xlsx"}))[:2] == b"PK"
    assert signed_in(tech).get(address("figures"), {"first": "2031-01-01"}).status_code == 200


@pytest.mark.parametrize(
    "name", ["board", "tickets", "mine", "figures", "store", "device", "ticket"]
)
def test_each_page_keeps_its_budget(
    name: str, there: Ticket, xa_a: Unit, tech: Person, now: datetime, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    nodes = [enrolled(xa_a, tech, now, f"Cụm {n}") for n in range(9)]
    live(nodes, now, 1, sink=SinkState.FAILED)
    for fault in Fault.objects.all():
        services.open_ticket(cluster=fault.cluster, about="SILENT", fault=fault, by=tech, now=now)
    client = signed_in(tech)
    keys = {"device": [there.cluster_id], "ticket": [there.pk]}
    client.get(address(name, *keys.get(name, [])))
    with django_assert_max_num_queries(12):
        assert client.get(address(name, *keys.get(name, []))).status_code == 200
