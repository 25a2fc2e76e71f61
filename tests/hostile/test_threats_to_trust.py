"""Attacks on keys, policy and journal; numbered as the threats are."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Targets

from tests.protocol.province import a_command, passkey, signed
from tests.trust.conftest import ask, keyed
from tests.trust.province import Ceremony, a_node
from vang.journal.chain import head, seal, verify
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust import folder as places
from vang.trust.metadata import new_snapshot, new_targets, new_timestamp, online_keyid, read_root
from vang.trust.metadata import signed as signed_part
from vang.trust.models import PersonKey, PolicyVersion
from vang.trust.online import online_signer
from vang.trust.publishing import Offer, publish_and_note
from vang.trust.services import make_policy
from vang_node.policy import PolicyStore
from vang_protocol.deciding import Listener, decide
from vang_protocol.policies import Policy
from vang_protocol.reasons import Reason, Refused
from vang_protocol.strict_json import digest

pytestmark = pytest.mark.usefixtures("data")


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "server"  # type: ignore[attr-defined]
    return tmp_path / "server"


@pytest.fixture
def province(
    data: Path, xa_a: Unit, binh: Person, hanh: Person, quan: Person, now: datetime
) -> Ceremony:
    """Bình and Hạnh have keys that count; the policy is in force."""
    for someone in (binh, hanh):
        keyed(someone, xa_a, quan, now)
    found = Ceremony(data / "holders")
    found.begin(now)
    found.publish(now)
    return found


@pytest.fixture
def node(province: Ceremony, tmp_path: Path, now: datetime) -> PolicyStore:
    found = a_node(tmp_path / "node")
    assert found.refresh(places.file, now=now)
    return found


def answer(policy: Policy | None, now: datetime, *people: str) -> str:
    """What the node says to an emergency that these people's passkeys signed."""
    times = {"issued": now, "not_before": now, "expires": now + timedelta(minutes=10)}
    envelope = signed(a_command(**times), *people)
    try:
        decide(envelope, Listener(unit="20662", cluster="c1", policy=policy, now=now))
    except Refused as refused:
        return refused.reason.value
    return "accepted"


@pytest.fixture(autouse=True)
def one_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """The passkeys of the tests belong to the site of the installation."""
    from tests.protocol.province import PARTY
    from vang.trust import deriving

    monkeypatch.setattr(deriving, "relying_party", lambda: PARTY)


def test_two_of_the_commune_are_obeyed(node: PolicyStore, now: datetime) -> None:
    assert answer(node.policy, now, "binh", "hanh") == "accepted"
    assert answer(node.policy, now, "binh") == Reason.TOO_FEW_PEOPLE.value


def test_a4_a_stolen_password_registers_a_key_that_counts_for_nothing(
    province: Ceremony, node: PolicyStore, xa_a: Unit, binh: Person, now: datetime
) -> None:
    ask(binh, xa_a, now, key=passkey("thief").key)
    province.publish(now + timedelta(minutes=1))
    node.refresh(places.file, now=now + timedelta(days=2))
    assert answer(node.policy, now + timedelta(days=2), "thief", "hanh") == "unknown-key"


def test_a6_rows_put_into_the_database_change_nothing_on_a_node(
    node: PolicyStore, binh: Person, quan: Person, now: datetime
) -> None:
    before = node.policy
    PersonKey.objects.create(
        person=binh, kind="webauthn-es256", public=passkey("thief").key.public,
        credential_id="x", relying_party="vang.example", use="actual", label="x",
        registered_at=now - timedelta(days=9), counts_from=now - timedelta(days=8),
        requested_by=binh, approved_by=quan, approved_at=now - timedelta(days=9),
    )  # fmt: skip
    forged = make_policy(now=now)
    PolicyVersion.objects.filter(pk=forged.pk).update(published_at=now)
    assert not node.refresh(places.file, now=now)
    assert node.policy == before
    assert answer(node.policy, now, "thief", "hanh") == "unknown-key"


def test_a2_the_servers_own_key_makes_no_policy(node: PolicyStore, now: datetime) -> None:
    """Whoever owns the server writes whatever into the folder, signed by all the keys there."""
    before = node.policy
    root = read_root(places.root_bytes() or b"")
    server = online_signer(online_keyid(root))
    payload = bytes(make_policy(now=now).payload)
    metadata, high = places.folder() / "metadata", 10**8
    (places.folder() / "targets" / f"{digest(payload)}.policy.json").write_bytes(payload)
    targets: Targets = new_targets(payload, version=2, now=now)
    (metadata / "2.targets.json").write_bytes(signed_part(targets, server))
    (metadata / f"{high}.snapshot.json").write_bytes(
        signed_part(new_snapshot(2, version=high, now=now), server)
    )
    (metadata / "timestamp.json").write_bytes(
        signed_part(new_timestamp(high, version=high, now=now), server)
    )
    with pytest.raises(Refused, match="policy-refused"):
        node.refresh(places.file, now=now)
    assert node.policy == before


def test_a17_an_old_folder_from_a_backup_is_refused(
    node: PolicyStore, province: Ceremony, tmp_path: Path, now: datetime
) -> None:
    shutil.copytree(places.folder(), tmp_path / "backup")
    payload, targets = _signed_again(province, now + timedelta(hours=1))
    node.refresh(places.file, now=now + timedelta(hours=1))
    shutil.rmtree(places.folder())
    shutil.copytree(tmp_path / "backup", places.folder())
    with pytest.raises(Refused):
        node.refresh(places.file, now=now + timedelta(hours=2))
    assert node.policy is not None
    assert node.policy.version == 2
    # What the holders keep on their stick is put in place again.
    publish_and_note(Offer((), targets, payload), now=now + timedelta(hours=3))
    assert not node.refresh(places.file, now=now + timedelta(hours=3))


def _signed_again(province: Ceremony, now: datetime) -> tuple[bytes, bytes]:
    """The second policy: its bytes, and the targets that name it."""
    payload = bytes(make_policy(now=now).payload)
    targets = province.targets(payload, now, *province.signers(0, 1))
    publish_and_note(Offer((), targets, payload), now=now)
    return payload, targets


def test_a19_one_key_is_one_person_whatever_the_kinds_are_called(
    province: Ceremony, xa_a: Unit, hanh: Person, now: datetime
) -> None:
    from tests.refusals import refused

    with refused("key-known"):
        ask(hanh, xa_a, now, key=passkey("binh").key)


def test_a21_an_edited_journal_is_found(province: Ceremony) -> None:
    seal()
    kept = head()
    row = Entry.objects.filter(action="key.approve").earliest("pk")
    Entry.objects.filter(pk=row.pk).update(action="key.revoke")
    assert [fault.kind for fault in verify([kept])] == ["changed"]
