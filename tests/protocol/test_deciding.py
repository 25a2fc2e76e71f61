"""A command is obeyed only when enough different people ordered exactly it, here and now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.conftest import NOW
from tests.protocol.province import (
    DAY,
    GRANTS,
    PEOPLE,
    TEMPLATE,
    Passkey,
    Signer,
    a_cancel,
    a_command,
    a_listener,
    a_policy,
    at,
    grant,
    key_of,
    passkey,
    sealed,
    signed,
)
from vang_protocol.commands import (
    Audience,
    Command,
    Kind,
    Mode,
    encode_command,
    parse_command,
    payload_of,
)
from vang_protocol.counters import MOST_JUMP, Counter
from vang_protocol.deciding import Accepted, Listener, decide
from vang_protocol.envelopes import PLAN_TYPE, SigningKey
from vang_protocol.limits import COMMAND_BYTES
from vang_protocol.plans import Priority
from vang_protocol.reasons import Reason, Refused

GOOD = signed(a_command(), "binh", "hanh")


def verdict(data: bytes, listener: Listener | None = None) -> Accepted | Reason:
    try:
        return decide(data, listener or a_listener())
    except Refused as error:
        return error.reason


def test_two_people_of_the_commune_are_obeyed_and_named() -> None:
    accepted = decide(GOOD, a_listener())
    assert accepted.command == a_command()
    assert accepted.people == ("binh", "hanh")
    assert accepted.grant == "a-emergency"
    assert accepted.counter == Counter(1, 1, 1)


MUTATIONS: list[tuple[Reason, Callable[[], tuple[bytes, Listener]]]] = [
    (Reason.TOO_LARGE, lambda: (GOOD + b" " * COMMAND_BYTES, a_listener())),
    (Reason.BAD_JSON, lambda: (b"{", a_listener())),
    (Reason.BAD_JSON, lambda: (GOOD.replace(b"{", b'{"payload":"","payload":"",', 1), at(NOW))),
    (Reason.BAD_ENVELOPE, lambda: (b" " + GOOD, a_listener())),
    (
        Reason.WRONG_TYPE,
        lambda: (sealed(encode_command(a_command()), ["binh", "hanh"], PLAN_TYPE), a_listener()),
    ),
    (Reason.BAD_FIELDS, lambda: (sealed(b'{"v":1}', ["binh", "hanh"]), a_listener())),
    (Reason.NOT_FOR_ME, lambda: (GOOD, a_listener(unit="20683"))),
    (Reason.ALREADY_SEEN, lambda: (GOOD, a_listener(seen={"0197-flood"}))),
    (Reason.CANCELLED, lambda: (GOOD, a_listener(ended={"0197-flood"}))),
    (Reason.NO_POLICY, lambda: (GOOD, a_listener(policy=None))),
    (Reason.NOT_GREETED, lambda: (GOOD, a_listener(greeted=False))),
    (Reason.UNKNOWN_KEY, lambda: (signed(a_command(), "binh", Passkey()), a_listener())),
    (Reason.UNKNOWN_KEY, lambda: (signed(a_command()), a_listener())),
    (Reason.BAD_SIGNATURE, lambda: (borrowed(), a_listener())),
    (Reason.NOT_ALLOWED, lambda: (signed(a_command(issuer="1"), "binh", "hanh"), a_listener())),
    (Reason.TOO_FEW_PEOPLE, lambda: (signed(a_command(), "binh"), a_listener())),
    (Reason.TOO_FEW_PEOPLE, lambda: (signed(a_command(), "binh", "an"), a_listener())),
    (Reason.TOO_FEW_PEOPLE, lambda: (signed(a_command(), "binh", "chi"), a_listener())),
    (
        Reason.OVER_LIMIT,
        lambda: (signed(a_command(max_play_ms=600_001), "binh", "hanh"), a_listener()),
    ),
    (
        Reason.WRONG_TEMPLATE,
        lambda: (
            signed(a_command(template=TEMPLATE, manifest="bb" * 32), "binh", "hanh"),
            a_listener(),
        ),
    ),
    (Reason.EXPIRED, lambda: (GOOD, at(NOW + timedelta(minutes=10)))),
    (Reason.ISSUED_IN_FUTURE, lambda: (GOOD, at(NOW - timedelta(minutes=10, seconds=1)))),
    (Reason.CLOCK_UNTRUSTED, lambda: (GOOD, a_listener(now=None))),
    (
        Reason.NONCE_UNKNOWN,
        lambda: (signed(a_command(nonce="n2"), "binh", "hanh"), a_listener(nonces={"n1"})),
    ),
    (Reason.WRONG_EPOCH, lambda: (signed(a_command(epoch=2), "binh", "hanh"), a_listener())),
    (
        Reason.SEQUENCE_USED,
        lambda: (GOOD, a_listener(counters={"20662": Counter(1, 70, 1)})),
    ),
    (
        Reason.SEQUENCE_JUMP,
        lambda: (signed(a_command(seq=MOST_JUMP + 1), "binh", "hanh"), a_listener()),
    ),
    (
        Reason.POLICY_TOO_OLD,
        lambda: (
            signed(later(a_command(), 270 * DAY), "binh", "hanh"),
            at(NOW + 270 * DAY),
        ),
    ),
    (
        Reason.KEY_TOO_NEW,
        lambda: (GOOD, a_listener(policy=with_new_key("hanh"))),
    ),
]


def later(command: Command, by: timedelta) -> Command:
    return replace(
        command,
        issued=command.issued + by,
        not_before=command.not_before + by,
        expires=command.expires + by,
    )


def with_new_key(person: str) -> object:
    keys = tuple(
        key_of(person, since=NOW - DAY, counts_from=NOW + DAY) if one.person == person else one
        for one in a_policy().keys
    )
    return a_policy(keys=keys)


def borrowed() -> bytes:
    """Hạnh's signature over another command, put under this one."""
    other = signed(a_command(id="0197-other"), "hanh")
    return grafted(signed(a_command(), "binh"), other)


def grafted(data: bytes, other: bytes) -> bytes:
    from vang_protocol import strict_json

    one = strict_json.decode(data, limit=10**6)
    two = strict_json.decode(other, limit=10**6)
    return strict_json.canonical({**one, "signatures": one["signatures"] + two["signatures"]})


@pytest.mark.parametrize(
    ("reason", "offer"), MUTATIONS, ids=[f"{n}-{r.value}" for n, (r, _o) in enumerate(MUTATIONS)]
)
def test_each_reason_is_reached(
    reason: Reason, offer: Callable[[], tuple[bytes, Listener]]
) -> None:
    assert isinstance(verdict(GOOD), Accepted)
    assert verdict(*offer()) is reason


@pytest.mark.parametrize(("one", "two"), list(combinations(PEOPLE, 2)))
def test_the_matrix_of_pairs(one: str, two: str) -> None:
    """Only pairs out of commune A's grant, or of the district's, move commune A's speakers."""
    pair = {one, two}
    found = verdict(signed(a_command(), one, two))
    assert isinstance(found, Accepted) is (pair <= {"binh", "hanh", "dung"})
    found = verdict(signed(a_command(issuer="509"), one, two))
    assert isinstance(found, Accepted) is (pair == {"dung", "hanh"})


@given(st.integers(1, 500), st.sampled_from([a_command, a_cancel]), st.sampled_from(list(Mode)))
def test_a_command_that_was_read_has_its_bytes_again(
    seq: int, made: Callable[..., Command], mode: Mode
) -> None:
    payload = encode_command(made(seq=seq, mode=mode))
    assert payload_of(parse_command(payload)) == payload


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_alone_and_no_pair_of_one_persons_keys(person: str) -> None:
    assert verdict(signed(a_command(), person)) in {Reason.TOO_FEW_PEOPLE, Reason.NOT_ALLOWED}
    second = Passkey()
    policy = a_policy(keys=(*a_policy().keys, key_of(person, key=second.key)))
    both = signed(a_command(), person, second)
    assert verdict(both, a_listener(policy=policy)) is Reason.TOO_FEW_PEOPLE


def test_one_person_alone_lets_a_template_sound_for_three_minutes() -> None:
    alone = a_command(template=TEMPLATE, max_play_ms=180_000)
    assert isinstance(verdict(signed(alone, "binh")), Accepted)
    assert verdict(signed(alone, "hanh")) is Reason.TOO_FEW_PEOPLE
    assert verdict(signed(replace(alone, max_play_ms=180_001), "binh")) is Reason.OVER_LIMIT
    assert verdict(signed(replace(alone, template=None), "binh")) is Reason.TOO_FEW_PEOPLE


def test_a_training_key_is_never_trusted_with_the_real_thing() -> None:
    drill = a_command(mode=Mode.EXERCISE, max_play_ms=60_000, volume_db=-10)
    assert isinstance(verdict(signed(drill, "tap", "binh")), Accepted)
    policy = a_policy(grants=(grant("a", persons=frozenset({"tap", "binh"})),))
    real = signed(a_command(), "tap", "binh")
    assert verdict(real, a_listener(policy=policy)) is Reason.TOO_FEW_PEOPLE


def test_a_drill_is_never_loud() -> None:
    loud = a_command(mode=Mode.TEST, max_play_ms=60_000, volume_db=-9)
    assert verdict(signed(loud, "binh", "hanh")) is Reason.OVER_LIMIT


@pytest.mark.parametrize(
    "audience",
    [
        Audience(units=("20662", "20683")),
        Audience(units=("20662",), clusters=(("20683", "c9"),)),
    ],
)
def test_who_reaches_beyond_the_own_commune_reaches_nobody(audience: Audience) -> None:
    both = signed(a_command(audience=audience), "binh", "hanh")
    assert verdict(both) is Reason.NOT_ALLOWED
    assert verdict(both, a_listener(unit="20683", cluster="c9")) is Reason.NOT_ALLOWED
    district = signed(a_command(audience=audience, issuer="509"), "dung", "hanh")
    assert isinstance(verdict(district), Accepted)


def test_single_clusters_are_reached_and_their_neighbours_not() -> None:
    one = signed(a_command(audience=Audience(clusters=(("20662", "c1"),))), "binh", "hanh")
    assert isinstance(verdict(one), Accepted)
    assert verdict(one, a_listener(cluster="c2")) is Reason.NOT_FOR_ME


def test_silence_needs_one_person_and_outlives_the_policy() -> None:
    long_after = later(a_cancel(), 400 * DAY)
    accepted = verdict(signed(long_after, "hanh"), at(NOW + 400 * DAY))
    assert isinstance(accepted, Accepted)
    assert accepted.command.ends == ("0197-flood",)
    assert verdict(signed(a_cancel(), "chi")) is Reason.TOO_FEW_PEOPLE


def test_a_cancel_that_was_prepared_long_before_still_silences() -> None:
    """A hundred commands later its number is far behind; used twice it is not."""
    busy = {"20662": Counter(1, 102, 1)}
    accepted = verdict(signed(a_cancel(), "hanh"), a_listener(counters=busy))
    assert isinstance(accepted, Accepted)
    assert accepted.counter == busy["20662"]
    seen = a_listener(counters=busy, seen={"0198-cancel"})
    assert verdict(signed(a_cancel(), "hanh"), seen) is Reason.ALREADY_SEEN
    late = a_listener(counters=busy, now=NOW + timedelta(minutes=10))
    assert verdict(signed(a_cancel(), "hanh"), late) is Reason.EXPIRED
    assert verdict(GOOD, a_listener(counters=busy)) is Reason.SEQUENCE_USED


def test_a_new_key_can_silence_but_not_alarm() -> None:
    policy = with_new_key("hanh")
    assert isinstance(verdict(signed(a_cancel(), "hanh"), a_listener(policy=policy)), Accepted)


@pytest.mark.parametrize("late", [timedelta(0), 14 * DAY, 100 * DAY, 179 * DAY])
def test_an_emergency_is_obeyed_long_after_the_policy_ended(late: timedelta) -> None:
    moment = a_policy().expires + late
    data = signed(later(a_command(), moment - NOW), "binh", "hanh")
    assert isinstance(verdict(data, at(moment)), Accepted)


def test_routine_ends_two_weeks_after_the_policy() -> None:
    routine = grant("r", priorities=frozenset({Priority.PRIORITY}), threshold=1)
    policy = a_policy(grants=(routine,))
    command = a_command(priority=Priority.PRIORITY)
    edge = policy.expires + 14 * DAY
    for moment, obeyed in ((edge - timedelta(seconds=1), True), (edge, False)):
        data = signed(later(command, moment - NOW), "binh")
        found = verdict(data, a_listener(policy=policy, now=moment))
        assert found is Reason.POLICY_TOO_OLD or obeyed
        assert isinstance(found, Accepted) is obeyed


def test_without_a_clock_only_the_answer_to_its_own_question_is_obeyed() -> None:
    answer = signed(a_command(nonce="q1"), "binh", "hanh")
    assert isinstance(verdict(answer, a_listener(now=None, nonces={"q1"})), Accepted)
    assert verdict(answer, a_listener(now=None)) is Reason.NONCE_UNKNOWN


@given(st.permutations(range(1, 41)))
def test_numbers_are_used_once_in_whatever_order_they_come(order: list[int]) -> None:
    counter = Counter(1)
    for seq in order:
        counter = counter.after(1, seq)
        with pytest.raises(Refused):
            counter.after(1, seq)
    assert counter.highest == 40


@given(st.lists(st.integers(1, 300), max_size=60))
def test_no_number_is_ever_used_twice(offered: list[int]) -> None:
    counter, used = Counter(1), set[int]()
    for seq in offered:
        try:
            counter = counter.after(1, seq)
        except Refused:
            continue
        assert seq not in used
        used.add(seq)


def test_a_new_epoch_begins_anew_and_the_old_one_is_over() -> None:
    stuck = Counter(1, 2**53 - 1, 1)
    with pytest.raises(Refused):
        stuck.after(1, 5)
    fresh = stuck.after(2, 5)
    assert fresh == Counter(2, 5, 1)
    with pytest.raises(Refused):
        fresh.after(1, 6)


@given(st.data())
def test_no_changed_byte_is_obeyed(data: st.DataObject) -> None:
    """Whatever one byte becomes, the command is refused, or it is the very same bytes."""
    place = data.draw(st.integers(0, len(GOOD) - 1))
    byte = data.draw(st.integers(0, 255))
    changed = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    found = verdict(changed)
    assert changed == GOOD or isinstance(found, Reason)


@given(st.binary(max_size=400))
def test_noise_is_refused_and_never_raises_anything_else(noise: bytes) -> None:
    assert isinstance(verdict(noise), Reason)


@given(
    st.sets(st.sampled_from(PEOPLE), max_size=4),
    st.sampled_from(list(Mode)),
    st.sampled_from(["20662", "20683", "509"]),
)
def test_whoever_signs_only_grants_decide(people: set[str], mode: Mode, issuer: str) -> None:
    """The rule, said a second time and simpler: some grant is fulfilled by its own people."""
    command = a_command(mode=mode, issuer=issuer, max_play_ms=60_000, volume_db=-10)
    found = verdict(signed(command, *sorted(people)))
    actual = people - {"tap"} if mode is Mode.ACTUAL else people
    expected = any(
        one.issuer == issuer
        and mode in one.modes
        and Kind.PLAY in one.kinds
        and "20662" in one.communes
        and one.templates is None
        and len(actual & one.persons) >= one.threshold
        for one in GRANTS
    )
    assert isinstance(found, Accepted) is expected


@pytest.mark.parametrize(
    ("changed", "flags"),
    [
        ({"type": "webauthn.create"}, 0x05),
        ({"challenge": "AAAA"}, 0x05),
        ({"origin": "https://vang.example.evil"}, 0x05),
        ({"crossOrigin": True}, 0x05),
        ({}, 0x01),
        ({}, 0x04),
        ({}, 0x00),
    ],
)
def test_a_passkey_signs_this_command_on_our_site_with_touch_and_pin(
    changed: dict[str, object], flags: int
) -> None:
    data = b"these bytes"
    signer = Passkey(flags=flags)
    assert not signer.key.verifies(signer.sign(data, **changed), data, signer.party)
    good = Passkey(private=signer.private)
    assert good.key.verifies(good.sign(data), data, good.party)
    assert not good.key.verifies(good.sign(data), b"other bytes", good.party)
    assert not good.key.verifies(good.sign(data), data, None)
    assert not good.key.verifies(good.sign(data), data, replace(good.party, id="evil.example"))


def test_keys_in_files_count_in_a_demonstration_only() -> None:
    signers: list[Signer] = [SigningKey.generate(), SigningKey.generate()]
    from tests.protocol.province import personal

    keys = tuple(
        key_of(person, key=personal(signer))
        for person, signer in zip(
            ("binh", "hanh", "dung"), (*signers, passkey("dung")), strict=True
        )
    )
    policy = a_policy(keys=keys, demonstration=True, persons=a_policy().persons)
    assert isinstance(verdict(signed(a_command(), *signers), a_listener(policy=policy)), Accepted)


@pytest.mark.parametrize(
    ("mode", "kind"), [pair for pair in product(Mode, Kind) if pair[1] is not Kind.OPEN_LIVE]
)
def test_nothing_is_obeyed_that_no_grant_names(mode: Mode, kind: Kind) -> None:
    """Every kind in every mode: what no grant covers is not allowed to anybody."""
    covered = any(mode in one.modes and kind in one.kinds for one in GRANTS)
    sounds = kind is Kind.PLAY
    command = a_command(
        mode=mode,
        kind=kind,
        manifest=a_command().manifest if sounds else None,
        max_play_ms=60_000 if sounds else 0,
        ends=("x",) if kind is Kind.CANCEL else (),
        volume_db=-10,
    )
    found = verdict(signed(command, "binh", "hanh"))
    assert isinstance(found, Accepted) is covered


def test_what_only_the_policy_can_tell() -> None:
    """Another sound than the template's, an epoch that is over, a number far ahead."""
    other = signed(a_command(template=TEMPLATE, manifest="ab" * 32), "binh", "hanh")
    assert verdict(other) is Reason.WRONG_TEMPLATE
    assert verdict(signed(a_command(epoch=2), "binh", "hanh")) is Reason.WRONG_EPOCH
    far = signed(a_command(seq=MOST_JUMP + 1), "binh", "hanh")
    assert verdict(far) is Reason.SEQUENCE_JUMP
