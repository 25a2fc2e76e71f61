"""Nothing but the plan the unit signed is accepted, and every refusal says why."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.conftest import NOW, a_plan, an_item
from vang_protocol import strict_json
from vang_protocol.acceptance import AcceptedPlan, accept_plan, quiet_items
from vang_protocol.envelopes import JOURNAL_TYPE, PLAN_TYPE, SigningKey, sign_envelope
from vang_protocol.limits import PLAN_BYTES
from vang_protocol.plans import Plan, PlanItem, Priority, encode_plan, sign_plan
from vang_protocol.reasons import Reason, Refused
from vang_protocol.volumes import ClusterOrders

KEY = SigningKey.generate()
GOOD = sign_plan(a_plan(an_item()), KEY)

Change = Callable[[Plan], Plan]


def offered(
    data: bytes,
    *,
    now: datetime = NOW,
    current: tuple[int, str] | None = None,
    unit: str = "20641",
    key: SigningKey = KEY,
) -> AcceptedPlan:
    return accept_plan(data, unit=unit, routine_keys=[key.public], current=current, now=now)


def refusal(data: bytes, **about: object) -> Reason:
    """The reason ``data`` is refused for; the good plan is accepted in the same breath."""
    assert offered(GOOD).plan == a_plan(an_item())
    with pytest.raises(Refused) as caught:
        offered(data, **about)  # type: ignore[arg-type]
    return caught.value.reason


def test_a_good_plan_is_accepted_with_the_hash_of_its_bytes() -> None:
    accepted = offered(GOOD)
    assert accepted.sha256 == strict_json.digest(GOOD)
    assert accepted.refused_items == {}


FLIPPED = {
    Reason.BAD_JSON,
    Reason.BAD_ENVELOPE,
    Reason.WRONG_TYPE,
    Reason.UNKNOWN_KEY,
    Reason.BAD_SIGNATURE,
}


@given(st.integers(0, 8 * len(GOOD) - 1))
def test_one_flipped_bit_is_refused(position: int) -> None:
    data = bytearray(GOOD)
    data[position // 8] ^= 1 << position % 8
    assert refusal(bytes(data)) in FLIPPED


@given(st.integers(0, len(GOOD) - 1))
def test_a_truncated_plan_is_refused(length: int) -> None:
    assert refusal(GOOD[:length]) is Reason.BAD_JSON


@pytest.mark.parametrize("extra", [b" ", b"\n", b"\0", b"{}"])
def test_nothing_may_follow_the_envelope(extra: bytes) -> None:
    assert refusal(GOOD + extra) in {Reason.BAD_JSON, Reason.BAD_ENVELOPE}


def test_a_payload_changed_and_encoded_well_fails_its_signature() -> None:
    envelope = json.loads(GOOD)
    other = json.loads(sign_plan(replace(a_plan(an_item()), version=18), SigningKey.generate()))
    envelope["payload"] = other["payload"]
    assert refusal(strict_json.canonical(envelope)) is Reason.BAD_SIGNATURE


def test_a_duplicate_key_is_refused_in_the_envelope() -> None:
    data = GOOD.replace(b'{"payload"', b'{"payloadType":"x","payload"', 1)
    assert refusal(data) is Reason.BAD_JSON


def test_a_duplicate_key_is_refused_in_the_plan() -> None:
    payload = encode_plan(a_plan(an_item())).replace(b'{"covers_from"', b'{"v":1,"covers_from"', 1)
    assert refusal(sign_envelope(payload, PLAN_TYPE, KEY)) is Reason.BAD_JSON


def test_the_same_envelope_in_another_spelling_is_refused() -> None:
    assert refusal(json.dumps(json.loads(GOOD)).encode()) is Reason.BAD_ENVELOPE


def test_the_spare_bits_of_base64_cannot_be_played_with() -> None:
    """64 signature bytes leave four unused bits in the last character before ``==``."""
    end = GOOD.rindex(b"==")
    data = bytearray(GOOD)
    data[end - 1] += 1  # one of A, Q, g, w becomes its neighbour: the same bytes when decoded
    assert refusal(bytes(data)) is Reason.BAD_ENVELOPE


def test_size_is_checked_before_anything_is_read() -> None:
    assert refusal(b"[" * (PLAN_BYTES + 1)) is Reason.TOO_LARGE


def test_nesting_cannot_break_the_reader() -> None:
    assert refusal(b"[" * (PLAN_BYTES // 2)) is Reason.BAD_JSON


def test_another_key_is_unknown() -> None:
    assert refusal(sign_plan(a_plan(an_item()), SigningKey.generate())) is Reason.UNKNOWN_KEY


def test_a_strange_key_under_our_key_id_is_a_bad_signature() -> None:
    stranger = json.loads(sign_plan(a_plan(an_item()), SigningKey.generate()))
    stranger["signatures"][0]["keyid"] = KEY.public.keyid
    assert refusal(strict_json.canonical(stranger)) is Reason.BAD_SIGNATURE


def test_a_plan_without_signature_is_refused() -> None:
    bare = {**json.loads(GOOD), "signatures": []}
    assert refusal(strict_json.canonical(bare)) is Reason.UNKNOWN_KEY


def test_a_journal_signed_with_the_same_key_is_no_plan() -> None:
    data = sign_envelope(encode_plan(a_plan(an_item())), JOURNAL_TYPE, KEY)
    assert refusal(data) is Reason.WRONG_TYPE


def test_a_plan_of_another_unit_is_refused_though_signed() -> None:
    data = sign_plan(replace(a_plan(an_item()), unit="20662"), KEY)
    assert refusal(data) is Reason.WRONG_UNIT


def test_an_older_version_is_refused_and_a_newer_one_accepted() -> None:
    current = (17, strict_json.digest(GOOD))
    older = sign_plan(replace(a_plan(an_item()), version=16), KEY)
    newer = sign_plan(replace(a_plan(an_item()), version=18), KEY)
    assert refusal(older, current=current) is Reason.OLDER_VERSION
    assert offered(newer, current=current).plan.version == 18


def test_the_same_version_must_be_the_same_bytes() -> None:
    current = (17, strict_json.digest(GOOD))
    other = sign_plan(replace(a_plan(an_item()), stopped=()), KEY)
    assert refusal(other, current=current) is Reason.VERSION_CONFLICT
    assert offered(GOOD, current=current).sha256 == current[1]


def test_a_plan_ends_at_the_instant_it_expires() -> None:
    expires = a_plan().expires
    assert refusal(GOOD, now=expires) is Reason.EXPIRED
    assert offered(GOOD, now=expires - timedelta(milliseconds=1))


def test_a_plan_from_the_future_is_refused_beyond_ten_minutes() -> None:
    soon = sign_plan(replace(a_plan(an_item()), issued=NOW + timedelta(minutes=10)), KEY)
    later = sign_plan(
        replace(a_plan(an_item()), issued=NOW + timedelta(minutes=10, milliseconds=1)), KEY
    )
    assert refusal(later) is Reason.ISSUED_IN_FUTURE
    assert offered(soon)


def test_the_routine_key_cannot_carry_an_emergency() -> None:
    data = sign_plan(a_plan(replace(an_item(), priority=Priority.EMERGENCY)), KEY)
    assert refusal(data) is Reason.EMERGENCY_NOT_ALLOWED


def test_an_item_outside_the_hours_is_refused_alone() -> None:
    early = replace(an_item(), id="early", start=NOW)  # 16:00
    accepted = offered(sign_plan(a_plan(an_item(), early), KEY))
    assert accepted.refused_items == {"early": Reason.OUTSIDE_HOURS}


def test_an_item_that_runs_over_the_hours_is_refused() -> None:
    last = NOW + timedelta(hours=1, minutes=59)  # 17:59, ends at 18:00
    fits = replace(an_item(), id="fits", start=last)
    over = replace(an_item(), id="over", start=last + timedelta(milliseconds=1))
    accepted = offered(sign_plan(a_plan(fits, over), KEY))
    assert accepted.refused_items == {"over": Reason.OUTSIDE_HOURS}


def test_an_item_outside_a_quiet_zones_own_hours_is_refused_there_alone() -> None:
    orders = (ClusterOrders("c1", hours=(("17:00", "18:00"),)), ClusterOrders("c2"))
    accepted = offered(sign_plan(replace(a_plan(an_item()), orders=orders), KEY))  # at 16:45
    assert accepted.refused_items == {}
    assert quiet_items(accepted.plan, "c1") == {an_item().id: Reason.QUIET_HOURS}
    assert quiet_items(accepted.plan, "c2") == {}
    assert quiet_items(accepted.plan, "c3") == {}


def test_no_quiet_zone_silences_an_emergency() -> None:
    alarm = replace(an_item(), priority=Priority.EMERGENCY)
    orders = (ClusterOrders("c1", hours=(("17:00", "18:00"),)),)
    assert quiet_items(replace(a_plan(alarm), orders=orders), "c1") == {}


def order(**changes: object) -> list[dict[str, object]]:
    return [{"cluster": "c1", "hours": [], "ceiling_db": 0, "volume": [], **changes}]


BROKEN: dict[str, Callable[[dict[str, object]], object]] = {
    "unknown field": lambda plan: plan.update(url="http://example"),
    "missing field": lambda plan: plan.pop("zone"),
    "another format": lambda plan: plan.update(v=2),
    "true for a number": lambda plan: plan.update(version=True),
    "version zero": lambda plan: plan.update(version=0),
    "an instant without milliseconds": lambda plan: plan.update(issued="2026-11-23T08:00:00Z"),
    "an instant with an offset": lambda plan: plan.update(issued="2026-11-23T08:00:00.000+07"),
    "an unknown zone": lambda plan: plan.update(zone="Asia/Nowhere"),
    "a zone that is a path": lambda plan: plan.update(zone="../../etc/passwd"),
    "hours that end before they begin": lambda plan: plan.update(hours=[["18:00", "16:00"]]),
    "hours that do not exist": lambda plan: plan.update(hours=[["05:00", "25:00"]]),
    "orders for nobody": lambda plan: plan.update(orders=[]),
    "two orders for a cluster": lambda plan: plan.update(orders=order() + order()),
    "a delay that is none": lambda plan: plan.update(orders=order(delay_ms=0)),
    "a delay above half a second": lambda plan: plan.update(orders=order(delay_ms=501)),
    "orders above the ceiling": lambda plan: plan.update(orders=order(ceiling_db=1)),
    "louder than the ceiling": lambda plan: plan.update(
        orders=order(volume=[["05:00", "06:00", 3]])
    ),
    "a loudness without its hours": lambda plan: plan.update(orders=order(volume=[["05:00", -3]])),
    "a loudness over midnight": lambda plan: plan.update(
        orders=order(volume=[["21:00", "06:00", -3]])
    ),
    "an order with an address": lambda plan: plan.update(orders=order(url="http://example")),
    "a stopped item with a path": lambda plan: plan.update(stopped=["../x"]),
    "expiry before cover": lambda plan: plan.update(expires="2026-01-01T00:00:00.000Z"),
}

BROKEN_ITEM: dict[str, dict[str, object]] = {
    "louder than full scale": {"volume_db": 1},
    "an empty audience": {"clusters": []},
    "no length": {"duration_ms": 0},
    "a play without end": {"max_play_ms": 10**12},
    "an unknown priority": {"priority": "URGENT"},
    "an unknown policy": {"resume": "loop"},
    "an id with a slash": {"id": "../../p"},
    "a title that is a number": {"title": 7},
    "another codec": {"audio": {"sha256": "ab" * 32, "bytes": 1, "codec": "mp3", "duration_ms": 1}},
    "an upper-case hash": {
        "audio": {"sha256": "AB" * 32, "bytes": 1, "codec": "opus", "duration_ms": 1}
    },
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_field_is_refused(name: str) -> None:
    table = json.loads(encode_plan(a_plan(an_item())))
    BROKEN[name](table)
    data = sign_envelope(strict_json.canonical(table), PLAN_TYPE, KEY)
    assert refusal(data) is Reason.BAD_FIELDS


@pytest.mark.parametrize("name", BROKEN_ITEM)
def test_a_broken_item_is_refused(name: str) -> None:
    table = json.loads(encode_plan(a_plan(an_item())))
    table["items"][0].update(BROKEN_ITEM[name])
    data = sign_envelope(strict_json.canonical(table), PLAN_TYPE, KEY)
    assert refusal(data) is Reason.BAD_FIELDS


def test_two_items_cannot_share_an_id() -> None:
    twice = [json.loads(encode_plan(a_plan(an_item())))["items"][0]] * 2
    table = {**json.loads(encode_plan(a_plan(an_item()))), "items": twice}
    data = sign_envelope(strict_json.canonical(table), PLAN_TYPE, KEY)
    assert refusal(data) is Reason.BAD_FIELDS


@pytest.mark.parametrize("number", ["1.0", "1e3", "NaN", "Infinity", "9223372036854775808"])
def test_only_whole_numbers_of_64_bits_are_numbers(number: str) -> None:
    payload = encode_plan(a_plan(an_item())).replace(
        b'"version":17', f'"version":{number}'.encode()
    )
    assert refusal(sign_envelope(payload, PLAN_TYPE, KEY)) is Reason.BAD_JSON


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_nothing_else_happens(data: bytes) -> None:
    assert refusal(data) in {Reason.BAD_JSON, Reason.BAD_ENVELOPE}


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["payload", "payloadType", "signatures", "keyid", "sig", "x"]), inner
    ),
    max_leaves=12,
))  # fmt: skip
def test_any_json_is_refused_and_nothing_else_happens(value: object) -> None:
    data = json.dumps(value).encode()
    assert refusal(data) in {Reason.BAD_JSON, Reason.BAD_ENVELOPE, Reason.WRONG_TYPE}


def test_a_publisher_cannot_sign_what_nodes_would_refuse(plan: Plan, item: PlanItem) -> None:
    with pytest.raises(Refused):
        sign_plan(replace(plan, items=(item, item)), KEY)
    assert sign_plan(plan, KEY)
