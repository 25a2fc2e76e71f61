"""Audio is what its hash says or it is not there; room is made, but not from the plan."""

import hashlib
import os
from pathlib import Path

import pytest

from vang_node.audio_store import AudioStore
from vang_protocol.plans import Audio
from vang_protocol.reasons import Reason, Refused


def audio_of(data: bytes) -> Audio:
    return Audio(hashlib.sha256(data).hexdigest(), len(data), "opus", 1000)


def store_in(folder: Path, *, free: int = 10**9, reserve: int = 0) -> AudioStore:
    return AudioStore(folder, reserve=reserve, free=lambda _: free)


def put(store: AudioStore, data: bytes, *, used: float = 1e9) -> Audio:
    audio = audio_of(data)
    store.part(audio).write_bytes(data)
    store.adopt(audio)
    os.utime(store.path(audio), (used, used))
    return audio


def why_not_adopted(store: AudioStore, promised: bytes, arrived: bytes) -> Reason:
    audio = audio_of(promised)
    store.part(audio).write_bytes(arrived)
    with pytest.raises(Refused) as caught:
        store.adopt(audio)
    assert not store.part(audio).exists()
    assert not store.has(audio)
    return caught.value.reason


def test_what_matches_its_hash_is_adopted_and_opened(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    audio = put(store, b"sound")
    with store.open_verified(audio) as file:
        assert file.read() == b"sound"


def test_what_does_not_match_is_dropped(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert why_not_adopted(store, b"sound", b"soun") is Reason.WRONG_SIZE
    assert why_not_adopted(store, b"sound", b"sounds") is Reason.WRONG_SIZE
    assert why_not_adopted(store, b"sound", b"sounD") is Reason.WRONG_HASH
    assert put(store, b"sound")


def test_a_file_damaged_after_it_was_fetched_is_found_when_it_is_opened(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    audio = put(store, b"sound")
    store.path(audio).write_bytes(b"sOund")
    with pytest.raises(Refused) as caught:
        store.open_verified(audio)
    assert caught.value.reason is Reason.WRONG_HASH
    assert not store.has(audio)


def test_what_is_swapped_after_the_check_is_not_what_plays(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    audio = put(store, b"sound")
    with store.open_verified(audio) as file:
        (tmp_path / "other").write_bytes(b"noise")
        (tmp_path / "other").replace(store.path(audio))
        assert file.read() == b"sound"


def test_room_is_made_from_what_was_used_longest_ago_and_never_from_the_plan(
    tmp_path: Path,
) -> None:
    room = 100

    def free(_: Path) -> int:
        return room - sum(path.stat().st_size for path in tmp_path.glob("*.opus"))

    store = AudioStore(tmp_path, reserve=10, free=free)
    planned = put(store, b"p" * 20, used=1)
    old = put(store, b"o" * 20, used=2)
    young = put(store, b"y" * 20, used=3)
    wanted = {planned.sha256}
    assert store.room_for(45, wanted=wanted) == 0
    assert [store.has(audio) for audio in (planned, old, young)] == [True, False, True]
    assert store.room_for(80, wanted=wanted) == 10
    assert store.has(planned)


def test_parts_nobody_plans_any_more_go(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    kept, dropped = audio_of(b"a"), audio_of(b"b")
    store.part(kept).write_bytes(b"")
    store.part(dropped).write_bytes(b"")
    store.drop_stale_parts({kept.sha256})
    assert store.part(kept).exists()
    assert not store.part(dropped).exists()
