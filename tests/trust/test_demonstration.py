"""A demonstration signs for itself, and says so; an installation in earnest never does."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.trust.province import Ceremony, a_node
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.trust import folder as places
from vang.trust.demonstration import _missing_keys, demonstration_signer, renew_due
from vang.trust.models import PersonKey
from vang.trust.publishing import Offer, publish_and_note, resign_due
from vang.trust.queries import current_policy, signers_of
from vang.trust.refusing import TrustRefused
from vang.trust.services import make_policy, revoke_key


def test_it_begins_by_itself(
    demonstration: Path, binh: Person, hanh: Person, an: Person, tmp_path: Path, now: datetime
) -> None:
    assert renew_due(now=now) == 1
    policy = current_policy()
    assert policy is not None
    assert policy.demonstration
    assert {one.id for one in policy.grants} >= {"20662-emergency", "20662-silence"}
    node = a_node(tmp_path / "node")
    assert node.refresh(places.file, now=now)
    keys = list((demonstration / "demo-keys").iterdir())
    assert len(keys) == 7, "three holders, two signers of software, two people; An only writes"
    assert {stat.S_IMODE(one.stat().st_mode) for one in keys} == {0o600}
    assert renew_due(now=now) == 0
    signer = demonstration_signer(binh)
    assert signer is not None
    assert [one.public for one in signers_of(binh)] == [signer.public.public]
    assert demonstration_signer(an) is None


def test_it_follows_the_roles(
    demonstration: Path, xa_a: Unit, binh: Person, hanh: Person, an: Person, now: datetime
) -> None:
    renew_due(now=now)
    Membership.objects.create(person=an, unit=xa_a, role="APPROVER", valid_from=now.date())
    assert renew_due(now=now) == 1
    policy = current_policy()
    assert policy is not None
    assert (policy.version, len(policy.keys)) == (2, 3)
    hanh.memberships.update(valid_to=now.date())
    assert renew_due(now=now) == 1
    policy = current_policy()
    assert policy is not None
    assert f"person-{hanh.pk}" not in {one.person for one in policy.persons}


def test_a_revoked_key_is_gone_for_good(
    demonstration: Path, binh: Person, hanh: Person, now: datetime
) -> None:
    renew_due(now=now)
    revoke_key(key=binh.keys.get(), by=binh, unit=None, now=now)
    assert demonstration_signer(binh) is None
    assert renew_due(now=now) == 1
    assert renew_due(now=now) == 0
    assert signers_of(binh) == []


def test_it_outlives_its_years(
    demonstration: Path, binh: Person, hanh: Person, tmp_path: Path, now: datetime
) -> None:
    renew_due(now=now)
    node = a_node(tmp_path / "node")
    for months in range(1, 40):
        moment = now + months * timedelta(days=30)
        renew_due(now=moment)
        resign_due(now=moment)
    assert node.refresh(places.file, now=now + 39 * timedelta(days=30))


def test_in_earnest_nothing_is_made(data: Path, binh: Person, now: datetime) -> None:
    assert renew_due(now=now) == 0
    assert list(data.iterdir()) == []
    assert demonstration_signer(binh) is None
    assert not PersonKey.objects.exists()


def test_what_was_a_demonstration_is_none_any_more(
    demonstration: Path, binh: Person, hanh: Person, now: datetime
) -> None:
    renew_due(now=now)
    (demonstration / "demonstration").unlink()
    assert demonstration_signer(binh) is None
    assert renew_due(now=now) == 0


def test_a_policy_with_software_keys_is_refused_in_earnest(
    demonstration: Path, binh: Person, hanh: Person, now: datetime
) -> None:
    ceremony = Ceremony(demonstration / "holders")
    ceremony.begin(now)
    _missing_keys(now)
    payload = bytes(make_policy(now=now).payload)
    (demonstration / "demonstration").unlink()
    offer = Offer((), ceremony.targets(payload, now, *ceremony.signers(0, 1)), payload)
    with pytest.raises(TrustRefused) as no:
        publish_and_note(offer, now=now)
    assert no.value.code == "demonstration"
    assert current_policy() is None
