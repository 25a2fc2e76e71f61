"""A node takes the province's policy from whoever brings it, and nobody else's."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

from tests.node.repository import Repository
from tests.protocol.conftest import NOW
from tests.protocol.province import DAY, a_policy
from vang_node.policy import PolicyStore
from vang_protocol.reasons import Reason, Refused

POLICY = a_policy(version=1)


@pytest.fixture
def province() -> Repository:
    return Repository(POLICY, NOW)


@pytest.fixture
def store(tmp_path: Path, province: Repository) -> PolicyStore:
    return PolicyStore(tmp_path / "trust", province.pinned)


def refusal(store: PolicyStore, province: Repository, days: int = 0) -> str:
    with pytest.raises(Refused) as caught:
        store.refresh(province.fetch, now=NOW + days * DAY)
    assert caught.value.reason is Reason.POLICY_REFUSED
    return caught.value.detail


def test_the_policy_is_taken_kept_and_read_again(
    store: PolicyStore, province: Repository, tmp_path: Path
) -> None:
    assert store.refresh(province.fetch, now=NOW)
    assert store.policy == POLICY
    assert not store.refresh(province.fetch, now=NOW)
    assert PolicyStore(tmp_path / "trust", province.pinned).policy == POLICY


def test_a_newer_one_is_followed_also_when_the_system_clock_is_wrong(
    store: PolicyStore, province: Repository
) -> None:
    store.refresh(province.fetch, now=NOW)
    province.publish(replace(POLICY, version=2), NOW + 400 * DAY)
    assert "Expired" in refusal(store, province, 800)
    assert store.policy == POLICY


def test_without_a_network_the_old_one_stays(store: PolicyStore, province: Repository) -> None:
    store.refresh(province.fetch, now=NOW)
    assert not store.refresh(lambda _path: None, now=NOW + DAY)
    assert store.policy == POLICY


def test_one_holder_alone_signs_nothing(store: PolicyStore, province: Repository) -> None:
    store.refresh(province.fetch, now=NOW)
    province.publish(replace(POLICY, version=2), NOW, province.holders[2])
    assert "Unsigned" in refusal(store, province)
    province.publish(replace(POLICY, version=2), NOW, *[CryptoSigner.generate_ed25519()] * 2)
    assert "Unsigned" in refusal(store, province)
    assert store.policy == POLICY


def test_one_key_under_two_names_is_not_two_holders(tmp_path: Path) -> None:
    province = Repository(POLICY, NOW)
    same = province.holders[0].public_key
    twin = type(same)("f" * 64, same.keytype, same.scheme, dict(same.keyval))
    for role in ("root", "targets"):
        province.root.add_key(twin, role)
    province.publish_root()
    store = PolicyStore(tmp_path / "trust", province.pinned)
    assert "two names" in refusal(store, province)
    assert store.policy is None


def test_an_older_state_of_the_repository_is_refused(
    store: PolicyStore, province: Repository
) -> None:
    before = dict(province.files)
    province.publish(replace(POLICY, version=2), NOW)
    store.refresh(province.fetch, now=NOW)
    province.files = before
    assert "version" in refusal(store, province).lower()


def test_an_older_policy_in_new_metadata_is_refused(
    store: PolicyStore, province: Repository
) -> None:
    province.publish(replace(POLICY, version=5), NOW)
    store.refresh(province.fetch, now=NOW)
    province.publish(replace(POLICY, version=4), NOW)
    assert "older" in refusal(store, province)


def test_a_frozen_repository_is_noticed(store: PolicyStore, province: Repository) -> None:
    store.refresh(province.fetch, now=NOW)
    assert "Expired" in refusal(store, province, 15)
    assert store.policy == POLICY


def test_swapped_bytes_are_not_the_target(store: PolicyStore, province: Repository) -> None:
    (name,) = [name for name in province.files if name.startswith("targets/")]
    province.files[name] = province.files[name].replace(b'"threshold":2', b'"threshold":1', 1)
    assert refusal(store, province)
    assert store.policy is None


def test_what_two_holders_sign_must_still_be_a_policy(
    store: PolicyStore, province: Repository
) -> None:
    province.publish_bytes(b"{}", NOW)
    assert "missing field" in refusal(store, province)
    province.publish_bytes(b"x" * 1_100_000, NOW)
    assert "too large" in refusal(store, province)


def test_a_holder_hands_over_and_the_old_one_counts_no_more(
    store: PolicyStore, province: Repository
) -> None:
    store.refresh(province.fetch, now=NOW)
    old = province.holders[0]
    province.rotate(0, CryptoSigner.generate_ed25519())
    province.publish(replace(POLICY, version=2), NOW)
    assert store.refresh(province.fetch, now=NOW)
    province.publish(replace(POLICY, version=3), NOW, old, province.holders[1])
    assert "Unsigned" in refusal(store, province)


def test_an_attackers_new_root_is_refused(store: PolicyStore, province: Repository) -> None:
    store.refresh(province.fetch, now=NOW)
    thief = CryptoSigner.generate_ed25519()
    province.root.add_key(thief.public_key, "root")
    province.root.version += 1
    province.publish_root(thief, province.holders[0])
    assert refusal(store, province)


def test_a_policy_that_was_damaged_on_the_disk_is_none(
    store: PolicyStore, province: Repository, tmp_path: Path
) -> None:
    store.refresh(province.fetch, now=NOW)
    kept = tmp_path / "trust" / "policy.json"
    kept.write_bytes(kept.read_bytes()[:-9])
    again = PolicyStore(tmp_path / "trust", province.pinned)
    assert again.policy is None
    assert again.refresh(province.fetch, now=NOW + timedelta(minutes=1))
    assert again.policy == POLICY
