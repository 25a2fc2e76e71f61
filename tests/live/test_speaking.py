"""Who may speak live where and when; one signature opens the microphone, nothing else does."""

from datetime import datetime, time, timedelta

import pytest

from tests.link.conftest import RunningLink
from tests.live.conftest import LiveKeeper
from vang.alerts.services import Proof
from vang.base.refusals import Refusal
from vang.dispatch.commands import State as Delivered
from vang.dispatch.models import CommandDelivery
from vang.journal.models import Entry
from vang.live import airing, services
from vang.live.access import standing_of
from vang.live.hearing import hearing_of
from vang.live.models import Permission, Session
from vang.live.permitted import speakers
from vang.live.services import Leave, Wanted
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node
from vang_protocol.commands import Kind, item_of, parse_command

MINUTE = timedelta(minutes=1)


def leave(who: Person, node: Node, now: datetime, **changed: object) -> Leave:
    usual = {
        "person": who,
        "clusters": (node.cluster,),
        "valid_from": now.date(),
        "valid_to": now.date() + timedelta(days=30),
        "hours_from": time(5),
        "hours_to": time(21),
    }
    return Leave(**{**usual, **changed})  # type: ignore[arg-type]


def prepared(unit: Unit, by: Person, nodes: list[Node], now: datetime, minutes: int = 3) -> Session:
    wanted = Wanted("Họp thôn tối nay", tuple(node.cluster for node in nodes), minutes)
    standing = standing_of(by, unit, now)
    return services.prepare_session(standing=standing, wanted=wanted, by=by, now=now)


def signature(session: Session, by: Person, keeper: LiveKeeper) -> Proof:
    passkey = keeper.passkeys[by.pk]
    return Proof(passkey.key.keyid, passkey.sign(services.to_be_signed(session)))


def opened(session: Session, by: Person, keeper: LiveKeeper, now: datetime) -> Session:
    return services.open_session(
        session=session, standing=standing_of(by, session.unit, now),
        proof=signature(session, by, keeper), by=by, now=now,
    )  # fmt: skip


def code_of(act: object) -> str:
    with pytest.raises(Refusal) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


def test_one_signature_of_who_decides_opens_it(
    xa_a: Unit,
    binh: Person,
    keeper: LiveKeeper,
    nodes: list[Node],
    link: RunningLink,
    now: datetime,
) -> None:
    session = opened(prepared(xa_a, binh, nodes, now), binh, keeper, now)
    command = parse_command(bytes(session.payload))
    assert (command.kind, command.live and command.live.session) == (Kind.OPEN_LIVE, session.name)
    assert command.audience.clusters == ((xa_a.code, "c1"), (xa_a.code, "c2"))
    assert command.expires == session.until == now + 4 * MINUTE
    assert CommandDelivery.objects.filter(command=session.command).count() == 2
    assert link.live("facts", session=session.name)["known"]
    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["prepare-live", "open-live"]


def test_the_session_key_never_leaves_the_link(
    xa_a: Unit,
    binh: Person,
    keeper: LiveKeeper,
    nodes: list[Node],
    link: RunningLink,
    now: datetime,
) -> None:
    session = prepared(xa_a, binh, nodes, now)
    made = airing.make(xa_a.code)
    assert made is not None
    assert set(vars(made)) == {"name", "public_key"}
    assert len(session.public_key) == 64


def test_nobody_opens_it_with_another_key_or_twice(
    xa_a: Unit, an: Person, binh: Person, keeper: LiveKeeper, nodes: list[Node],
    link: RunningLink, now: datetime,
) -> None:  # fmt: skip
    session = prepared(xa_a, binh, nodes, now)
    stolen = signature(session, an, keeper)
    here = standing_of(binh, xa_a, now)

    def open_with(proof: Proof, by: Person = binh) -> Session:
        return services.open_session(session=session, standing=here, proof=proof, by=by, now=now)

    assert code_of(lambda: open_with(stolen)) == "no-key"
    wrong = Proof(keeper.passkeys[binh.pk].key.keyid, stolen.signature)
    assert code_of(lambda: open_with(wrong)) == "bad-signature"
    assert code_of(lambda: open_with(stolen, by=an)) == "opened-already"
    opened(session, binh, keeper, now)
    assert code_of(lambda: opened(session, binh, keeper, now)) == "opened-already"


def test_a_village_leader_speaks_to_the_village_with_leave_only(
    xa_a: Unit, an: Person, binh: Person, keeper: LiveKeeper, nodes: list[Node],
    link: RunningLink, now: datetime,
) -> None:  # fmt: skip
    assert code_of(lambda: prepared(xa_a, an, nodes[:1], now)) == "not-permitted"
    services.give_permission(unit=xa_a, leave=leave(an, nodes[0], now), by=binh, now=now)
    assert code_of(lambda: prepared(xa_a, an, nodes, now)) == "not-permitted"
    session = opened(prepared(xa_a, an, nodes[:1], now), an, keeper, now)
    assert session.state == Session.State.OPEN
    (given,) = Permission.objects.all()
    services.withdraw_permission(permission=given, by=binh, now=now)
    assert code_of(lambda: prepared(xa_a, an, nodes[:1], now)) == "not-permitted"


def test_leave_holds_in_its_hours_and_days(
    xa_a: Unit, an: Person, binh: Person, keeper: LiveKeeper, nodes: list[Node],
    link: RunningLink, now: datetime,
) -> None:  # fmt: skip
    early = leave(an, nodes[0], now, hours_from=time(5), hours_to=time(5, 30))
    services.give_permission(unit=xa_a, leave=early, by=binh, now=now)
    assert code_of(lambda: prepared(xa_a, an, nodes[:1], now)) == "not-your-hours"
    assert [one.until.date() for one in speakers(now) if one.until]
    assert not list(speakers(now + timedelta(days=40)))


def test_who_may_give_leave_and_to_whom(
    xa_a: Unit, an: Person, binh: Person, chi: Person, nodes: list[Node], now: datetime
) -> None:
    def give(by: Person, **changed: object) -> Permission:
        told = leave(an, nodes[0], now, **changed)
        return services.give_permission(unit=xa_a, leave=told, by=by, now=now)

    assert code_of(lambda: give(an)) == "not-allowed"
    assert code_of(lambda: give(chi)) == "not-allowed"
    assert code_of(lambda: give(binh, person=binh)) == "own-leave"
    assert code_of(lambda: give(binh, person=chi)) == "stranger"
    assert code_of(lambda: give(binh, clusters=())) == "no-clusters"
    assert code_of(lambda: give(binh, valid_to=now.date() - timedelta(days=1))) == "no-time"
    assert give(binh).person == an


def test_outside_the_communes_hours_nobody_speaks(
    xa_a: Unit,
    binh: Person,
    keeper: LiveKeeper,
    nodes: list[Node],
    link: RunningLink,
    now: datetime,
) -> None:
    night = now.replace(hour=16)  # eleven in the evening here
    assert code_of(lambda: prepared(xa_a, binh, nodes, night)) == "outside-hours"
    assert prepared(xa_a, binh, nodes, now)


def test_without_a_link_nothing_is_promised(
    xa_a: Unit, binh: Person, keeper: LiveKeeper, nodes: list[Node], now: datetime
) -> None:
    assert code_of(lambda: prepared(xa_a, binh, nodes, now)) == "no-link"
    assert not Session.objects.exists()


def test_on_the_air_is_what_loudspeakers_acknowledged_and_nothing_else(
    xa_a: Unit,
    binh: Person,
    keeper: LiveKeeper,
    nodes: list[Node],
    link: RunningLink,
    now: datetime,
) -> None:
    session = opened(prepared(xa_a, binh, nodes, now), binh, keeper, now)
    assert not hearing_of(session, now).on_air
    row = CommandDelivery.objects.get(command=session.command, node=nodes[0])
    row.state, row.sounding_at = Delivered.SOUNDING, now
    row.save()
    heard = hearing_of(session, now)
    assert (heard.now, heard.on_air, heard.left_s) == (1, True, 240)
    Node.objects.filter(pk=nodes[0].pk).update(state_at=now + MINUTE, state={"playing": None})
    assert not hearing_of(session, now).on_air
    playing = {"playing": item_of(str(session.command_id))}
    Node.objects.filter(pk=nodes[0].pk).update(state=playing)
    assert hearing_of(session, now).on_air


def test_it_is_closed_by_the_speaker_or_by_who_decides(
    xa_a: Unit, an: Person, binh: Person, chi: Person, keeper: LiveKeeper, nodes: list[Node],
    link: RunningLink, now: datetime,
) -> None:  # fmt: skip
    services.give_permission(unit=xa_a, leave=leave(an, nodes[0], now), by=binh, now=now)
    session = opened(prepared(xa_a, an, nodes[:1], now), an, keeper, now)

    def close(by: Person) -> Session:
        return services.close_session(session=session, by=by, why="cut-off", now=now)

    assert code_of(lambda: close(chi)) == "not-allowed"
    assert close(binh).state == Session.State.ENDED


def test_what_was_never_signed_ends_by_itself(
    xa_a: Unit,
    binh: Person,
    keeper: LiveKeeper,
    nodes: list[Node],
    link: RunningLink,
    now: datetime,
) -> None:
    session = prepared(xa_a, binh, nodes, now)
    assert services.end_overdue(now=now) == 0
    assert services.end_overdue(now=now + 5 * MINUTE) == 1
    session.refresh_from_db()
    assert (session.state, session.ended_why) == (Session.State.ENDED, "unsigned")


def test_what_was_said_is_written_by_the_speaker_or_by_who_decides_and_every_change_is_told(
    xa_a: Unit, an: Person, binh: Person, chi: Person, quan: Person, keeper: LiveKeeper,
    nodes: list[Node], link: RunningLink, now: datetime,
) -> None:  # fmt: skip
    services.give_permission(unit=xa_a, leave=leave(an, nodes[0], now), by=binh, now=now)
    session = opened(prepared(xa_a, an, nodes[:1], now), an, keeper, now)

    def write(words: str, by: Person, seen: str = "") -> Session:
        return services.write_words(session=session, words=words, seen=seen, by=by, now=now)

    assert code_of(lambda: write("Họp thôn", an)) == "not-spoken"
    services.close_session(session=session, by=an, why="speaker", now=now)
    for other in (chi, quan):
        assert code_of(lambda by=other: write("Họp thôn", by)) == "not-allowed"
    assert code_of(lambda: write("x" * 20_001, an)) == "too-long"
    first = write("  Họp\u202e thôn\r\ntối nay " + "\n" * 20_000, an)
    assert (first.words, first.words_by, first.words_at) == ("Họp thôn\ntối nay", an, now)
    assert code_of(lambda: write("Họp xã", binh)) == "changed-meanwhile"
    write("Họp thôn\ntối nay", binh)  # the same: nothing to tell
    changed = write("Họp xã", binh, first.words_sha256)
    assert (changed.words, changed.words_by) == ("Họp xã", binh)
    told = Entry.objects.filter(action__endswith="live-words").order_by("pk")
    assert [(one.action, one.by_id) for one in told] == [
        ("write-live-words", an.pk), ("change-live-words", binh.pk),
    ]  # fmt: skip


def test_nothing_is_written_of_what_was_never_opened(
    xa_a: Unit, binh: Person, keeper: LiveKeeper, nodes: list[Node], link: RunningLink,
    now: datetime,
) -> None:  # fmt: skip
    session = prepared(xa_a, binh, nodes, now)
    services.end_overdue(now=now + 5 * MINUTE)

    def write() -> Session:
        return services.write_words(session=session, words="Họp", seen="", by=binh, now=now)

    assert code_of(write) == "not-spoken"
