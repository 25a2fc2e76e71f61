"""What other rooms ask about keys and the policy."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet, Subquery

from vang.journal.chain import head
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust.folder import file, folder, newest_version
from vang.trust.metadata import read
from vang.trust.models import PersonKey, PolicyVersion
from vang_protocol.personal_keys import RelyingParty
from vang_protocol.policies import Policy, parse_policy
from vang_protocol.provinces import TARGET


def is_demonstration() -> bool:
    """Whether software keys count here."""
    return (Path(settings.DATA) / "demonstration").exists()


def relying_party() -> RelyingParty:
    """The site whose passkeys count. A number is no name: this computer is called localhost."""
    address = urlsplit(settings.ENVIRONMENT.address)
    host = address.hostname or "localhost"
    if _is_number(host):
        host = "localhost"
    port = f":{address.port}" if address.port else ""
    return RelyingParty(host, (f"{address.scheme}://{host}{port}",))


def moved_away() -> str:
    """A sentence for whoever starts this installation when its address is not the one whose
    passkeys the policy in force counts; "" when all is well. A demonstration signs anew itself."""
    policy = current_policy()
    here = relying_party()
    if policy is None or policy.demonstration or policy.party in {None, here}:
        return ""
    there = ", ".join(policy.party.origins) if policy.party else ""
    return (
        f"VANG_ADDRESS is {here.origins[0]}, but the policy in force counts passkeys of {there} "
        "only: nobody could sign an emergency here. Set VANG_ADDRESS back, or let everybody "
        "register a key at the new address and sign the next policy (vang keys policy)."
    )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def identity(person: Person) -> str:
    """As the policy and the nodes call the person: one account is one human being."""
    return f"person-{person.pk}"


def usable_keys(*, demonstration: bool) -> QuerySet[PersonKey]:
    """Keys that a policy made now would name."""
    confirmed = Q(approved_at__isnull=False) & ~Q(kind=PersonKey.Kind.ED25519)
    software = Q(kind=PersonKey.Kind.ED25519)
    wanted = confirmed | software if demonstration else confirmed
    found = PersonKey.objects.filter(wanted, revoked_at=None, person__is_active=True)
    return found.select_related("person").order_by("person", "pk")


def published() -> PolicyVersion | None:
    return PolicyVersion.objects.filter(published_at__isnull=False).order_by("-number").first()


def current_policy() -> Policy | None:
    """The newest that nodes can fetch; None: no node obeys any command."""
    newest = PolicyVersion.objects.filter(published_at__isnull=False).order_by("-number")
    sha256 = newest.values_list("sha256", flat=True).first()
    return None if sha256 is None else _policy(sha256)


@lru_cache(maxsize=4)
def _policy(sha256: str) -> Policy:
    """Parsed once: its hash is its name."""
    row = PolicyVersion.objects.filter(sha256=sha256).order_by("-number").first()
    if row is None:
        raise LookupError(sha256)
    return parse_policy(bytes(row.payload))


def signers_of(person: Person) -> list[PersonKey]:
    """Keys with which the person can sign now: those that the published policy names."""
    policy = current_policy()
    if policy is None:
        return []
    named = {one.key.public for one in policy.keys}
    rows = PersonKey.objects.filter(person=person, revoked_at=None, public__in=named)
    return list(rows.order_by("pk"))


def hand_of(person: Person) -> tuple[Policy | None, list[PersonKey]]:
    """The policy in force, and those keys of the person that it names. One query."""
    newest = PolicyVersion.objects.filter(published_at__isnull=False).order_by("-number")
    me = Person.objects.filter(pk=person.pk).order_by("keys__pk")
    told = me.annotate(in_force=Subquery(newest.values("sha256")[:1]))
    rows = list(
        told.values_list(
            "in_force", "keys__kind", "keys__public", "keys__credential_id", "keys__revoked_at"
        )
    )
    sha256 = rows[0][0] if rows else None
    if sha256 is None:
        return None, []
    policy = _policy(sha256)
    named = {one.key.public for one in policy.keys}
    return policy, [
        PersonKey(person=person, kind=kind, public=public, credential_id=credential)
        for _sha256, kind, public, credential, revoked_at in rows
        if public in named and revoked_at is None
    ]


@dataclass(frozen=True)
class BeaconFacts:
    """What a beacon tells besides numbers. ``issuers``: codes of offices that may order here."""

    policy: int
    issuers: frozenset[str]
    log: tuple[int, str]


def beacon_facts(unit: Unit) -> BeaconFacts:
    """For a node of the commune ``unit``."""
    policy = current_policy()
    grants = policy.grants if policy else ()
    issuers = frozenset(one.issuer for one in grants if unit.code in one.communes)
    return BeaconFacts(policy.version if policy else 0, issuers, head())


def keys_of(person: Person) -> list[PersonKey]:
    """All that the person ever registered, the newest first."""
    found = PersonKey.objects.filter(person=person).select_related("approved_by", "requested_by")
    return list(found.order_by("-registered_at", "-pk"))


def next_number() -> int:
    """Higher than any that was made here or that nodes can fetch, should the database be older."""
    newest = PolicyVersion.objects.order_by("-number").values_list("number", flat=True).first()
    payload = published_payload()
    fetched = parse_policy(payload).version if payload is not None else 0
    return max(newest or 0, fetched) + 1


def published_payload() -> bytes | None:
    """The policy's bytes as nodes fetch them now."""
    version = newest_version(folder(), "targets")
    content = file(f"metadata/{version}.targets.json") if version else None
    if content is None:
        return None
    sha256 = read(content).signed.targets[TARGET].hashes["sha256"]
    return file(f"targets/{sha256}.policy.json")


def pending_policy() -> PolicyVersion | None:
    """Made after the newest published one, and waiting for signatures."""
    row = PolicyVersion.objects.order_by("-number").first()
    return row if row is not None and row.published_at is None else None


def counts_now(key: PersonKey, now: datetime) -> bool:
    return key.counts_from <= now
