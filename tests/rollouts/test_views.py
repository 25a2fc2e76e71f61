"""The pages of roll-outs: who sees and does what, within a budget of questions."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn
from tests.rollouts.conftest import fails, first_group
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.rollouts import services
from vang.rollouts.models import Release, Rollout
from vang.rollouts.progress import advance_due

pytestmark = pytest.mark.django_db
ACTS = ("approve", "refuse", "pause", "resume", "end", "back")


def test_signed_out_people_are_led_to_the_door(client: Client, proposed: Rollout) -> None:
    for name, given in (("list", []), ("new", []), ("detail", [proposed.pk])):
        assert client.get(reverse(f"rollouts:{name}", args=given)).status_code == 302
    for act in ACTS:
        assert client.post(reverse(f"rollouts:{act}", args=[proposed.pk])).status_code == 302


def test_a_stranger_finds_nothing(signed_in: SignedIn, chi: Person, proposed: Rollout) -> None:
    client = signed_in(chi)
    assert client.get(reverse("rollouts:detail", args=[proposed.pk])).status_code == 404
    for act in ACTS:
        assert client.post(reverse(f"rollouts:{act}", args=[proposed.pk])).status_code == 404
    turn = proposed.turns.order_by("pk")[0]
    assert client.post(reverse("rollouts:again", args=[proposed.pk, turn.pk])).status_code == 404


def test_readers_look_and_do_nothing(signed_in: SignedIn, an: Person, proposed: Rollout) -> None:
    client = signed_in(an)
    shown = client.get(reverse("rollouts:detail", args=[proposed.pk])).content.decode()
    assert "Sửa đồng hồ" in shown
    assert reverse("rollouts:end", args=[proposed.pk]) not in shown
    assert client.get(reverse("rollouts:new")).status_code == 403
    for act in ACTS:
        assert client.post(reverse(f"rollouts:{act}", args=[proposed.pk])).status_code == 403


def test_acts_are_not_read(signed_in: SignedIn, tech: Person, proposed: Rollout) -> None:
    for act in ACTS:
        address = reverse(f"rollouts:{act}", args=[proposed.pk])
        assert signed_in(tech).get(address).status_code == 405


def test_a_roll_out_is_proposed_approved_and_watched(
    signed_in: SignedIn,
    release: Release,
    nodes: list[object],
    xa_a: Unit,
    tech: Person,
    mai: Person,
    now: datetime,
) -> None:
    proposer, second = signed_in(tech), signed_in(mai)
    told = {"release": release.pk, "why": "Sửa đồng hồ", "canary": 2, "groups": 2}
    shares = {"success_pct": 90, "error_pct": 10, "minutes": 10}
    made = proposer.post(reverse("rollouts:new"), {**told, **shares})
    rollout = Rollout.objects.get()
    assert made["Location"] == reverse("rollouts:detail", args=[rollout.pk])
    approve = reverse("rollouts:approve", args=[rollout.pk])
    assert approve not in proposer.get(made["Location"]).content.decode()
    assert approve in second.get(made["Location"]).content.decode()
    second.post(approve)
    fails(first_group(rollout)[0], now)
    advance_due(now=now)
    shown = second.get(made["Location"] + "?show=failed").content.decode()
    assert "it ended with 3" in shown
    turn = rollout.turns.get(state="FAILED")
    second.post(reverse("rollouts:again", args=[rollout.pk, turn.pk]))
    second.post(reverse("rollouts:resume", args=[rollout.pk]))
    rollout.refresh_from_db()
    assert rollout.state == Rollout.State.RUNNING


def test_what_cannot_be_is_told(
    signed_in: SignedIn, proposed: Rollout, release: Release, tech: Person
) -> None:
    client = signed_in(tech)
    told = {"release": release.pk, "why": "x", "canary": 0, "groups": 2, "success_pct": 90}
    answer = client.post(reverse("rollouts:new"), {**told, "error_pct": 10, "minutes": 10})
    assert answer.status_code == 200
    assert Rollout.objects.count() == 1
    again = client.post(
        reverse("rollouts:new"), {**told, "canary": 1, "error_pct": 1, "minutes": 9}
    )
    assert again.status_code == 200
    refused = client.post(reverse("rollouts:approve", args=[proposed.pk]), follow=True)
    proposed.refresh_from_db()
    assert proposed.state == Rollout.State.WAITING
    assert refused.status_code == 200


def test_a_province_s_roll_out_is_seen_by_the_commune_it_reaches(
    signed_in: SignedIn, proposed: Rollout, district: Unit, tech: Person, chi: Person
) -> None:
    Rollout.objects.filter(pk=proposed.pk).update(unit=district)
    address = reverse("rollouts:detail", args=[proposed.pk])
    shown = signed_in(tech).get(address).content.decode()
    assert "Loa 1" in shown
    assert signed_in(tech).post(reverse("rollouts:end", args=[proposed.pk])).status_code == 404
    assert signed_in(chi).get(address).status_code == 404


@pytest.mark.parametrize("name", ["list", "new", "detail"])
def test_a_page_asks_little(
    signed_in: SignedIn,
    proposed: Rollout,
    tech: Person,
    mai: Person,
    now: datetime,
    name: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    services.approve_rollout(rollout=proposed, by=mai, now=now)
    client = signed_in(tech)
    address = reverse(f"rollouts:{name}", args=[proposed.pk] if name == "detail" else [])
    client.get(address)
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200
