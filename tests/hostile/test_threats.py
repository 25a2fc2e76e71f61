"""Each threat of the model that software can meet: what an attacker who owns that much can do.

A1 … A21 are the threats of docs/en/trust.md. Every test first or last shows that the genuine
thing still works: a fleet that plays nothing at all would be safe too.
"""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.hostile.conftest import MANIFEST, POLICY, fresh, fresh_cancel, ordered
from tests.hostile.fleet import Fleet
from tests.protocol.province import (
    DAY,
    TEMPLATE,
    Passkey,
    a_manifest,
    a_policy,
    key_of,
    passkey,
    signed,
)
from vang_protocol import strict_json
from vang_protocol.commands import Audience, Kind, Mode, encode_command, parse_command
from vang_protocol.envelopes import PLAN_TYPE, SigningKey, sign_envelope
from vang_protocol.manifests import Part, encode_manifest
from vang_protocol.plans import Priority
from vang_protocol.policies import encode_policy
from vang_protocol.reasons import Reason, Refused
from vang_protocol.receipts import Phase


def reasons(fleet: Fleet) -> set[Reason | None]:
    return {one.reason for node in fleet.nodes for one in node.receipts}


def test_a1_a_broker_may_drop_delay_reorder_and_double_but_each_sounds_once(fleet: Fleet) -> None:
    broker = fleet.broker
    broker.loses, broker.doubles, broker.delays_s = 0.3, 0.5, 20
    commands = [ordered(fleet, id=f"c{n}", seq=n, max_play_ms=1_000) for n in range(1, 21)]
    for command in commands:
        for _again in range(4):
            fleet.send(command, MANIFEST)
    fleet.run(60)
    for node in fleet.of("20662"):
        items = [play.item for play in node.plays]
        assert len(items) == len(set(items)) > 15
    assert all(node.plays == [] for node in fleet.of("20683"))


def test_a1_a_broker_that_invents_is_not_heard(fleet: Fleet) -> None:
    genuine = ordered(fleet)
    payload = encode_command(fresh(fleet, id="forged", seq=9))
    invented = [
        sign_envelope(payload, "application/vnd.vang.command.v1+json", SigningKey.generate()),
        signed(fresh(fleet, id="forged", seq=9), Passkey(), Passkey()),
        signed(fresh(fleet, id="forged", seq=9)),
        genuine[:-3] + b'"}]',
        genuine.replace(b"c", b"d", 1),
        b"",
        b"\\x00" * 5_000,
        b"[" * 7_000,
    ]
    for data in invented:
        fleet.send(data, MANIFEST)
    fleet.run(3)
    assert fleet.plays == 0
    fleet.send(genuine, MANIFEST)
    assert fleet.plays == 3


def test_a2_whoever_owns_the_server_and_all_its_keys_sounds_nothing_urgent(fleet: Fleet) -> None:
    """The routine key, a key of an own policy, a database full of approvals: none of them signs."""
    server = SigningKey.generate()
    for people in ([server], [server, "binh"], [server, SigningKey.generate()]):
        fleet.send(signed(fresh(fleet), *people), MANIFEST)
    plan_like = sign_envelope(encode_command(fresh(fleet)), PLAN_TYPE, server)
    fleet.send(plan_like, MANIFEST)
    assert fleet.plays == 0
    assert reasons(fleet) == {Reason.UNKNOWN_KEY}


def test_a3_a_stolen_node_commands_no_other(fleet: Fleet) -> None:
    thief = fleet.nodes[0]
    fleet.send(signed(fresh(fleet), thief.key, passkey("binh")), MANIFEST)
    assert fleet.plays == 0
    assert thief.disk.data is not None
    assert b"PRIVATE" not in thief.disk.data


@pytest.mark.parametrize("person", ["an", "binh", "hanh", "chi", "dung", "tap"])
def test_a5_nobody_alone_however_often_they_sign(fleet: Fleet, person: str) -> None:
    """One person's two keys are one person, also when the policy knows both."""
    second = Passkey()
    fleet.follow(a_policy(keys=(*POLICY.keys, key_of(person, key=second.key))))
    fleet.send(signed(fresh(fleet), person), MANIFEST)
    fleet.send(signed(fresh(fleet), person, second), MANIFEST)
    assert fleet.plays == 0


def test_a6_a_key_that_is_not_in_the_signed_policy_is_nobodys(fleet: Fleet) -> None:
    own = Passkey()  # put into the server's database, but not into the policy
    fleet.send(signed(fresh(fleet), "binh", own), MANIFEST)
    assert fleet.plays == 0


def test_a6_a_key_counts_for_an_emergency_only_after_its_delay(fleet: Fleet) -> None:
    new = Passkey()
    since = fleet.clock.now
    keys = [one for one in POLICY.keys if one.person != "hanh"]
    key = key_of("hanh", key=new.key, since=since, counts_from=since + DAY)
    fleet.follow(a_policy(keys=(*keys, key)))
    fleet.send(signed(fresh(fleet), "binh", new), MANIFEST)
    assert fleet.plays == 0
    assert reasons(fleet) == {Reason.KEY_TOO_NEW}
    fleet.clock.step(24 * 3600)
    fleet.send(signed(fresh(fleet, id="c2"), "binh", new), MANIFEST)
    assert fleet.plays == 3


def test_a7_nothing_that_was_ever_carried_sounds_again(fleet: Fleet) -> None:
    for number in range(1, 6):
        fleet.send(ordered(fleet, id=f"c{number}", seq=number, max_play_ms=1_000), MANIFEST)
        fleet.run(2)
    heard = fleet.plays
    assert heard == 15
    for boots in (False, True):
        for node in fleet.nodes:
            if boots:
                node.boot()
            for command, manifest in fleet.broker.seen:
                node.hear(command, manifest)
        fleet.run(2)
    fleet.clock.step(15 * 24 * 3600)
    for node in fleet.nodes:
        for command, manifest in fleet.broker.seen:
            node.hear(command, manifest)
    assert fleet.plays == heard


@pytest.mark.parametrize("years", [-10, -1, 1, 10])
def test_a8_a_wrong_clock_lets_nothing_stale_be_heard(fleet: Fleet, years: int) -> None:
    """With the time far off a fresh command is refused rather than an old one obeyed; once the
    node knows that it does not know, the answer to its own question is obeyed."""
    old = ordered(fleet, id="old")
    fleet.clock.step(3600)
    node = fleet.of("20662")[0]
    node.wrong = timedelta(days=365 * years)
    node.hear(old, MANIFEST)
    assert node.plays == []
    node.wrong = None
    node.book.nonces.add("q7")
    node.hear(old, MANIFEST)
    assert node.plays == []
    node.hear(ordered(fleet, id="new", seq=2, nonce="q7"), MANIFEST)
    assert [play.item for play in node.plays] == ["command-new"]


def test_a9_no_command_can_name_an_address(fleet: Fleet) -> None:
    table = strict_json.decode(encode_command(fresh(fleet)), limit=10**6)
    for name in ("url", "stream", "uri", "exec", "text"):
        with pytest.raises(Refused):
            parse_command(strict_json.canonical({**table, name: "http://evil.example/a.mp3"}))


def test_a11_a_flood_grows_nothing_and_hides_nothing(fleet: Fleet) -> None:
    node = fleet.of("20662")[0]
    for number in range(3_000):
        node.hear(signed(fresh(fleet, id=f"f{number}")), MANIFEST)
    before = len(node.disk.data or b"")
    assert before < 1_000
    assert len(node.receipts) <= 60
    node.hear(ordered(fleet), MANIFEST)
    assert [play.item for play in node.plays] == ["command-0197-flood"]


def test_a11_a_number_far_ahead_does_not_use_up_the_rest(fleet: Fleet) -> None:
    far = ordered(fleet, id="far", seq=2**53 - 1)
    fleet.send(far, MANIFEST)
    assert fleet.plays == 0
    fleet.send(ordered(fleet), MANIFEST)
    assert fleet.plays == 3


def test_a11_a_thief_who_spent_the_numbers_is_undone_by_a_new_epoch(fleet: Fleet) -> None:
    for number in range(1, 4):
        fleet.send(ordered(fleet, id=f"t{number}", seq=number * 1_000_000, max_play_ms=1), MANIFEST)
    fleet.run(1)
    assert fleet.plays == 9
    fleet.follow(a_policy(version=4, epochs=(("20662", 2), ("20683", 1), ("509", 1))))
    fleet.send(ordered(fleet, id="e2", epoch=2, seq=1), MANIFEST)
    assert fleet.plays == 12


def test_a14_training_keys_never_sound_the_real_thing(fleet: Fleet) -> None:
    fleet.send(ordered(fleet, "tap", "binh"), MANIFEST)
    assert fleet.plays == 0


def test_a14_a_test_has_no_siren_and_the_real_thing_no_sound_of_a_test(fleet: Fleet) -> None:
    pieces = tuple(piece for piece in a_manifest().pieces if piece.part is not Part.TONE)
    drill = encode_manifest(a_manifest(mode=Mode.TEST, pieces=pieces))
    name = strict_json.digest(drill)
    real_with_test_sound = ordered(fleet, id="x1", manifest=name)
    test_with_real_sound = ordered(
        fleet, id="x2", seq=2, mode=Mode.TEST, max_play_ms=60_000, volume_db=-10
    )
    fleet.send(real_with_test_sound, drill)
    fleet.send(test_with_real_sound, MANIFEST)
    assert fleet.plays == 0
    assert reasons(fleet) == {Reason.MANIFEST_WRONG}
    good = ordered(
        fleet, id="x3", seq=3, mode=Mode.TEST, manifest=name, max_play_ms=60_000, volume_db=-10
    )
    fleet.send(good, drill)
    assert fleet.plays == 3


def test_a15_who_may_speak_in_one_commune_is_not_heard_in_another(fleet: Fleet) -> None:
    for audience in (
        Audience(units=("20683",)),
        Audience(units=("20662", "20683")),
        Audience(clusters=(("20683", "c1"),)),
    ):
        fleet.send(ordered(fleet, id="x", audience=audience), MANIFEST)
        fleet.send(ordered(fleet, id="x", audience=audience, issuer="20683"), MANIFEST)
    assert fleet.plays == 0
    fleet.send(ordered(fleet, "chi", "dung", issuer="20683", audience=Audience(("20683",))),
               MANIFEST)  # fmt: skip
    assert [bool(node.plays) for node in fleet.nodes] == [False] * 3 + [True] * 2


def test_a16_a_cancel_before_after_lost_and_forged(fleet: Fleet) -> None:
    alert, cancel = ordered(fleet), signed(fresh_cancel(fleet), "hanh")
    before, after, deaf = fleet.of("20662")
    before.hear(cancel, None)
    for node in (before, after, deaf):
        node.hear(alert, MANIFEST)
    fleet.run(5)
    forged = signed(fresh_cancel(fleet, id="f", seq=5), Passkey())
    stranger = signed(fresh_cancel(fleet, id="g", seq=6), "chi")
    for node in (after, deaf):
        node.hear(forged, None)
        node.hear(stranger, None)
        assert node.sounding == ["command-0197-flood"]
    after.hear(cancel, None)
    assert (before.plays, after.sounding) == ([], [])
    fleet.run(300)
    assert deaf.sounding == []  # never heard the cancel: its limit silenced it
    (play,) = deaf.plays
    assert play.ended is not None
    assert play.ended - play.begun <= timedelta(minutes=5, seconds=1)


def test_a16_a_cancel_of_something_unknown_ends_nothing_else(fleet: Fleet) -> None:
    fleet.send(ordered(fleet), MANIFEST)
    fleet.send(signed(fresh_cancel(fleet, ends=("no-such",)), "hanh"))
    assert all(node.sounding for node in fleet.of("20662"))


def test_a17_after_a_factory_reset_all_of_history_is_silent(fleet: Fleet) -> None:
    for number in range(1, 4):
        fleet.send(ordered(fleet, id=f"c{number}", seq=number, max_play_ms=1_000), MANIFEST)
        fleet.run(2)
    node = fleet.of("20662")[0]
    heard = len(node.plays)
    node.reset()
    for command, manifest in fleet.broker.seen:
        node.hear(command, manifest)
    assert len(node.plays) == heard
    node.greet(counters=(("20662", 1, 3),))
    for command, manifest in fleet.broker.seen:
        node.hear(command, manifest)
    assert len(node.plays) == heard
    node.hear(ordered(fleet, id="c4", seq=4), MANIFEST)
    assert len(node.plays) == heard + 1


def test_a19_the_same_signature_twice_or_one_key_under_two_names_is_one(fleet: Fleet) -> None:
    one = strict_json.decode(ordered(fleet, "binh"), limit=10**6)
    twice = {**one, "signatures": one["signatures"] * 2}
    fleet.send(strict_json.canonical(twice), MANIFEST)
    renamed = {**one["signatures"][0], "keyid": passkey("hanh").key.keyid}
    fleet.send(
        strict_json.canonical({**one, "signatures": [*one["signatures"], renamed]}), MANIFEST
    )
    fleet.send(strict_json.canonical({**one, "signatures": []}), MANIFEST)
    assert fleet.plays == 0
    with pytest.raises(Refused):
        encode_policy(a_policy(keys=(*POLICY.keys, replace(key_of("binh"), person="hanh"))))


def test_break_glass_is_bound_to_its_template_and_three_minutes(fleet: Fleet) -> None:
    fleet.send(ordered(fleet, "binh", template=TEMPLATE, max_play_ms=180_001), MANIFEST)
    fleet.send(ordered(fleet, "binh", max_play_ms=180_000), MANIFEST)
    assert fleet.plays == 0
    fleet.send(ordered(fleet, "binh", template=TEMPLATE, max_play_ms=180_000), MANIFEST)
    assert fleet.plays == 3


def test_p4_everybody_in_the_area_and_nobody_else(fleet: Fleet) -> None:
    dice = random.Random(7)
    clusters = [("20662", "c1"), ("20662", "c3"), ("20683", "c2")]
    for number in range(30):
        chosen = tuple(pair for pair in clusters if dice.random() < 0.5)
        if not chosen:
            continue
        before = {node.name: len(node.plays) for node in fleet.nodes}
        command = fresh(fleet, id=f"p{number}", seq=number + 1, issuer="509", max_play_ms=1_000,
                        audience=Audience(clusters=chosen))  # fmt: skip
        fleet.send(signed(command, "dung", "hanh"), MANIFEST)
        fleet.run(2)
        played = {n.name for n in fleet.nodes if len(n.plays) > before[n.name]}
        assert played == {f"n{unit}-{cluster[1:]}" for unit, cluster in chosen}


def test_p5_every_node_that_heard_of_it_says_how_it_ended(fleet: Fleet) -> None:
    fleet.send(ordered(fleet, max_play_ms=5_000), MANIFEST)
    fleet.run(2)
    fleet.nodes[0].hear(signed(fresh_cancel(fleet), "hanh"), None)
    fleet.run(10)
    last = [node.receipts[-1] for node in fleet.of("20662")]
    assert all(one.phase.final for one in last)
    ends = [one.phase for node in fleet.of("20662") for one in node.receipts if one.phase.final]
    assert ends.count(Phase.PLAYED) == 2
    assert ends.count(Phase.INTERRUPTED) == 1


@pytest.mark.parametrize("days", [1, 30, 90, 170])
def test_p7_after_a_month_without_a_network_the_next_emergency_is_heard(
    fleet: Fleet, days: int
) -> None:
    stale = ordered(fleet, id="stale")
    fleet.clock.step(days * 86_400)
    for node in fleet.of("20662"):
        node.hear(stale, MANIFEST)
    assert fleet.plays == 0
    fleet.send(ordered(fleet, id="now", seq=2), MANIFEST)
    assert fleet.plays == 3


@pytest.mark.parametrize("kind", [Kind.PLAY, Kind.LINK_TEST])
@pytest.mark.parametrize("priority", [Priority.NORMAL, Priority.PRIORITY])
def test_nothing_is_obeyed_that_the_policy_does_not_speak_of(
    fleet: Fleet, kind: Kind, priority: Priority
) -> None:
    sounds = kind is Kind.PLAY
    command = fresh(
        fleet,
        kind=kind,
        priority=priority,
        manifest=fresh(fleet).manifest if sounds else None,
        max_play_ms=1_000 if sounds else 0,
    )
    fleet.send(signed(command, "binh", "hanh"), MANIFEST if sounds else None)
    assert fleet.plays == 0
    assert reasons(fleet) == {Reason.NOT_ALLOWED}
