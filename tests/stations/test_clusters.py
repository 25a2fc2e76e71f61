"""Clusters, codes, devices and their reports."""

from datetime import datetime, timedelta

import pytest

from tests.dispatch.radio import cluster_in, node_state
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.codes import ALPHABET, code_hash, new_code
from vang.stations.contacts import Report, record_states
from vang.stations.enrolment import enrol_node, issue_enrolment_code, retire_node
from vang.stations.models import Attendance, Cluster, EnrolmentCode, Node
from vang.stations.queries import clusters_for
from vang.stations.services import change_cluster, create_cluster
from vang_protocol.envelopes import SigningKey
from vang_protocol.reasons import Reason, Refused

pytestmark = pytest.mark.django_db


def enrol(cluster: Cluster, by: Person, now: datetime) -> Node:
    code = issue_enrolment_code(cluster, by=by, now=now).code
    key = SigningKey.generate().public
    return enrol_node(code=code, public_key=key, name=" Loa\u200b 1 ", software="1", now=now)


def village(number: int) -> Unit:
    return Unit.objects.get(code=f"20662.0{number}")


def test_codes_of_clusters_rise_and_are_never_used_again(
    xa_a: Unit, xa_b: Unit, tech: Person, now: datetime
) -> None:
    codes = [cluster_in(xa_a, tech, now, f"Cụm {n}").code for n in range(3)]
    assert codes == ["20662-01", "20662-02", "20662-03"]
    Cluster.objects.filter(code="20662-02").delete()
    assert cluster_in(xa_a, tech, now).code == "20662-04"
    assert cluster_in(xa_b, tech, now).code == "20683-01"


def test_a_notice_goes_to_the_clusters_its_villages_hear(
    xa_a: Unit, tech: Person, now: datetime
) -> None:
    def make(name: str, *numbers: int) -> str:
        heard = [village(number) for number in numbers]
        return create_cluster(unit=xa_a, name=name, villages=heard, by=tech, now=now).code

    one, both, none = make("Một", 1), make("Hai", 1, 2), make("Không")
    assert clusters_for(xa_a, []) == [one, both, none]
    assert clusters_for(xa_a, ["20662.01"]) == [one, both]
    assert clusters_for(xa_a, ["20662.02"]) == [both]
    assert clusters_for(xa_a, ["20662.03"]) == []


def test_a_cluster_out_of_service_hears_nothing(xa_a: Unit, tech: Person, now: datetime) -> None:
    cluster = cluster_in(xa_a, tech, now)
    assert clusters_for(xa_a, []) == [cluster.code]
    change_cluster(
        cluster,
        name=cluster.name,
        place="",
        villages=[],
        volume_ceiling_db=0,
        active=False,
        by=tech,
        now=now,
    )
    assert clusters_for(xa_a, []) == []
    with pytest.raises(Refusal) as refusal:
        issue_enrolment_code(cluster, by=tech, now=now)
    assert refusal.value.code == "cluster-inactive"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " \u200b "}, "cluster-without-name"),
        ({"volume_ceiling_db": 3}, "volume-ceiling"),
        ({"volume_ceiling_db": -61}, "volume-ceiling"),
        ({"delay_ms": 501}, "delay"),
        ({"delay_ms": -1}, "delay"),
        ({"language": "xx"}, "language-unknown"),
    ],
)
def test_a_cluster_that_makes_no_sense_is_refused(
    wrong: dict[str, object], code: str, xa_a: Unit, tech: Person, now: datetime
) -> None:
    given = {"name": "Cụm", "volume_ceiling_db": -6, **wrong}
    with pytest.raises(Refusal) as refusal:
        create_cluster(unit=xa_a, by=tech, now=now, **given)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert not Cluster.objects.exists()


def test_a_village_of_another_commune_is_refused(
    xa_a: Unit, xa_b: Unit, tech: Person, now: datetime
) -> None:
    with pytest.raises(Refusal) as refusal:
        create_cluster(unit=xa_b, name="Cụm", villages=[village(1)], by=tech, now=now)
    assert refusal.value.code == "foreign-village"
    assert create_cluster(unit=xa_a, name="Cụm", villages=[village(1)], by=tech, now=now)


def test_only_a_keyed_hash_of_a_code_is_kept(xa_a: Unit, tech: Person, now: datetime) -> None:
    issued = issue_enrolment_code(cluster_in(xa_a, tech, now), by=tech, now=now)
    (row,) = EnrolmentCode.objects.all()
    assert row.code_hash == code_hash(issued.code.lower())
    assert issued.code.replace("-", "") not in str(vars(row))
    assert not any(issued.code in str(entry.detail) for entry in Entry.objects.all())


def test_codes_are_eight_clear_letters() -> None:
    code = new_code()
    assert len(code) == 9
    assert set(code) <= set(ALPHABET) | {"-"}
    assert not set("01IOL") & set(ALPHABET)


def test_a_newer_code_ends_the_older_one(xa_a: Unit, tech: Person, now: datetime) -> None:
    cluster = cluster_in(xa_a, tech, now)
    older = issue_enrolment_code(cluster, by=tech, now=now).code
    newer = issue_enrolment_code(cluster, by=tech, now=now).code
    key = SigningKey.generate().public
    with pytest.raises(Refused) as refused:
        enrol_node(code=older, public_key=key, name="", software="", now=now)
    assert refused.value.reason is Reason.CODE_EXPIRED
    assert enrol_node(code=newer, public_key=key, name="", software="", now=now)


def test_a_new_device_replaces_the_one_before(xa_a: Unit, tech: Person, now: datetime) -> None:
    cluster = cluster_in(xa_a, tech, now)
    first = enrol(cluster, tech, now)
    assert first.name == "Loa 1"
    second = enrol(cluster, tech, now)
    first.refresh_from_db()
    assert (first.retired_at, second.retired_at) == (now, None)
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"node.enrolled", "node.retired", "node.code-issued"} <= actions


def test_a_device_is_retired_once(xa_a: Unit, tech: Person, now: datetime) -> None:
    node = enrol(cluster_in(xa_a, tech, now), tech, now)
    retire_node(node, by=tech, now=now)
    with pytest.raises(Refusal) as refusal:
        retire_node(node, by=tech, now=now)
    assert refusal.value.code == "node-retired"


def test_a_batch_of_states_is_one_update(
    xa_a: Unit, tech: Person, now: datetime, django_assert_num_queries: object
) -> None:
    nodes = [enrol(cluster_in(xa_a, tech, now, f"Cụm {n}"), tech, now) for n in range(20)]
    reports = [Report(node.pk, now, node_state(node.pk, volume_db=-7)) for node in nodes]
    record_states([], now=now)
    # attendance read and written, nodes read, one update; savepoints of the test around them
    with django_assert_num_queries(6):  # type: ignore[operator]
        assert record_states(reports, now=now + timedelta(seconds=1)) == frozenset()
    assert {node.state["volume_db"] for node in Node.objects.all()} == {-7}


def test_the_newest_report_counts_whatever_the_order(
    xa_a: Unit, tech: Person, now: datetime
) -> None:
    node = enrol(cluster_in(xa_a, tech, now), tech, now)
    early, late = now + timedelta(seconds=1), now + timedelta(seconds=2)
    record_states(
        [
            Report(node.pk, late, node_state(node.pk, volume_db=-2)),
            Report(node.pk, early, node_state(node.pk, volume_db=-1)),
        ],
        now=late,
    )
    record_states([Report(node.pk, early, node_state(node.pk, volume_db=-9))], now=late)
    node.refresh_from_db()
    assert (node.state["volume_db"], node.last_seen_at) == (-2, late)


def test_a_report_from_the_future_is_as_of_now(xa_a: Unit, tech: Person, now: datetime) -> None:
    node = enrol(cluster_in(xa_a, tech, now), tech, now)
    record_states([Report(node.pk, now + timedelta(days=9), node_state(node.pk))], now=now)
    node.refresh_from_db()
    assert node.last_seen_at == now


def test_strangers_and_retired_devices_are_told_back(
    xa_a: Unit, tech: Person, now: datetime
) -> None:
    node = enrol(cluster_in(xa_a, tech, now), tech, now)
    gone = enrol(cluster_in(xa_a, tech, now, "Cụm 2"), tech, now)
    retire_node(gone, by=tech, now=now)
    reports = [Report(name, now, node_state(name)) for name in (node.pk, gone.pk, "nobody")]
    assert record_states(reports, now=now) == {gone.pk, "nobody"}
    assert Attendance.objects.get().last_at == now
