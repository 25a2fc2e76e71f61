"""The list of releases: two signers of software, and every node's own judgement beforehand."""

from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

from tests.node.releasing import small_file
from tests.rollouts.conftest import a_node as a_device
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.rollouts.demonstration import demonstrate_due
from vang.rollouts.models import Release as Row
from vang.rollouts.models import Rollout
from vang.rollouts.publishing import draft_list, publish_list, release_of_file
from vang.stations.models import Node
from vang.trust import folder as places
from vang.trust.demonstration import renew_due, software_signers
from vang.trust.holding import described
from vang.trust.metadata import add_signature
from vang.trust.refusing import TrustRefused
from vang.trust.signers import Holder, public_hex
from vang.trust.software import leave_out_signer, named_signers, signers, take_in_signer
from vang_node.releases import NotTaken, ReleaseStore
from vang_protocol.releases import Release, Settings, Sort, settings_file

pytestmark = pytest.mark.django_db
TWO = Release(Sort.SOFTWARE, "0.2.0")
FILE = small_file("0.2.0")


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"  # type: ignore[attr-defined]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "demonstration").write_text("{}")
    return tmp_path / "data"


@pytest.fixture
def province(data: Path, binh: object, hanh: object, now: datetime) -> list[CryptoSigner]:
    """Two signers of software whom the holders' policy names."""
    renew_due(now=now)
    return software_signers()


def signed_list(files: dict[Release, bytes], now: datetime, *by: CryptoSigner) -> bytes:
    _name, content, _changes = draft_list(files, now=now)
    for signer in by:
        content = add_signature(content, signer)
    return content


def a_node(folder: Path) -> ReleaseStore:
    root = places.file("metadata/1.root.json")
    assert root is not None
    return ReleaseStore(folder, factory=folder, root=root)


def test_what_two_signed_is_put_in_place(
    province: list[CryptoSigner], tmp_path: Path, now: datetime
) -> None:
    publish_list(signed_list({TWO: FILE}, now, *province), {TWO: FILE}, now=now)
    assert Row.objects.get().told == TWO
    listed = a_node(tmp_path / "node").listed(TWO, places.file, now=now)
    assert listed.sha256 == Row.objects.get().sha256


@pytest.mark.parametrize("count", [0, 1])
def test_one_signature_is_not_enough(
    province: list[CryptoSigner], now: datetime, count: int
) -> None:
    content = signed_list({TWO: FILE}, now, *province[:count])
    before = sorted(places.folder().rglob("*.json"))
    with pytest.raises(TrustRefused, match="Nodes would refuse"):
        publish_list(content, {TWO: FILE}, now=now)
    assert sorted(places.folder().rglob("*.json")) == before
    assert not Row.objects.exists()


def test_what_is_taken_off_the_list_stays_off(
    province: list[CryptoSigner], tmp_path: Path, now: datetime
) -> None:
    seven = Release(Sort.CONFIGURATION, "7")
    files = {TWO: FILE, seven: settings_file(7, Settings(poll_s=60))}
    publish_list(signed_list(files, now, *province), files, now=now)
    _name, content, changes = draft_list({}, without=[TWO], now=now)
    assert changes == ["- software/vang-node-0.2.0.zip"]
    for signer in province:
        content = add_signature(content, signer)
    publish_list(content, {}, now=now)
    assert Row.objects.get(version="0.2.0").withdrawn_at == now
    store = a_node(tmp_path / "node")
    assert store.listed(seven, places.file, now=now)
    with pytest.raises(NotTaken):
        store.listed(TWO, places.file, now=now)


def test_the_policy_goes_on_beside_the_list(
    province: list[CryptoSigner], tmp_path: Path, hanh: object, now: datetime
) -> None:
    publish_list(signed_list({TWO: FILE}, now, *province), {TWO: FILE}, now=now)
    hanh.memberships.update(valid_to=now.date())  # type: ignore[attr-defined]
    assert renew_due(now=now) == 1
    assert a_node(tmp_path / "node").listed(TWO, places.file, now=now)


def test_a_file_that_is_missing_or_other_is_told(
    province: list[CryptoSigner], now: datetime
) -> None:
    content = signed_list({TWO: FILE}, now, *province)
    with pytest.raises(TrustRefused, match="Bring"):
        publish_list(content, {}, now=now)
    with pytest.raises(TrustRefused, match="other bytes"):
        publish_list(content, {TWO: FILE + b"x"}, now=now)


def test_files_are_what_they_are_called(tmp_path: Path) -> None:
    for name, content in (
        ("vang-node-0.2.0.zip", b"PK"),
        ("vang-node-0.3.0.zip", FILE),
        ("vang-node-2.zip", FILE),
        ("configuration-8.json", settings_file(7, Settings(poll_s=60))),
        ("other.zip", FILE),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(TrustRefused):
            release_of_file(tmp_path / name)
    (tmp_path / "vang-node-0.2.0.zip").write_bytes(FILE)
    assert release_of_file(tmp_path / "vang-node-0.2.0.zip") == (TWO, FILE)


def test_nobody_signs_unread(province: list[CryptoSigner], tmp_path: Path, now: datetime) -> None:
    content = signed_list({TWO: FILE}, now)
    with pytest.raises(TrustRefused, match="--release"):
        list(described(content, policy=None, published=None))
    path = tmp_path / "vang-node-0.2.0.zip"
    path.write_bytes(FILE + b"x")
    with pytest.raises(TrustRefused, match="not what the list names"):
        list(described(content, policy=None, published=None, releases=[path]))
    path.write_bytes(FILE)
    told = list(described(content, policy=None, published=None, releases=[path]))
    assert told[-1].startswith("  new: software/vang-node-0.2.0.zip")


def test_signers_of_software_are_no_holders_and_no_twins(
    province: list[CryptoSigner], data: Path
) -> None:
    holder = CryptoSigner.generate_ed25519()
    public = public_hex(holder._private_key)  # type: ignore[arg-type]
    assert take_in_signer(Holder("Chín", public)) == 3
    with pytest.raises(TrustRefused, match="already"):
        take_in_signer(Holder("Mười", public))
    assert leave_out_signer(Holder("Chín", public).keyid[:12]) == "Chín"
    assert {one.keyid for one in signers()} == named_signers()


def test_the_demonstration_lists_releases_by_itself(
    province: list[CryptoSigner], tmp_path: Path, now: datetime
) -> None:
    assert demonstrate_due(now=now) == 4
    assert demonstrate_due(now=now) == 0, "no device yet"
    versions = sorted(Row.objects.values_list("sort", "version"))
    software = [("software", version) for version in ("0.1.0", "0.1.1", "0.1.99")]
    assert versions == [("configuration", "1"), *software]
    store = a_node(tmp_path / "node")
    listed = store.listed(Release(Sort.SOFTWARE, "0.1.1"), places.file, now=now)
    assert listed.bytes < 400_000, "a release is small enough for a 4G line"


def test_the_demonstrations_technician_proposes_the_next_version_once(
    province: list[CryptoSigner], xa_a: Unit, tech: Person, now: datetime
) -> None:
    demonstrate_due(now=now)
    nodes = [a_device(xa_a, 1, now), a_device(xa_a, 2, now, managed=False)]
    assert demonstrate_due(now=now) == 0, "one has not said that it can take it"
    Node.objects.filter(pk=nodes[1].pk).update(state=nodes[0].state)
    assert demonstrate_due(now=now) == 1
    rollout = Rollout.objects.get()
    assert (rollout.release.version, rollout.made_by, rollout.state) == ("0.1.1", tech, "WAITING")
    assert [group.turns.count() for group in rollout.groups.order_by("number")] == [1, 1]
    assert demonstrate_due(now=now) == 0


def test_the_page_says_which_version_is_broken_on_purpose(
    client: Client,
    data: Path,
    province: list[CryptoSigner],
    xa_a: Unit,
    tech: Person,
    now: datetime,
) -> None:
    demonstrate_due(now=now)
    client.force_login(tech)
    assert client.get("/rollouts/").content.decode().count("cố ý làm hỏng") == 1
    page = client.get("/rollouts/new")
    assert "0.1.99 được cố ý làm hỏng" in page.content.decode()
    assert page.context["form"]["release"].value() == Row.objects.get(version="0.1.1").pk
    (data / "demonstration").unlink()
    assert "cố ý làm hỏng" not in client.get("/rollouts/").content.decode()
