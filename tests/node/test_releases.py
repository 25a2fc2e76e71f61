"""A node takes a release that two people signed and that still stands on their list; no other."""

import io
import stat
import zipfile
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

from tests.node.releasing import LIBRARIES, small_file
from tests.node.repository import Repository
from tests.protocol.conftest import NOW
from tests.protocol.province import a_policy
from vang_node.releases import NotTaken, NoWord, ReleaseStore, Trial
from vang_protocol.releases import (
    Failure,
    Listed,
    Offer,
    Release,
    Settings,
    Sort,
    release_named,
    settings_file,
)

POLICY = a_policy(version=1)
DAY = timedelta(days=1)
TWO = Release(Sort.SOFTWARE, "0.2.0")
FILE = small_file("0.2.0")


@pytest.fixture
def province() -> Repository:
    made = Repository(POLICY, NOW)
    made.let_sign_software(POLICY, NOW)
    made.publish_list({TWO.target: FILE}, NOW)
    return made


@pytest.fixture
def store(tmp_path: Path, province: Repository) -> ReleaseStore:
    package = tmp_path / "package"
    (package / "libraries" / LIBRARIES).mkdir(parents=True)
    return ReleaseStore(tmp_path / "software", factory=package, root=province.pinned)


def refusal(store: ReleaseStore, province: Repository, release: Release = TWO) -> Failure:
    with pytest.raises(NotTaken) as caught:
        store.listed(release, province.fetch, now=NOW)
    return caught.value.reason


def bring(store: ReleaseStore, content: bytes, release: Release = TWO) -> Listed:
    listed = Listed(release, len(content), sha256(content).hexdigest())
    part = store.part(listed)
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(content)
    return listed


def broken(store: ReleaseStore, content: bytes, release: Release = TWO) -> Failure:
    with pytest.raises(NotTaken) as caught:
        store.adopt(bring(store, content, release))
    assert not list((store.folder / "releases").glob("*")), "nothing of it is left"
    return caught.value.reason


def test_what_two_signed_is_taken(store: ReleaseStore, province: Repository) -> None:
    listed = store.listed(TWO, province.fetch, now=NOW)
    assert listed == Listed(TWO, len(FILE), sha256(FILE).hexdigest())
    assert not store.has(listed)
    store.adopt(bring(store, FILE))
    assert store.has(listed)
    assert (store.folder / "releases/0.2.0/vang_node/cli.py").exists()


def test_one_signer_of_software_is_not_enough(store: ReleaseStore, province: Repository) -> None:
    province.publish_list({TWO.target: FILE}, NOW, province.software[0])
    assert refusal(store, province) is Failure.NOT_SIGNED


def test_holders_of_the_root_sign_no_software(store: ReleaseStore, province: Repository) -> None:
    province.publish_list({TWO.target: FILE}, NOW, *province.holders[:2])
    assert refusal(store, province) is Failure.NOT_SIGNED


def test_strangers_sign_no_software(store: ReleaseStore, province: Repository) -> None:
    strangers = [CryptoSigner.generate_ed25519() for _ in range(2)]
    province.publish_list({TWO.target: FILE}, NOW, *strangers)
    assert refusal(store, province) is Failure.NOT_SIGNED


def test_what_was_taken_off_the_list_no_server_brings_back(
    store: ReleaseStore, province: Repository
) -> None:
    store.listed(TWO, province.fetch, now=NOW)
    old = dict(province.files)
    three = Release(Sort.SOFTWARE, "0.3.0")
    province.publish_list({three.target: FILE}, NOW)
    assert refusal(store, province) is Failure.NOT_SIGNED
    assert store.listed(three, province.fetch, now=NOW)
    with pytest.raises(NotTaken, match="not-signed"):
        store.listed(TWO, old.get, now=NOW)


def test_a_list_from_before_is_refused(store: ReleaseStore, province: Repository) -> None:
    province.publish_list({TWO.target: FILE}, NOW, version=5)
    store.listed(TWO, province.fetch, now=NOW)
    province.publish_list({TWO.target: FILE}, NOW, version=4)
    assert refusal(store, province) is Failure.NOT_SIGNED


def test_a_list_that_nobody_renews_ends(store: ReleaseStore, province: Repository) -> None:
    with pytest.raises(NotTaken, match="Expired"):
        store.listed(TWO, province.fetch, now=NOW + 15 * DAY)


def test_a_role_that_one_person_fulfils_is_refused(
    store: ReleaseStore, province: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = province._delegations(threshold=1)
    monkeypatch.setattr(province, "_delegations", lambda: weak)
    province.publish(replace(POLICY, version=2), NOW)
    assert refusal(store, province) is Failure.NOT_SIGNED


def test_a_holder_who_also_signs_software_is_refused(
    store: ReleaseStore, province: Repository
) -> None:
    province.software[0] = province.holders[0]
    province.publish(replace(POLICY, version=2), NOW)
    province.publish_list({TWO.target: FILE}, NOW)
    assert refusal(store, province) is Failure.NOT_SIGNED


def test_without_an_answer_there_is_another_time(store: ReleaseStore) -> None:
    with pytest.raises(NoWord):
        store.listed(TWO, lambda _path: None, now=NOW)


def test_a_province_without_signers_of_software_ships_none(tmp_path: Path) -> None:
    province = Repository(POLICY, NOW)
    store = ReleaseStore(tmp_path, factory=tmp_path, root=province.pinned)
    assert refusal(store, province) is Failure.NOT_SIGNED


def test_other_bytes_are_thrown_away(store: ReleaseStore, province: Repository) -> None:
    listed = store.listed(TWO, province.fetch, now=NOW)
    store.part(listed).parent.mkdir(parents=True)
    store.part(listed).write_bytes(small_file("0.2.0", vang_node__x=b"1"))
    with pytest.raises(NotTaken, match="wrong-file"):
        store.adopt(listed)
    assert not store.part(listed).exists()


@pytest.mark.parametrize(
    "name", ["../escaped", "/etc/passwd", "vang_node/../../x", "other/x.py", "vang_node\\x", "x"]
)
def test_a_member_that_has_no_place_is_refused(store: ReleaseStore, name: str) -> None:
    assert broken(store, small_file("0.2.0", **{name: b"x"})) is Failure.BAD_ARCHIVE


def test_a_link_in_the_archive_is_refused(store: ReleaseStore) -> None:
    memory = io.BytesIO(FILE)
    with zipfile.ZipFile(memory, "a") as archive:
        link = zipfile.ZipInfo("vang_node/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc")
    assert broken(store, memory.getvalue()) is Failure.BAD_ARCHIVE


def test_a_bomb_is_refused_before_it_is_unpacked(store: ReleaseStore) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vang_node/large", bytes(40 * 1024 * 1024))
    assert broken(store, memory.getvalue()) is Failure.BAD_ARCHIVE


@pytest.mark.parametrize("content", [b"", b"PK", FILE[:-30], small_file("0.3.0")])
def test_what_is_no_such_release_is_refused(store: ReleaseStore, content: bytes) -> None:
    assert broken(store, content) is Failure.BAD_ARCHIVE


def test_a_release_that_needs_other_libraries_is_not_taken(
    store: ReleaseStore, tmp_path: Path
) -> None:
    (tmp_path / "package" / "libraries" / LIBRARIES).rmdir()
    assert broken(store, FILE) is Failure.NO_LIBRARIES


def test_settings_are_a_release_too(store: ReleaseStore) -> None:
    seven = Release(Sort.CONFIGURATION, "7")
    store.adopt(bring(store, settings_file(7, Settings(poll_s=60)), seven))
    assert (store.folder / "configurations/7.json").exists()
    eight = Release(Sort.CONFIGURATION, "8")
    with pytest.raises(NotTaken, match="calls itself 7"):
        store.adopt(bring(store, settings_file(7, Settings(poll_s=60)), eight))


def test_a_trial_is_noted_kept_and_forgotten(store: ReleaseStore) -> None:
    store.adopt(bring(store, FILE))
    trial = Trial(Offer("a1", TWO, 10), ("sink",))
    store.try_out(trial)
    assert store.trial() == trial
    store.keep(trial)
    assert store.trial() is None
    assert (store.folder / "current").readlink() == Path("releases/0.2.0")
    assert store.installed_at() is not None


def test_only_the_newest_stay(store: ReleaseStore) -> None:
    for number in range(2, 8):
        release = Release(Sort.SOFTWARE, f"0.{number}.0")
        store.adopt(bring(store, small_file(release.version), release))
        store.keep(Trial(Offer("a1", release, 10), ()))
    (store.folder / "releases/.unpacking-0.9.0.1").mkdir()
    store.tidy()
    there = sorted(one.name for one in (store.folder / "releases").iterdir() if one.is_dir())
    assert there == ["0.5.0", "0.6.0", "0.7.0"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("software/vang-node-0.2.0.zip", TWO),
        ("software/configuration-7.json", Release(Sort.CONFIGURATION, "7")),
        ("software/vang-node-0.2.zip", None),
        ("policy.json", None),
        ("software/../policy.json", None),
    ],
)
def test_targets_are_known_by_their_names(name: str, found: Release | None) -> None:
    assert release_named(name) == found
