"""What the holders signed is put in place only when every node would take it."""

import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]
from tuf.api.metadata import Root

from tests.trust.conftest import keyed
from tests.trust.province import Ceremony, a_node, holder
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust import folder as places
from vang.trust.metadata import check_root, first_root, new_targets, next_root, read_root, signed
from vang.trust.models import PolicyVersion
from vang.trust.publishing import Offer, publish_and_note, resign_due
from vang.trust.queries import current_policy
from vang.trust.refusing import TrustRefused
from vang.trust.services import make_policy, revoke_key
from vang.trust.signers import Holder
from vang_protocol.policies import encode_policy

DAY = timedelta(days=1)


@pytest.fixture
def ceremony(data: Path, now: datetime) -> Ceremony:
    found = Ceremony(data / "holders")
    found.begin(now)
    return found


@pytest.fixture
def people(xa_a: Unit, binh: Person, hanh: Person, quan: Person, now: datetime) -> list[Person]:
    for someone in (binh, hanh):
        keyed(someone, xa_a, quan, now)
    return [binh, hanh]


@pytest.mark.usefixtures("people")
def test_a_node_takes_what_was_published(ceremony: Ceremony, tmp_path: Path, now: datetime) -> None:
    assert current_policy() is None
    policy = ceremony.publish(now)
    node = a_node(tmp_path / "node")
    assert node.refresh(places.file, now=now)
    assert node.policy == policy == current_policy()
    assert len(policy.keys) == 2


def test_the_servers_key_is_the_servers_alone(ceremony: Ceremony, data: Path) -> None:
    (key,) = (data / "keys").glob("trust-*.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert ceremony.holders


def test_one_holder_is_not_enough(ceremony: Ceremony, db: None, now: datetime) -> None:
    payload = bytes(make_policy(now=now).payload)
    before = sorted(places.folder().rglob("*.json"))
    for signers in (ceremony.signers(0), [*ceremony.signers(1), *ceremony.signers(1)], []):
        offer = Offer((), ceremony.targets(payload, now, *signers), payload)
        with pytest.raises(TrustRefused, match="Nodes would refuse"):
            publish_and_note(offer, now=now)
    assert sorted(places.folder().rglob("*.json")) == before
    assert PolicyVersion.objects.get().published_at is None


def test_a_stranger_is_no_holder(ceremony: Ceremony, db: None, now: datetime) -> None:
    payload = bytes(make_policy(now=now).payload)
    strangers = [CryptoSigner.generate_ed25519() for _ in range(2)]
    with pytest.raises(TrustRefused, match="Nodes would refuse"):
        publish_and_note(Offer((), ceremony.targets(payload, now, *strangers), payload), now=now)


def test_another_policy_than_the_signed_one(ceremony: Ceremony, db: None, now: datetime) -> None:
    payload = bytes(make_policy(now=now).payload)
    targets = ceremony.targets(payload, now, *ceremony.signers(0, 1))
    with pytest.raises(TrustRefused, match="Nodes would refuse"):
        publish_and_note(Offer((), targets, payload.replace(b'"v":1', b'"v":2')), now=now)


def test_an_older_policy_never_comes_back(ceremony: Ceremony, db: None, now: datetime) -> None:
    first = ceremony.publish(now)
    ceremony.publish(now + DAY)
    payload = encode_policy(first)
    offer = Offer((), ceremony.targets(payload, now, *ceremony.signers(0, 1)), payload)
    with pytest.raises(TrustRefused) as refused:
        publish_and_note(offer, now=now + DAY)
    assert refused.value.code == "not-newer"


def test_a_number_is_given_once(ceremony: Ceremony, db: None, now: datetime) -> None:
    policy = ceremony.publish(now)
    other = encode_policy(replace(policy, version=9))
    again = signed(new_targets(other, version=1, now=now), *ceremony.signers(0, 1))
    with pytest.raises(TrustRefused) as refused:
        publish_and_note(Offer((), again, other), now=now)
    assert refused.value.code == "exists"
    second_root = first_root([one for one, _ in ceremony.holders], Holder("s", "ab" * 32), now=now)
    with pytest.raises(TrustRefused) as refused:
        publish_and_note(Offer((signed(second_root, *ceremony.signers(0, 1)),)), now=now)
    assert refused.value.code in {"exists", "unreadable"}


def test_what_was_signed_counts_and_not_the_draft_that_came_after(
    ceremony: Ceremony, db: None, xa_a: Unit, binh: Person, quan: Person, now: datetime
) -> None:
    payload = bytes(make_policy(now=now).payload)
    targets = ceremony.targets(payload, now, *ceremony.signers(0, 1))
    keyed(binh, xa_a, quan, now)
    assert bytes(make_policy(now=now).payload) != payload
    publish_and_note(Offer((), targets, payload), now=now)
    row = PolicyVersion.objects.get()
    assert (bytes(row.payload), row.published_at) == (payload, now)
    policy = current_policy()
    assert policy is not None
    assert policy.keys == ()


def test_a_database_that_is_older_than_the_folder_goes_on_behind_it(
    ceremony: Ceremony, db: None, now: datetime
) -> None:
    ceremony.publish(now)
    ceremony.publish(now + DAY)
    PolicyVersion.objects.all().delete()
    assert ceremony.publish(now + 2 * DAY).version == 3


def test_the_server_vouches_daily_and_no_oftener(
    ceremony: Ceremony, db: None, tmp_path: Path, now: datetime
) -> None:
    ceremony.publish(now)
    assert not resign_due(now=now + DAY - timedelta(minutes=1))
    assert resign_due(now=now + DAY + timedelta(minutes=1)) == 1
    node = a_node(tmp_path / "node")
    assert node.refresh(places.file, now=now + 14 * DAY)
    for day in range(2, 40):
        resign_due(now=now + day * DAY + timedelta(hours=1))
    assert a_node(tmp_path / "other").refresh(places.file, now=now + 40 * DAY)
    assert len(list((places.folder() / "metadata").glob("*.snapshot.json"))) <= 20


def test_without_a_root_nothing_is_due(data: Path, now: datetime) -> None:
    assert resign_due(now=now) == 0
    assert places.root_text() == ""
    assert not (data / "keys").exists()


@pytest.mark.parametrize(
    "path",
    [
        "metadata/../../keys/x.key",
        "metadata/root.json",
        "metadata/0.root.json",
        "metadata/1.root.json/",
        "../secret.key",
        "targets/policy.json",
        "metadata/1.other.json",
        "metadata/9.root.json",
        "holders/x.json",
        "metadata/1.root.json\n",
    ],
)
def test_only_five_shapes_are_handed_out(ceremony: Ceremony, path: str) -> None:
    assert places.file("metadata/1.root.json") is not None
    assert places.file(path) is None


class TestRoots:
    def test_one_key_under_two_names(self, tmp_path: Path, now: datetime) -> None:
        one, _key = holder(tmp_path, "Một")
        two, _key = holder(tmp_path, "Hai")
        server, _key = holder(tmp_path, "server")
        again = Holder("Ba", one.public)
        with pytest.raises(TrustRefused, match="2 of 3 holders"):
            first_root([one, two, again], server, now=now)
        root = first_root([one, two, holder(tmp_path, "Ba")[0]], server, now=now)
        root.keys["f" * 64] = root.keys[one.keyid]
        with pytest.raises(TrustRefused, match="two names"):
            check_root(root)

    def test_the_server_is_no_holder(self, tmp_path: Path, now: datetime) -> None:
        three = [holder(tmp_path, name)[0] for name in ("Một", "Hai", "Ba")]
        with pytest.raises(TrustRefused, match="no holder's"):
            first_root(three, three[0], now=now)

    def test_a_false_id(self, ceremony: Ceremony) -> None:
        root = read_root(places.root_bytes() or b"")
        table = root.to_dict()
        keyid = root.roles["root"].keyids[0]
        table["keys"]["0" * 64] = table["keys"].pop(keyid)
        for role in ("root", "targets"):
            ids = table["roles"][role]["keyids"]
            ids[ids.index(keyid)] = "0" * 64
        with pytest.raises(TrustRefused, match="key id"):
            check_root(Root.from_dict(table))


class TestDrill:
    """All four ways in which keys change, each seen by a node that stays and by one that slept."""

    @pytest.mark.usefixtures("people")
    def test_a_holder_hands_over(self, ceremony: Ceremony, tmp_path: Path, now: datetime) -> None:
        policy = ceremony.publish(now)
        stays, slept = a_node(tmp_path / "stays"), a_node(tmp_path / "slept")
        for node in (stays, slept):
            node.refresh(places.file, now=now)
        gone = ceremony.signers(1)[0]
        ceremony.hand_over(1, "Bốn", encode_policy(policy), now + DAY)
        assert not stays.refresh(places.file, now=now + DAY), "the policy is the same"
        ceremony.hand_over(2, "Năm", encode_policy(policy), now + 2 * DAY)
        newer = ceremony.publish(now + 3 * DAY)
        for node in (stays, slept):
            assert node.refresh(places.file, now=now + 3 * DAY)
            assert node.policy == newer
        payload = bytes(make_policy(now=now + 4 * DAY).payload)
        targets = ceremony.targets(payload, now, gone, *ceremony.signers(0))
        with pytest.raises(TrustRefused, match="Nodes would refuse"):
            publish_and_note(Offer((), targets, payload), now=now + 4 * DAY)

    def test_a_root_without_the_old_holders_is_none(
        self, ceremony: Ceremony, db: None, tmp_path: Path, now: datetime
    ) -> None:
        policy = ceremony.publish(now)
        old = read_root(places.root_bytes() or b"")
        comes, key = holder(tmp_path, "Bốn")
        after = next_root(old, now=now, out=ceremony.holders[1][0].keyid, holder=comes)
        targets = ceremony.targets(encode_policy(policy), now, key, *ceremony.signers(0))
        for signers in ([key, *ceremony.signers(0)], ceremony.signers(0, 1)):
            with pytest.raises(TrustRefused, match="Nodes would refuse"):
                publish_and_note(Offer((signed(after, *signers),), targets), now=now)

    def test_a_root_that_leaves_the_policy_unsigned(
        self, ceremony: Ceremony, db: None, tmp_path: Path, now: datetime
    ) -> None:
        """The first and third signed the policy; when the third leaves, one signature is left."""
        ceremony.publish(now)
        old = read_root(places.root_bytes() or b"")
        comes, key = holder(tmp_path, "Bốn")
        after = next_root(old, now=now, out=ceremony.holders[2][0].keyid, holder=comes)
        root = signed(after, *ceremony.signers(0, 1), key)
        with pytest.raises(TrustRefused, match="Nodes would refuse"):
            publish_and_note(Offer((root,)), now=now)

    @pytest.mark.usefixtures("people")
    def test_a_lost_personal_key(
        self, ceremony: Ceremony, tmp_path: Path, binh: Person, now: datetime
    ) -> None:
        ceremony.publish(now)
        node = a_node(tmp_path / "node")
        node.refresh(places.file, now=now)
        lost = binh.keys.get()
        revoke_key(key=lost, by=binh, unit=None, now=now)
        ceremony.publish(now + DAY)
        node.refresh(places.file, now=now + DAY)
        assert node.policy is not None
        assert node.policy.version == 2
        assert node.policy.key_named(lost.keyid) is None

    def test_a_stolen_key_of_the_server(
        self, ceremony: Ceremony, db: None, data: Path, tmp_path: Path, now: datetime
    ) -> None:
        from vang.trust.online import new_online_key, online_signer

        policy = ceremony.publish(now)
        node = a_node(tmp_path / "node")
        node.refresh(places.file, now=now)
        old = read_root(places.root_bytes() or b"")
        stolen = online_signer(old.roles["timestamp"].keyids[0])
        after = next_root(old, now=now, online=new_online_key())
        publish_and_note(Offer((signed(after, *ceremony.signers(0, 1)),)), now=now + DAY)
        node.refresh(places.file, now=now + DAY)
        assert read_root(places.root_bytes() or b"").version == 2
        from vang.trust.metadata import new_timestamp
        from vang_protocol.reasons import Refused

        forged = signed(new_timestamp(1, version=10**8, now=now), stolen)

        def hostile(path: str) -> bytes | None:
            return forged if path == "metadata/timestamp.json" else places.file(path)

        with pytest.raises(Refused):
            node.refresh(hostile, now=now + 2 * DAY)
        assert node.policy == policy

    def test_the_root_is_renewed_before_its_year_is_over(
        self, ceremony: Ceremony, db: None, tmp_path: Path, now: datetime
    ) -> None:
        policy = ceremony.publish(now)
        node = a_node(tmp_path / "node")
        node.refresh(places.file, now=now)
        soon = now + 350 * DAY
        after = next_root(read_root(places.root_bytes() or b""), now=soon)
        targets = ceremony.targets(encode_policy(policy), soon, *ceremony.signers(0, 1))
        publish_and_note(Offer((signed(after, *ceremony.signers(1, 2)),), targets), now=soon)
        resign_due(now=now + 370 * DAY)
        assert not node.refresh(places.file, now=now + 370 * DAY)
        assert node.policy == policy


def test_files_are_whole_or_absent(
    ceremony: Ceremony, db: None, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes after each file in turn: a node always sees the old or the new policy."""
    from vang.trust import publishing

    old = ceremony.publish(now)
    payload = bytes(make_policy(now=now + DAY).payload)
    offer = Offer((), ceremony.targets(payload, now, *ceremony.signers(0, 1)), payload)
    real = publishing.write_atomic
    for survivors in range(5):
        left = survivors

        def failing(path: Path, content: bytes) -> None:
            nonlocal left
            if left == 0:
                raise OSError("no power")
            left -= 1
            real(path, content)

        monkeypatch.setattr(publishing, "write_atomic", failing)
        try:
            publish_and_note(offer, now=now + timedelta(hours=1))
        except OSError:
            node = a_node(tmp_path / f"node-{survivors}")
            assert node.refresh(places.file, now=now + timedelta(hours=1))
            assert node.policy == old
        else:
            break
        monkeypatch.setattr(publishing, "write_atomic", real)
    assert survivors == 4
    node = a_node(tmp_path / "after")
    assert node.refresh(places.file, now=now + timedelta(hours=1))
    assert node.policy is not None
    assert node.policy.version == old.version + 1
