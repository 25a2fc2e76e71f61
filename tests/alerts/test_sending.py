"""Two people send it, one stops it; everybody else is refused, with a reason."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.alerts.office import (
    Keeper,
    approved_template,
    contents,
    drafted,
    sent,
    signed_by,
    sounds_made,
    submitted,
)
from vang.alerts import queries, services
from vang.alerts.contents import Words
from vang.alerts.models import Alert, AlertApproval, MsgType, Status
from vang.alerts.services import Proof
from vang.alerts.states import State
from vang.base.refusals import Refusal
from vang.dispatch.models import Command, CommandDelivery
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.stations.models import Node
from vang_protocol.commands import Kind, Mode
from vang_protocol.deciding import Listener, decide, read_command
from vang_protocol.manifests import Part, parse_manifest

from ..conftest import BEGIN, person

pytestmark = pytest.mark.django_db


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_two_people_send_it_and_every_node_would_obey(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime,
) -> None:  # fmt: skip
    alert = sent(submitted(xa_a, an, now, Status.ACTUAL), binh, hanh, keeper, now)
    assert alert.state == State.DISPATCHING
    assert alert.expires_at == now + timedelta(hours=6)
    row = Command.objects.get()
    assert CommandDelivery.objects.filter(command=row).count() == len(nodes)
    listener = Listener(xa_a.code, "c1", keeper.current_policy(), now)
    accepted = decide(bytes(row.envelope), listener)
    assert set(accepted.people) == {f"person-{binh.pk}", f"person-{hanh.pk}"}
    assert accepted.command.mode is Mode.ACTUAL
    assert accepted.command.expires - accepted.command.issued <= timedelta(minutes=15)
    assert list(queries.active_alerts(xa_a, now=now)) == [alert]


@pytest.mark.parametrize("status", Status.values)
def test_the_siren_sounds_for_the_real_thing_only(
    status: str, keeper: Keeper, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    alert = submitted(xa_a, an, now, status)
    order = services.open_order(alert=alert, by=binh, now=now)
    parts = {piece.part for piece in parse_manifest(order.manifest.encode()).pieces}
    assert (Part.TONE in parts) == (status == Status.ACTUAL)


def test_one_signature_sends_nothing(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    alert = submitted(xa_a, an, now)
    signed_by(alert, binh, keeper, now)
    assert not Command.objects.exists()
    assert Alert.objects.get().state == State.APPROVED_ONCE
    with pytest.raises(Refusal) as refused:
        services.open_order(alert=alert, by=binh, now=now)
    assert code_of(refused) == "approved-already"


ROLES = ["WRITER", "APPROVER", "LEADER", "TECHNICIAN", "READER", "ADMINISTRATOR"]


@pytest.mark.parametrize("role", ROLES)
def test_only_approvers_and_leaders_may_sign(
    role: str, keeper: Keeper, xa_a: Unit, an: Person, now: datetime
) -> None:
    somebody = person("ai-do", "Ai Đó", xa_a, role)
    keeper.give_keys(somebody)
    alert = submitted(xa_a, an, now)
    if role in {"APPROVER", "LEADER"}:
        assert services.open_order(alert=alert, by=somebody, now=now).sha256
        return
    with pytest.raises(Refusal) as refused:
        services.open_order(alert=alert, by=somebody, now=now)
    assert code_of(refused) == "not-allowed"


@pytest.mark.parametrize(
    ("creator", "editor", "submitter"),
    [("x", "a", "a"), ("a", "x", "a"), ("a", "a", "x"), ("x", "x", "x"), ("a", "a", "a")],
)
def test_whoever_had_a_hand_in_it_does_not_sign(
    creator: str, editor: str, submitter: str, keeper: Keeper, xa_a: Unit, an: Person,
    binh: Person, now: datetime,
) -> None:  # fmt: skip
    Membership.objects.create(person=binh, unit=xa_a, role="WRITER", valid_from=BEGIN)
    who = {"x": binh, "a": an}
    alert = drafted(xa_a, who[creator], now)
    services.edit_alert(alert=alert, contents=contents(xa_a, now), by=who[editor], now=now)
    sounds_made()
    services.submit_alert(alert=alert, by=who[submitter], now=now)
    if "x" not in {creator, editor, submitter}:
        assert services.open_order(alert=alert, by=binh, now=now).sha256
        return
    with pytest.raises(Refusal) as refused:
        services.open_order(alert=alert, by=binh, now=now)
    assert code_of(refused) in {"creator", "editor", "submitter"}


def test_the_database_itself_refuses_the_author_and_a_second_signature(
    keeper: Keeper, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    alert = submitted(xa_a, an, now)
    signed_by(alert, binh, keeper, now)
    row = AlertApproval.objects.get()
    for changed in ({"person": an, "key_id": "aa"}, {"person": binh, "key_id": "bb"}):
        row.pk = None
        for name, value in changed.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_an_edit_after_the_first_signature_voids_it(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime,
) -> None:  # fmt: skip
    alert = submitted(xa_a, an, now)
    order = signed_by(alert, binh, keeper, now)
    other = contents(xa_a, now, words=(Words("vi", "Khác", "Lời khác hẳn."),))
    services.edit_alert(alert=alert, contents=other, by=an, now=now)
    sounds_made()
    services.submit_alert(alert=alert, by=an, now=now)
    with pytest.raises(Refusal) as refused:
        services.sign(
            order=order, proof=keeper.proof(hanh, order), typed="Quế Thuận", by=hanh, now=now
        )
    assert code_of(refused) == "changed"
    fresh = services.open_order(alert=alert, by=hanh, now=now)
    assert fresh.pk != order.pk
    services.sign(order=fresh, proof=keeper.proof(hanh, fresh), typed="Quế Thuận", by=hanh, now=now)
    assert not Command.objects.exists()


def test_a_signature_of_other_bytes_or_by_another_key_is_refused(
    keeper: Keeper, xa_a: Unit, an: Person, binh: Person, hanh: Person, now: datetime
) -> None:
    alert = submitted(xa_a, an, now)
    order = services.open_order(alert=alert, by=binh, now=now)
    mine = keeper.proof(binh, order)
    theirs = keeper.proof(hanh, order)
    other = Proof(mine.keyid, keeper.passkeys[binh.pk].sign(b"something else"))
    for proof, code in ((theirs, "no-key"), (other, "bad-signature"), (Proof(), "no-key")):
        with pytest.raises(Refusal) as refused:
            services.sign(order=order, proof=proof, typed="Quế Thuận", by=binh, now=now)
        assert code_of(refused) == code
    assert not AlertApproval.objects.exists()


def test_the_name_of_the_area_must_be_typed(
    keeper: Keeper, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    order = services.open_order(alert=submitted(xa_a, an, now), by=binh, now=now)
    proof = keeper.proof(binh, order)
    with pytest.raises(Refusal) as refused:
        services.sign(order=order, proof=proof, typed="Quế Phong", by=binh, now=now)
    assert code_of(refused) == "not-typed"


@pytest.mark.parametrize("typed", ["que thuan", "Xã Quế Thuận", "xa que thuan", " QUẾ  THUẬN "])
def test_the_name_may_be_typed_as_people_say_it(
    keeper: Keeper, xa_a: Unit, an: Person, binh: Person, now: datetime, typed: str
) -> None:
    order = services.open_order(alert=submitted(xa_a, an, now), by=binh, now=now)
    signed = services.sign(
        order=order, proof=keeper.proof(binh, order), typed=typed, by=binh, now=now
    )
    assert signed.approvals.count() == 1


def test_a_first_signature_lapses_with_its_quarter_of_an_hour(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime,
) -> None:  # fmt: skip
    alert = submitted(xa_a, an, now)
    order = signed_by(alert, binh, keeper, now)
    late = now + timedelta(minutes=16)
    with pytest.raises(Refusal) as refused:
        services.sign(
            order=order, proof=keeper.proof(hanh, order), typed="Quế Thuận", by=hanh, now=late
        )
    assert code_of(refused) == "order-closed"
    assert services.advance_due(now=late) == 1
    assert Alert.objects.get().state == State.SUBMITTED
    assert sent(alert, binh, hanh, keeper, late).state == State.DISPATCHING


def test_what_every_node_would_refuse_is_not_sent(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime,
) -> None:  # fmt: skip
    keeper.newcomers.add(hanh.pk)
    alert = submitted(xa_a, an, now, Status.ACTUAL)
    signed_by(alert, binh, keeper, now)
    with pytest.raises(Refusal) as refused:
        signed_by(alert, hanh, keeper, now)
    assert code_of(refused) == "nodes-key-too-new"
    assert Alert.objects.get().state == State.APPROVED_ONCE
    assert not Command.objects.exists()


def test_one_person_stops_it_and_everybody_learns(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime, later: datetime,
) -> None:  # fmt: skip
    alert = sent(submitted(xa_a, an, now), binh, hanh, keeper, now)
    order = alert.orders.get(kind="CANCEL")
    services.stop(alert=alert, proof=keeper.proof(binh, order), by=binh, now=later)
    alert.refresh_from_db()
    assert alert.state == State.CANCELLED
    assert not queries.active_alerts(xa_a, now=later).exists()
    told = queries.messages(xa_a, now=later).get()
    assert told.msg_type == MsgType.CANCEL
    assert list(told.references.all()) == [alert]
    row = Command.objects.get(kind="cancel")
    _envelope, command = read_command(bytes(row.envelope))
    assert command.ends == (alert.orders.get(kind="PLAY").command,)
    assert Notice.objects.filter(kind="alert-stopped", person=hanh).exists()


def test_an_update_replaces_what_it_refers_to(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime, later: datetime,
) -> None:  # fmt: skip
    old = sent(submitted(xa_a, an, now), binh, hanh, keeper, now)
    new = services.create_alert(
        unit=xa_a, contents=contents(xa_a, now), by=an, now=later, updates=old
    )
    sounds_made()
    services.submit_alert(alert=new, by=an, now=later)
    new = sent(new, binh, hanh, keeper, later)
    old.refresh_from_db()
    assert (old.state, old.superseded_by) == (State.ENDED, new)
    assert list(queries.active_alerts(xa_a, now=later)) == [new]
    assert new.identifier != old.identifier
    _envelope, command = read_command(bytes(new.orders.get(kind="PLAY").envelope))
    assert command.kind is Kind.PLAY
    assert command.ends == (old.orders.get(kind="PLAY").command,)


def test_a_test_never_replaces_the_real_thing(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime,
) -> None:  # fmt: skip
    old = sent(submitted(xa_a, an, now, Status.ACTUAL), binh, hanh, keeper, now)
    with pytest.raises(Refusal) as refused:
        services.create_alert(unit=xa_a, contents=contents(xa_a, now), by=an, now=now, updates=old)
    assert code_of(refused) == "other-status"


def test_nothing_stays_in_force_after_its_time(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime,
) -> None:  # fmt: skip
    alert = sent(submitted(xa_a, an, now), binh, hanh, keeper, now)
    after = now + timedelta(hours=7)
    assert not queries.active_alerts(xa_a, now=after).exists()
    services.advance_due(now=after)
    alert.refresh_from_db()
    assert alert.state == State.ENDED


def test_one_officer_alone_sends_what_two_approved_before(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    dung: Person, now: datetime,
) -> None:  # fmt: skip
    version = approved_template(xa_a, an, binh, hanh, now)
    words = contents(xa_a, now, template=version)
    alert = services.create_alert(unit=xa_a, contents=words, by=binh, now=now, status=Status.ACTUAL)
    order = services.open_alone(alert=alert, by=binh, now=now)
    services.send_alone(
        order=order, proof=keeper.proof(binh, order), typed="Quế Thuận", by=binh, now=now
    )
    alert.refresh_from_db()
    assert (alert.alone, alert.review_by) == (True, now + timedelta(hours=24))
    command = read_command(bytes(Command.objects.get().envelope))[1]
    assert command.max_play_ms <= 180_000
    assert command.template is not None
    listener = Listener(xa_a.code, "c1", keeper.current_policy(), now)
    assert decide(bytes(Command.objects.get().envelope), listener).people == (f"person-{binh.pk}",)
    assert Notice.objects.filter(kind="alert-alone", person=dung).exists()
    with pytest.raises(Refusal):
        services.review_alone(alert=alert, words="Đúng.", by=binh, now=now)
    services.review_alone(alert=alert, words="Đúng, kịp thời.", by=hanh, now=now)
    alert.refresh_from_db()
    assert alert.reviewed_by == hanh


@pytest.mark.parametrize("status", [Status.TEST, Status.EXERCISE])
def test_alone_is_for_the_real_thing_from_a_template_only(
    status: str, keeper: Keeper, xa_a: Unit, an: Person, binh: Person, hanh: Person, now: datetime
) -> None:
    version = approved_template(xa_a, an, binh, hanh, now)
    for template, how in ((version, status), (None, Status.ACTUAL)):
        words = contents(xa_a, now, template=template, note="Diễn tập")
        alert = services.create_alert(unit=xa_a, contents=words, by=binh, now=now, status=how)
        with pytest.raises(Refusal) as refused:
            services.open_alone(alert=alert, by=binh, now=now)
        assert code_of(refused) == "no-template"


def test_the_retraction_that_lies_ready_is_said_with_one_signature(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime, later: datetime,
) -> None:  # fmt: skip
    version = approved_template(xa_a, an, binh, hanh, now)
    words = contents(xa_a, now, template=version)
    alert = services.create_alert(unit=xa_a, contents=words, by=an, now=now, status=Status.ACTUAL)
    sounds_made()
    services.submit_alert(alert=alert, by=an, now=now)
    alert = sent(alert, binh, hanh, keeper, now)
    with pytest.raises(Refusal) as refused:
        services.open_retraction(alert=alert, by=hanh, now=later)
    assert code_of(refused) == "no-retraction"  # silence first: it waits for nothing
    cancel = alert.orders.get(kind="CANCEL")
    services.stop(alert=alert, proof=keeper.proof(binh, cancel), by=binh, now=later)
    order = services.open_retraction(alert=alert, by=hanh, now=later)
    services.retract(order=order, proof=keeper.proof(hanh, order), by=hanh, now=later)
    alert.refresh_from_db()
    assert alert.state == State.CANCELLED
    envelope = bytes(Command.objects.order_by("-sent_at")[0].envelope)
    listener = Listener(xa_a.code, "c1", keeper.current_policy(), later)
    assert decide(envelope, listener).command.ends


def test_a_drill_is_copied_never_converted(
    keeper: Keeper, xa_a: Unit, an: Person, now: datetime
) -> None:
    real = drafted(xa_a, an, now, Status.ACTUAL)
    drill = services.copy_alert(alert=real, status=Status.EXERCISE, by=an, now=now)
    assert (drill.status, drill.copied_from) == (Status.EXERCISE, real)
    assert drill.identifier != real.identifier
    real.refresh_from_db()
    assert real.status == Status.ACTUAL


def test_without_a_policy_nothing_can_be_signed(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    alert = submitted(xa_a, an, now)
    order = services.open_order(alert=alert, by=binh, now=now)
    with pytest.raises(Refusal) as refused:
        services.sign(order=order, proof=Proof(), typed="Quế Thuận", by=binh, now=now)
    assert code_of(refused) == "no-policy"
