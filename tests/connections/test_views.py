"""The administrator's page of tokens."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.connections.conftest import EVERYTHING, System
from tests.people.entering import at_work
from vang.base.clock import ManualClock
from vang.connections.models import AccessToken
from vang.connections.services import Issued
from vang.people.models import Person

FORM = {"name": "Ứng dụng xã", "scopes": ["schedule:read"], "days": "90"}


def test_administrator_makes_a_token_and_sees_it_once(
    client: Client, quan: Person, hand: ManualClock
) -> None:
    at_work(client, quan)
    page = client.post("/connections/", FORM).content.decode()
    token = AccessToken.objects.get()
    secret = page.partition('id="new-token">')[2].partition("<")[0]
    assert System(secret, Client()).get("schedule").status_code == 200
    assert secret not in client.get("/connections/").content.decode()
    assert token.scopes == ["schedule:read"]


def test_wrong_form_is_told_in_words(client: Client, quan: Person, hand: ManualClock) -> None:
    at_work(client, quan)
    page = client.post("/connections/", {**FORM, "scopes": []})
    assert page.status_code == 200
    assert not AccessToken.objects.exists()


def test_revoking_shuts_the_system_out(
    client: Client, mai: Person, issued: Issued, system: System
) -> None:
    client.force_login(mai)
    assert system.get("units").status_code == 200
    answer = client.post(f"/connections/{issued.token.pk}/revoke")
    assert answer.status_code == 302
    assert system.get("units").status_code == 401


def test_about_lists_every_operation(client: Client, quan: Person, hand: ManualClock) -> None:
    client.force_login(quan)
    page = client.get("/connections/about").content.decode()
    assert "/api/v1/as-run" in page
    assert "POST /api/v1/bulletins" in page


def test_others_do_not_come_in(
    client: Client, an: Person, chi: Person, issued: Issued, hand: ManualClock
) -> None:
    assert client.get("/connections/").status_code == 302
    client.force_login(an)
    assert client.get("/connections/").status_code == 403
    client.force_login(chi)
    assert client.post(f"/connections/{issued.token.pk}/revoke").status_code == 404
    assert client.get(f"/connections/{issued.token.pk}/revoke").status_code == 405


def test_list_keeps_to_its_budget(
    client: Client,
    mai: Person,
    issued: Issued,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(mai)
    assert set(EVERYTHING) == set(issued.token.scopes)
    with django_assert_max_num_queries(12):
        client.get("/connections/")
