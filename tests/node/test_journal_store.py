"""The journal on disk survives power cuts, full disks and meddling, and forgets no play."""

import errno
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang_node import journal as journal_module
from vang_node.journal import Journal, JournalFailed, chain_start, lines_after, segments
from vang_protocol.journals import Stamp, verify_chain
from vang_protocol.reasons import Reason
from vang_protocol.records import Boot, End, Event, Missed, PlanAccepted, PlayEnded, PlayStarted
from vang_protocol.states import ClockSource

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STAMP = Stamp(ClockSource.SERVER, 3)
BOOT = Boot("vang-node 0.1.0", "wav", 0)


def started(item: str) -> PlayStarted:
    return PlayStarted(item, "e-1", "ab" * 32, 17, NOW, NOW, 0, 1, 0)


def ended(item: str, end: End = End.DONE) -> PlayEnded:
    return PlayEnded(item, end, 1, NOW, 0, 48_000, 0, -1600)


def opened(folder: Path) -> Journal:
    return Journal(folder, node="n1", boot="b1")


def read_again(folder: Path) -> Journal:
    """As after a restart, but closed again."""
    journal = opened(folder)
    journal.close()
    return journal


def write(journal: Journal, *events: Event) -> None:
    for event in events:
        journal.append(event, at=NOW, clock=STAMP)


def lines(folder: Path) -> list[str]:
    return list(lines_after(folder, 0))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    journal = opened(folder)
    yield journal
    journal.close()


def test_records_are_chained_and_go_on_after_a_restart(folder: Path) -> None:
    first = opened(folder)
    write(first, BOOT, started("a"))
    first.close()
    second = opened(folder)
    write(second, BOOT)
    second.close()
    assert [record.seq for record in verify_chain(lines(folder), node="n1")] == [1, 2, 3]
    assert second.torn_bytes == 0


def test_the_memory_knows_what_sounded_what_was_cut_and_what_was_missed(folder: Path) -> None:
    first = opened(folder)
    missed = Missed("c", "e-1", NOW, Reason.LATE)
    write(first, PlanAccepted(17, "cd" * 32, 3, 0), started("a"), ended("a"), started("b"), missed)
    first.close()
    memory = read_again(folder).memory
    assert memory.has_sounded("a")
    assert [event.item for event in memory.interrupted()] == ["b"]
    assert memory.has_missed("c", NOW)
    assert not memory.has_missed("c", NOW + timedelta(seconds=1))
    assert not memory.has_sounded("c")
    assert memory.plan == (17, "cd" * 32)
    assert memory.last_at == NOW


@given(st.data())
def test_a_journal_cut_anywhere_keeps_its_whole_lines(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    journal = opened(folder)
    write(journal, BOOT, started("a"), ended("a"), started("b"))
    journal.close()
    (path,) = segments(folder)
    whole = path.read_bytes()
    length = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:length])
    again = opened(folder)
    write(again, BOOT)
    again.close()
    kept = whole[:length].count(b"\n")
    assert len(verify_chain(lines(folder), node="n1")) == kept + 1
    assert again.torn_bytes == length - len(b"".join(whole.splitlines(keepends=True)[:kept]))


@given(st.data())
def test_after_a_flipped_bit_no_play_is_forgotten_that_can_still_be_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    journal = opened(folder)
    write(journal, BOOT, started("a"), ended("a"), started("b"), ended("b"))
    journal.close()
    (path,) = segments(folder)
    raw = bytearray(path.read_bytes())
    first_line = raw.index(b"\n")
    position = data.draw(st.integers(0, first_line - 1))
    raw[position] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(raw)
    again = opened(folder)
    assert again.memory.has_sounded("a")
    assert again.memory.has_sounded("b")
    write(again, BOOT)
    again.close()
    assert len(verify_chain(lines(folder), node="n1")) <= 2
    assert list(folder.glob("broken-*"))


def test_zeros_after_a_power_cut_are_cut_off(folder: Path, journal: Journal) -> None:
    write(journal, BOOT, started("a"))
    (path,) = segments(folder)
    with path.open("ab") as file:
        file.write(bytes(512))
    again = opened(folder)
    assert again.torn_bytes == 512
    assert again.head.seq == 2
    again.close()


def test_segments_follow_one_another_and_are_read_as_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 2000)
    journal = opened(folder)
    write(journal, *[started(f"i{n}") for n in range(30)])
    journal.close()
    assert len(segments(folder)) > 3
    assert len(verify_chain(lines(folder), node="n1")) == 30
    assert read_again(folder).head == journal.head
    assert list(lines_after(folder, 27)) == lines(folder)[27:]


def test_old_segments_go_only_when_the_server_has_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 2000)
    journal = opened(folder)
    write(journal, *[started(f"i{n}") for n in range(30)])
    count = len(segments(folder))
    long_after = datetime.now(UTC) + timedelta(days=16)
    journal.forget(accepted_through=2, now=long_after)
    journal.forget(accepted_through=30, now=datetime.now(UTC))
    assert len(segments(folder)) == count
    journal.forget(accepted_through=30, now=long_after)
    journal.close()
    assert len(segments(folder)) == 1
    start = chain_start(folder)
    kept = lines(folder)
    verify_chain(kept, node="n1", after_seq=start.seq, after_hash=start.hash)
    again = opened(folder)
    write(again, BOOT)
    again.close()
    assert again.head.seq == 31


def test_the_spare_room_keeps_the_journal_writing_on_a_full_disk(
    folder: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = folder / "spare"
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if spare.exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr("vang_node.journal.os.fsync", fsync)
    write(journal, started("a"))
    assert not spare.exists()
    assert len(verify_chain(lines(folder), node="n1")) == 1


def test_a_record_that_cannot_be_made_durable_is_a_failure_and_leaves_no_trace(
    folder: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(journal, BOOT)

    def fsync(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("vang_node.journal.os.fsync", fsync)
        with pytest.raises(JournalFailed):
            write(journal, started("a"))
    assert not journal.memory.has_sounded("a")
    write(journal, started("b"))
    assert [record.event for record in verify_chain(lines(folder), node="n1")][1] == started("b")


def test_a_journal_of_another_node_is_not_continued(folder: Path, journal: Journal) -> None:
    write(journal, BOOT)
    other = Journal(folder, node="n2", boot="b1")
    assert other.head.seq == 0
    assert other.torn_bytes > 0
    other.close()
