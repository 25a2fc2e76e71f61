"""A roll-out from its proposal to its end: groups, two people, stopping, going back."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.rollouts.conftest import SHAPE, TWO, a_node, fails, first_group, says
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.rollouts import services
from vang.rollouts.models import Release, Rollout, Turn
from vang.rollouts.progress import advance_due, may_fetch
from vang.stations.models import Node
from vang_protocol.releases import Phase

pytestmark = pytest.mark.django_db
_State = Rollout.State


def approved(rollout: Rollout, by: Person, now: datetime) -> Rollout:
    services.approve_rollout(rollout=rollout, by=by, now=now)
    rollout.refresh_from_db()
    return rollout


def begun(rollout: Rollout) -> list[int]:
    rows = rollout.groups.filter(began_at__isnull=False).order_by("number")
    return list(rows.values_list("number", flat=True))


def refused(code: str, act: object, **told: object) -> None:
    with pytest.raises(Refusal) as caught:
        act(**told)  # type: ignore[operator]
    assert caught.value.code == code


def test_nothing_is_offered_before_a_second_person_approves(
    proposed: Rollout, nodes: list[Node], tech: Person, mai: Person, now: datetime
) -> None:
    assert [turn.before for turn in proposed.turns.all()] == ["0.1.0"] * 6
    assert all(says(node, now).offer is None for node in nodes)
    refused("second-person", services.approve_rollout, rollout=proposed, by=tech, now=now)
    approved(proposed, mai, now)
    offered = [node for node in nodes if says(node, now).offer is not None]
    assert set(offered) == set(first_group(proposed))
    assert Entry.objects.filter(action="rollout.approve", by=mai).exists()


def test_the_database_knows_two_people(proposed: Rollout) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rollout.objects.filter(pk=proposed.pk).update(
            decided_by=proposed.made_by, state=_State.RUNNING
        )


def test_the_next_group_begins_when_the_first_is_well(
    proposed: Rollout, nodes: list[Node], mai: Person, now: datetime
) -> None:
    approved(proposed, mai, now)
    one, two = first_group(proposed)
    says(one, now, "0.2.0")
    assert advance_due(now=now) == 0
    assert begun(proposed) == [1]
    says(two, now, "0.2.0")
    advance_due(now=now)
    assert begun(proposed) == [1, 2]
    for node in nodes:
        says(node, now, "0.2.0")
    advance_due(now=now)
    for node in nodes:
        says(node, now, "0.2.0")
    while advance_due(now=now):
        pass
    proposed.refresh_from_db()
    assert proposed.state == _State.DONE
    assert not proposed.turns.filter(open=True).exists()


def test_on_trial_is_not_done(proposed: Rollout, mai: Person, now: datetime) -> None:
    approved(proposed, mai, now)
    node = first_group(proposed)[0]
    says(node, now, "0.2.0", phase=Phase.TRYING, trial=TWO)
    assert Turn.objects.get(node=node).state == Turn.State.TRYING


def test_a_device_that_went_back_stops_everything_and_somebody_is_told(
    proposed: Rollout, nodes: list[Node], tech: Person, mai: Person, now: datetime
) -> None:
    approved(proposed, mai, now)
    one, two = first_group(proposed)
    fails(one, now)
    advance_due(now=now)
    proposed.refresh_from_db()
    assert proposed.state == _State.HALTED
    assert says(two, now).offer is None
    assert begun(proposed) == [1]
    assert Notice.objects.filter(kind="rollout-halted", person=tech).exists()
    turn = Turn.objects.get(node=one)
    assert (turn.state, turn.reason) == (Turn.State.FAILED, "died")
    services.try_again(turn=turn, by=tech, now=now)
    services.resume_rollout(rollout=proposed, by=tech, now=now)
    offer = says(one, now).offer
    assert offer is not None
    assert offer.ask != f"r{proposed.pk}-{turn.pk}-1", "what failed is not tried under its name"


def test_paused_devices_are_offered_nothing(
    proposed: Rollout, tech: Person, mai: Person, now: datetime
) -> None:
    approved(proposed, mai, now)
    services.pause_rollout(rollout=proposed, by=tech, now=now)
    node = first_group(proposed)[0]
    assert says(node, now).offer is None
    assert not may_fetch(node, proposed.release.sha256, now=now)
    services.resume_rollout(rollout=proposed, by=tech, now=now)
    assert says(node, now).offer is not None
    assert may_fetch(node, proposed.release.sha256, now=now)
    assert not may_fetch(node, "00" * 32, now=now)


def test_devices_go_back_to_what_still_stands_on_the_list(
    proposed: Rollout, tech: Person, mai: Person, now: datetime
) -> None:
    approved(proposed, mai, now)
    one, two = first_group(proposed)
    says(one, now, "0.2.0")
    assert services.go_back(rollout=proposed, by=tech, now=now) == 1
    offer = says(one, now, "0.2.0").offer
    assert offer is not None
    assert offer.release.version == "0.1.0"
    assert says(two, now).offer is None
    says(one, now, "0.1.0")
    advance_due(now=now)
    proposed.refresh_from_db()
    assert proposed.state == _State.RETURNED


def test_no_device_goes_back_to_what_was_taken_off_the_list(
    proposed: Rollout, tech: Person, mai: Person, now: datetime
) -> None:
    approved(proposed, mai, now)
    says(first_group(proposed)[0], now, "0.2.0")
    Release.objects.filter(version="0.1.0").update(withdrawn_at=now)
    refused("nothing-before", services.go_back, rollout=proposed, by=tech, now=now)


def test_ended_leaves_devices_free_for_another(
    proposed: Rollout, release: Release, xa_a: Unit, tech: Person, now: datetime
) -> None:
    told = {"release": release, "unit": xa_a, "shape": SHAPE, "why": "x", "by": tech, "now": now}
    refused("no-devices", services.propose_rollout, **told)
    services.end_rollout(rollout=proposed, by=tech, now=now)
    assert services.propose_rollout(**told).turns.count() == 6  # type: ignore[arg-type]


def test_only_devices_that_can_go_back_by_themselves_take_part(
    release: Release, xa_a: Unit, xa_b: Unit, tech: Person, now: datetime
) -> None:
    a_node(xa_a, 1, now)
    a_node(xa_a, 2, now, managed=False)
    a_node(xa_b, 3, now)
    made = services.propose_rollout(
        release=release, unit=xa_a, shape=SHAPE, why="x", by=tech, now=now
    )
    assert [turn.node_id for turn in made.turns.all()] == [f"n{xa_a.code}1"]


def test_a_device_taken_out_of_service_holds_nobody_up(
    proposed: Rollout, mai: Person, now: datetime
) -> None:
    approved(proposed, mai, now)
    one, two = first_group(proposed)
    Node.objects.filter(pk=one.pk).update(retired_at=now)
    says(two, now, "0.2.0")
    advance_due(now=now)
    assert begun(proposed) == [1, 2]


def test_strangers_and_readers_decide_nothing(
    proposed: Rollout, an: Person, chi: Person, now: datetime
) -> None:
    for someone in (an, chi):
        refused("not-allowed", services.approve_rollout, rollout=proposed, by=someone, now=now)
        refused("not-allowed", services.end_rollout, rollout=proposed, by=someone, now=now)


def test_refusing_needs_a_reason_and_ends_it(proposed: Rollout, mai: Person, now: datetime) -> None:
    told = {"rollout": proposed, "by": mai, "now": now}
    refused("rollout-why-not", services.refuse_rollout, why=" ", **told)
    services.refuse_rollout(why="Để sau mùa bão", **told)  # type: ignore[arg-type]
    proposed.refresh_from_db()
    assert (proposed.state, proposed.reason) == (_State.REFUSED, "Để sau mùa bão")
    assert not proposed.turns.filter(open=True).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_at_once_do_not_share_devices(
    release: Release, nodes: list[Node], xa_a: Unit, tech: Person, mai: Person, now: datetime
) -> None:
    outcomes: list[str] = []

    def propose(someone: Person) -> None:
        try:
            services.propose_rollout(
                release=release, unit=xa_a, shape=SHAPE, why="x", by=someone, now=now
            )
            outcomes.append("made")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=propose, args=(one,)) for one in (tech, mai)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("made") == 1
    assert Turn.objects.filter(open=True).count() == 6
    assert later_is_idle(nodes[0], now)


def later_is_idle(node: Node, now: datetime) -> bool:
    return says(node, now + timedelta(minutes=1)).offer is None
