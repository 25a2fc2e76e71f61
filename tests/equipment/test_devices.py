"""Devices: what the register knows of where they stand, and what it refuses."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.equipment.conftest import bought, enrol
from vang.base.refusals import Refusal
from vang.equipment.models import Device, Place, Stay
from vang.equipment.services import (
    Facts,
    change_device,
    issue_code,
    lend_device,
    put_up_device,
    retire_device,
    store_device,
    take_back_device,
)
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.enrolment import enrol_node, retire_node
from vang.stations.models import Cluster
from vang_protocol.envelopes import SigningKey

pytestmark = pytest.mark.django_db


def test_every_cluster_has_its_place_and_the_place_follows_it(
    cluster: Cluster, place: Place, tech: Person, now: datetime
) -> None:
    from vang.stations.services import change_cluster

    heard = Unit.objects.get(code="20662.01")
    change_cluster(
        cluster,
        name="Cụm đình",
        place="Đình làng",
        villages=[heard],
        volume_ceiling_db=0,
        active=True,
        position="15.7012, 108.2123",
        by=tech,
        now=now,
    )
    place.refresh_from_db()
    assert (place.name, place.where, place.latitude) == ("Cụm đình", "Đình làng", 15.7012)
    assert list(place.villages.all()) == [heard]


def test_a_device_that_enrols_enters_the_register_and_replacing_it_keeps_the_place(
    cluster: Cluster, place: Place, tech: Person, now: datetime
) -> None:
    first = enrol(cluster, tech, now)
    old = Device.objects.get(node=first)
    assert (old.place, old.state, old.described) == (place, "SERVING", False)
    later = now + timedelta(days=1)
    second = enrol(cluster, tech, later, "loa-2")
    new = Device.objects.get(node=second)
    old.refresh_from_db()
    assert (old.place, old.state, old.node) == (None, "STORED", None)
    assert new.place == place
    stays = [(one.device, one.since, one.until) for one in place.stays.order_by("since")]
    assert stays == [(old, now, later), (new, later, None)]
    told = Entry.objects.get(action="device.enrolled", subject=f"device:{new.pk}")
    assert (told.by_id, told.detail["instead_of"]) == (tech.pk, str(old))


def test_the_device_that_was_chosen_is_the_one_that_enrols(
    cluster: Cluster, place: Place, xa_a: Unit, tech: Person, now: datetime
) -> None:
    spare = bought(xa_a, tech, now, kind="RECEIVER", name="Vang Box", serial="B-7")
    code = issue_code(place, device=spare, by=tech, now=now).code
    key = SigningKey.generate().public
    node = enrol_node(code=code, public_key=key, name="x", software="", now=now)
    spare.refresh_from_db()
    assert (spare.node, spare.place, spare.state) == (node, place, "SERVING")
    node.refresh_from_db()
    assert node.name == "Vang Box (B-7)", "every page calls it as the register does"
    again = issue_code(place, device=spare, by=tech, now=now).code
    key = SigningKey.generate().public
    anew = enrol_node(code=again, public_key=key, name="x", software="", now=now)
    spare.refresh_from_db()
    assert (spare.node, spare.place, Device.objects.count()) == (anew, place, 1)
    assert Stay.objects.count() == 1


def test_a_code_made_on_the_page_of_the_cluster_is_for_any_device(
    cluster: Cluster, place: Place, xa_a: Unit, tech: Person, now: datetime
) -> None:
    spare = bought(xa_a, tech, now, kind="RECEIVER", name="Vang Box", serial="B-7")
    issue_code(place, device=spare, by=tech, now=now)
    node = enrol(cluster, tech, now)
    spare.refresh_from_db()
    assert (spare.state, spare.node) == ("STORED", None)
    assert Device.objects.get(node=node).described is False


def test_a_device_taken_out_of_service_still_hangs_there_until_it_is_taken_down(
    cluster: Cluster, place: Place, tech: Person, now: datetime
) -> None:
    node = enrol(cluster, tech, now)
    asset = Device.objects.get(node=node)
    with pytest.raises(Refusal) as refusal:
        store_device(asset, by=tech, now=now)
    assert refusal.value.code == "device-enrolled-here"
    retire_node(node, by=tech, now=now)
    asset.refresh_from_db()
    assert (asset.node, asset.place) == (None, place)
    store_device(asset, by=tech, now=now)
    asset.refresh_from_db()
    assert (asset.state, asset.place) == ("STORED", None)


def test_a_device_goes_up_moves_is_lent_comes_back_and_ends(
    amplifier: Device, place: Place, far: Place, tech: Person, now: datetime
) -> None:
    put_up_device(amplifier, place=place, by=tech, now=now)
    moved = now + timedelta(days=30)
    put_up_device(amplifier, place=far, by=tech, now=moved)
    until = date(2027, 1, 31)
    lend_device(amplifier, to=" Xã Quế Phong ", until=until, by=tech, now=moved)
    amplifier.refresh_from_db()
    assert (amplifier.state, amplifier.lent_to, amplifier.lent_until) == (
        "LENT",
        "Xã Quế Phong",
        until,
    )
    stays = [(one.place, one.since, one.until) for one in amplifier.stays.order_by("since")]
    assert stays == [(place, now, moved), (far, moved, moved)]
    take_back_device(amplifier, by=tech, now=moved)
    retire_device(amplifier, why="Cháy nguồn", by=tech, now=moved)
    amplifier.refresh_from_db()
    assert (amplifier.state, amplifier.lent_to) == ("RETIRED", "")
    actions = Entry.objects.filter(subject=f"device:{amplifier.pk}").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "device.added",
        "device.put-up",
        "device.put-up",
        "device.lent",
        "device.taken-back",
        "device.retired",
    ]


def test_what_makes_no_sense_is_refused(
    amplifier: Device, place: Place, far: Place, xa_b: Unit, tech: Person, now: datetime
) -> None:
    def code(act: object, **told: object) -> str:
        with pytest.raises(Refusal) as refusal:
            act(amplifier, **told, by=tech, now=now)  # type: ignore[operator]
        return refusal.value.code

    assert code(store_device) == "device-not-serving"
    assert code(take_back_device) == "device-not-away"
    assert code(lend_device, to=" ", until=date(2027, 1, 1)) == "borrower-missing"
    assert code(lend_device, to="x", until=date(2020, 1, 1)) == "loan-over"
    assert code(retire_device, why="") == "reason-missing"
    put_up_device(amplifier, place=far, by=tech, now=now)
    assert code(put_up_device, place=far) == "device-there"
    lend_device(amplifier, to="x", until=date(2027, 1, 1), by=tech, now=now)
    assert code(put_up_device, place=place) == "device-lent"
    assert code(lend_device, to="x", until=date(2027, 1, 1)) == "device-lent"
    retire_device(amplifier, why="hỏng", by=tech, now=now)
    assert code(retire_device, why="hỏng") == "device-retired"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "\u200b"}, "device-without-name"),
        ({"kind": "ROBOT"}, "device-kind"),
        ({"price": 10**13}, "device-price"),
        (
            {"bought_on": date(2026, 5, 1), "warranty_until": date(2026, 4, 1)},
            "warranty-before-purchase",
        ),
        ({"serial": "A-1"}, "serial-taken"),
    ],
)
def test_a_device_that_makes_no_sense_is_refused(
    changed: dict[str, object], code: str, amplifier: Device, xa_a: Unit, tech: Person,
    now: datetime,
) -> None:  # fmt: skip
    with pytest.raises(Refusal) as refusal:
        bought(xa_a, tech, now, **{"serial": "A-2", **changed})
    assert refusal.value.code == code
    assert Device.objects.count() == 1


def test_a_changed_device_is_described_and_the_journal_names_what_changed(
    cluster: Cluster, tech: Person, now: datetime
) -> None:
    asset = Device.objects.get(node=enrol(cluster, tech, now))
    facts = Facts("RECEIVER", "Vang Box", serial="B-9", price=12_500_000)
    change_device(asset, facts=facts, by=tech, now=now)
    asset.refresh_from_db()
    assert (asset.described, asset.price) == (True, 12_500_000)
    told = Entry.objects.get(action="device.changed")
    assert told.detail["changed"] == ["name", "serial", "price"]


def test_the_database_itself_holds_a_device_to_one_place(amplifier: Device, place: Place) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.filter(pk=amplifier.pk).update(state="SERVING")
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.filter(pk=amplifier.pk).update(place=place)
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.filter(pk=amplifier.pk).update(state="LENT")


def test_a_sim_is_masked(amplifier: Device) -> None:
    assert amplifier.masked_sim == "…678"
