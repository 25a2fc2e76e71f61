"""A demonstration signs for itself: three holders of the root and everybody's keys lie as files on
the server, and everybody can see that they do. No installation in earnest has any of this.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

from vang.base.clock import local_date
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import DECIDE
from vang.people.models import Membership, Person
from vang.trust import folder as places
from vang.trust.deriving import derived_policy, says_the_same
from vang.trust.metadata import (
    HOLDERS,
    THRESHOLD,
    first_root,
    new_targets,
    next_root,
    read_root,
    signed,
)
from vang.trust.models import PersonKey
from vang.trust.online import new_online_key
from vang.trust.publishing import Offer, publish_and_note
from vang.trust.queries import current_policy, identity, is_demonstration
from vang.trust.services import make_policy, register_key
from vang.trust.signers import Holder, make_key, read_key
from vang.trust.software import named_signers, signers, take_in_signer
from vang.trust.speakers import permitted_speakers
from vang_protocol.envelopes import SigningKey
from vang_protocol.personal_keys import KeyKind, PersonalKey
from vang_protocol.releases import FEWEST_SIGNERS

_SOON = timedelta(days=60)


def demonstration_signer(person: Person) -> SigningKey | None:
    """The person's software key; None for an installation in earnest, and once it is revoked."""
    path = _person_path(person)
    if not is_demonstration() or not path.is_file():
        return None
    key = SigningKey.from_pem(path.read_bytes())
    held = PersonKey.objects.filter(person=person, public=key.public.public, revoked_at=None)
    return key if held.exists() else None


def renew_due(*, now: datetime) -> int:
    """Keys, root and policy follow the people's roles by themselves. 1 when anything was made."""
    if not is_demonstration():
        return 0
    made = _missing_keys(now)
    content = places.root_bytes()
    if content is None:
        _begin(now)
        return 1
    standing = current_policy()
    wanted = derived_policy(number=1, now=now, demonstration=True)
    same = standing is not None and says_the_same(wanted, standing)
    same = same and {one.keyid for one in _software()} == named_signers()
    if same and standing is not None and standing.expires > now + _SOON:
        return made
    _publish(now)
    return 1


def _publish(now: datetime) -> None:
    """The policy as it is now, and the root once more when its year is nearly over."""
    row = make_policy(now=now)
    payload, holders = bytes(row.payload), _signers()
    version = places.newest_version(places.folder(), "targets") + 1
    part = new_targets(payload, version=version, now=now, software=_software())
    targets = signed(part, *holders)
    root = read_root(places.root_bytes() or b"")
    roots: tuple[bytes, ...] = ()
    if root.expires < now + _SOON:
        roots = (signed(next_root(root, now=now), *holders),)
    publish_and_note(Offer(roots, targets, payload), now=now)


def _begin(now: datetime) -> None:
    holders = [
        Holder(f"Trình diễn {number}", _holder_public(number)) for number in range(1, HOLDERS + 1)
    ]
    root = first_root(holders, new_online_key(), now=now)
    publish_and_note(Offer((signed(root, *_signers()),)), now=now)
    _publish(now)


def _signers() -> list[CryptoSigner]:
    return [read_key(_holder_path(number), None) for number in range(1, THRESHOLD + 1)]


def software_signers() -> list[CryptoSigner]:
    """Whoever vouches for releases of the demonstration."""
    if not is_demonstration():
        return []
    return [read_key(path, None) for path in _software_paths()]


def _software() -> list[Holder]:
    """Two signers of software, made when they are not there yet."""
    for number, path in enumerate(_software_paths(), start=1):
        public = _public_of(path) if path.is_file() else make_key(path, None)
        holder = Holder(f"Phần mềm {number}", public)
        if holder.keyid not in {one.keyid for one in signers()}:
            take_in_signer(holder)
    return signers()


def _software_paths() -> list[Path]:
    return [_keys() / f"software-{number}.key" for number in range(1, FEWEST_SIGNERS + 1)]


def _holder_public(number: int) -> str:
    path = _holder_path(number)
    return _public_of(path) if path.is_file() else make_key(path, None)


def _public_of(path: Path) -> str:
    return SigningKey.from_pem(path.read_bytes()).public.public


def _missing_keys(now: datetime) -> int:
    """Whoever leads or approves for a territory, or may speak live, has a key; how many were
    made."""
    today = local_date(now)
    territories = (Unit.Level.PROVINCE, Unit.Level.DISTRICT, Unit.Level.COMMUNE)
    held = Membership.objects.filter(
        valid_on(today), role__in=DECIDE, unit__level__in=territories, person__is_active=True
    )
    known = PersonKey.objects.filter(kind=PersonKey.Kind.ED25519).values("person")
    speaking = [one.person for one in permitted_speakers(now)]
    wanted = Q(pk__in=held.values("person")) | Q(pk__in=speaking, is_active=True)
    people = Person.objects.filter(wanted).exclude(pk__in=known)
    return len([_give_key(person, now) for person in people.order_by("pk")])


@transaction.atomic
def _give_key(person: Person, now: datetime) -> PersonKey:
    path = _person_path(person)
    public = _public_of(path) if path.is_file() else make_key(path, None)
    return register_key(
        person=person,
        key=PersonalKey(KeyKind.ED25519, public),
        credential_id="",
        relying_party="",
        use=PersonKey.Use.ACTUAL,
        label="Khóa phần mềm (trình diễn)",
        by=person,
        unit=None,
        now=now,
    )


def _person_path(person: Person) -> Path:
    return _keys() / f"{identity(person)}.key"


def _holder_path(number: int) -> Path:
    return _keys() / f"root-{number}.key"


def _keys() -> Path:
    found: Path = settings.DATA / "demo-keys"
    return found
