"""A command sounds at most once, whatever is cut off when; silence is never forgotten."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.conftest import NOW
from tests.protocol.province import (
    DAY,
    a_cancel,
    a_command,
    a_manifest,
    a_policy,
    grant,
    signed,
)
from vang_node.home import write_private
from vang_node.orders import MOST_IDS, Fate, OrderBook
from vang_protocol.beacons import Beacon
from vang_protocol.commands import Command, Kind
from vang_protocol.counters import Counter
from vang_protocol.deciding import read_command
from vang_protocol.manifests import encode_manifest
from vang_protocol.plans import Priority
from vang_protocol.reasons import Reason, Refused
from vang_protocol.receipts import Phase

GOOD = signed(a_command(), "binh", "hanh")
CANCEL = signed(a_cancel(), "hanh")
MINUTE = timedelta(minutes=1)
POLICY = a_policy()
MANIFEST = encode_manifest(a_manifest())


class PowerCut(OSError):
    """The write did not reach the disk."""


def book(file: Path, *, write: Callable[[Path, bytes], None] = write_private) -> OrderBook:
    made = OrderBook(file, unit="20662", cluster="c1", write=write)
    if not made.ledger.greeted:
        made.greet(a_beacon())
    return made


def a_beacon(**changed: Any) -> Beacon:
    return replace(Beacon("n1", "q1", NOW, 1, ()), **changed)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.json"


def verdict(made: OrderBook, data: bytes, now: datetime | None = NOW) -> Reason | None:
    """None: accepted."""
    try:
        made.consider(read_command(data), MANIFEST, policy=POLICY, now=now)
    except Refused as error:
        return error.reason
    return None


def test_what_was_accepted_is_known_after_any_reboot(file: Path) -> None:
    assert verdict(book(file), GOOD) is None
    for _boot in range(3):
        made = book(file)
        assert verdict(made, GOOD) is Reason.ALREADY_SEEN
        assert made.ledger.counters == {"20662": Counter(1, 1, 1)}


def test_before_a_beacon_nothing_is_obeyed(file: Path) -> None:
    new = OrderBook(file, unit="20662", cluster="c1")
    assert verdict(new, GOOD) is Reason.NOT_GREETED
    new.greet(a_beacon())
    assert verdict(new, GOOD) is None


def test_after_a_reset_all_of_history_is_refused(file: Path) -> None:
    """The beacon says which numbers were used: none of them is obeyed again."""
    history = [signed(a_command(id=f"0197-{n}", seq=n), "binh", "hanh") for n in (1, 2, 3, 40, 41)]
    new = OrderBook(file, unit="20662", cluster="c1")
    new.greet(a_beacon(counters=(("20662", 1, 41),)))
    assert {verdict(new, data) for data in history} == {Reason.SEQUENCE_USED}
    assert verdict(new, signed(a_command(id="0198", seq=42), "binh", "hanh")) is None


def test_a_later_beacon_takes_no_number_back_and_uses_none_up(file: Path) -> None:
    made = book(file)
    assert verdict(made, signed(a_command(seq=9), "binh", "hanh")) is None
    for used in (3, 12):
        made.greet(a_beacon(counters=(("20662", 1, used),)))
    on_its_way = signed(a_command(id="0198", seq=12), "binh", "hanh")
    assert verdict(made, on_its_way) is None


def test_a_log_that_was_rewritten_is_noticed(file: Path) -> None:
    made = book(file)
    made.greet(a_beacon(log=(12, "ab" * 32)))
    made.greet(a_beacon(log=(12, "ab" * 32)))
    for log in ((11, "ab" * 32), (12, "cd" * 32)):
        with pytest.raises(Refused) as caught:
            made.greet(a_beacon(log=log))
        assert caught.value.reason is Reason.LOG_REWRITTEN
    made.greet(a_beacon(log=(13, "cd" * 32)))


def test_a_cancel_that_overtakes_its_alert_keeps_it_silent(file: Path) -> None:
    assert verdict(book(file), CANCEL) is None
    assert verdict(book(file), GOOD) is Reason.CANCELLED


def test_an_ordered_loudness_is_kept(file: Path) -> None:
    grants = (*POLICY.grants, grant("v", kinds=frozenset({Kind.SET_VOLUME}), threshold=1))
    order = a_cancel(kind=Kind.SET_VOLUME, ends=(), volume_db=-12)
    book(file).consider(
        read_command(signed(order, "binh")), None, policy=a_policy(grants=grants), now=NOW
    )
    assert book(file).ledger.ceiling_db == -12


def test_a_cancel_ends_what_stands_and_a_stop_ends_all(file: Path) -> None:
    made = book(file)
    verdict(made, GOOD)
    assert set(made.ledger.standing) == {"0197-flood"}
    verdict(made, CANCEL)
    assert made.ledger.standing == {}
    verdict(made, signed(a_command(id="0199", seq=3), "binh", "hanh"))
    verdict(made, signed(a_cancel(id="0200", kind=Kind.STOP, ends=(), seq=4), "binh"))
    assert made.ledger.standing == {}


def test_what_cannot_be_written_is_not_accepted(file: Path) -> None:
    full = False

    def write(path: Path, data: bytes) -> None:
        if full:
            raise PowerCut
        write_private(path, data)

    made = book(file, write=write)
    full = True
    with pytest.raises(PowerCut):
        made.consider(read_command(GOOD), MANIFEST, policy=POLICY, now=NOW)
    assert made.ledger.seen == {}
    full = False
    assert verdict(made, GOOD) is None


class Life:
    """A node that is switched on again and again, and how often the command began to sound."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.sounded = 0

    def boot(self, writes: int) -> None:
        """Up to the cut: after so many writes, or while it sounds."""
        left = iter(range(writes))

        def write(path: Path, data: bytes) -> None:
            if next(left, None) is None:
                raise PowerCut
            write_private(path, data)

        with suppress(PowerCut):
            self._live(book(self._file, write=write))

    def _live(self, made: OrderBook) -> None:
        made.interrupted(NOW)
        verdict(made, GOOD)
        for one in list(made.ledger.standing.values()):
            made.begun(one.command.id)
            self.sounded += 1


@pytest.mark.parametrize("cut", range(6))
def test_at_every_write_a_power_cut_lets_it_sound_once_and_be_taken_up_once(
    file: Path, cut: int
) -> None:
    life = Life(file)
    for writes in (1, cut, cut, cut, cut, 99, 99, 99):
        life.boot(writes)
    assert 1 <= life.sounded <= 2
    assert book(file).ledger.standing == {}


def test_routine_is_not_taken_up_again_nor_what_has_expired(file: Path) -> None:
    routine = grant("r", priorities=frozenset({Priority.PRIORITY}), threshold=1)
    policy = a_policy(grants=(routine, *POLICY.grants))
    made = book(file)
    urgent = signed(a_command(id="0200", seq=2), "binh", "hanh")
    for data in (signed(a_command(priority=Priority.PRIORITY), "binh"), urgent):
        made.consider(read_command(data), MANIFEST, policy=policy, now=NOW)
    assert [one.command.id for one in book(file).interrupted(NOW + MINUTE)] == ["0200"]
    assert book(file).interrupted(NOW + 10 * MINUTE) == []


def test_what_ended_is_over_for_good(file: Path) -> None:
    made = book(file)
    verdict(made, GOOD)
    made.begun("0197-flood")
    made.over("0197-flood", Phase.PLAYED)
    assert book(file).interrupted(NOW) == []
    assert verdict(book(file), GOOD) is Reason.ALREADY_SEEN
    fate = book(file).fate("0197-flood")
    assert fate is not None
    assert fate.phase is Phase.PLAYED


def test_ids_are_forgotten_when_nobodys_clock_could_let_them_in(file: Path) -> None:
    made = book(file)
    verdict(made, GOOD)
    later = signed(shifted("0300", 2, 2 * DAY), "binh", "hanh")
    assert verdict(made, later, NOW + 2 * DAY) is None
    assert set(made.ledger.seen) == {"0300"}
    assert verdict(made, GOOD, NOW + 2 * DAY) is Reason.EXPIRED


def shifted(name: str, seq: int, by: timedelta) -> Command:
    return a_command(
        id=name, seq=seq, issued=NOW + by, not_before=NOW + by, expires=NOW + by + 10 * MINUTE
    )


def test_a_flood_of_ids_does_not_grow_the_file(file: Path) -> None:
    made = book(file)
    fate = Fate(NOW + DAY, "ab" * 32, Phase.DONE)
    made.ledger.seen = {f"id-{n}": fate for n in range(MOST_IDS + 100)}
    assert verdict(made, GOOD) is None
    assert len(made.ledger.seen) == MOST_IDS
    assert "0197-flood" in book(file).ledger.seen


@given(st.binary(max_size=60))
def test_a_damaged_file_means_asking_first(tmp_path_factory: object, noise: bytes) -> None:
    file = tmp_path_factory.mktemp("orders") / "orders.json"  # type: ignore[attr-defined]
    file.write_bytes(noise)
    new = OrderBook(file, unit="20662", cluster="c1")
    assert not new.ledger.greeted
    assert verdict(new, GOOD) is Reason.NOT_GREETED
