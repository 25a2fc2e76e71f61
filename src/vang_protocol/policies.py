"""The signed policy: which person may order what, where, in which mode, and with how many others.

It travels as a target of a TUF repository (root 2 of 3, kept offline), so rollback, freezing and
mixing are TUF's to refuse; what the text itself must never say is refused here: one key under two
names, a threshold that counts nobody, a person who counts twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.commands import Named
from vang_protocol.grants import (
    Approved,
    Grant,
    approved_table,
    check_emergency,
    grant_table,
    parse_approved,
    parse_grant,
)
from vang_protocol.instants import format_instant
from vang_protocol.limits import (
    NAME_CHARS,
    POLICY_AREAS,
    POLICY_BYTES,
    POLICY_GRANTS,
    POLICY_KEYS,
    POLICY_PERSONS,
    SEQUENCE,
)
from vang_protocol.personal_keys import (
    KeyKind,
    PersonalKey,
    RelyingParty,
    parse_party,
    party_table,
)

MOST_GRACE_S = 366 * 24 * 3600


class Use(Enum):
    """For what a key was registered. A training key is never trusted with the real thing."""

    ACTUAL = "actual"
    TRAINING = "training"


@dataclass(frozen=True)
class Key:
    """A key of one person. ``counts_from``: before it, the key counts for no emergency."""

    person: str
    key: PersonalKey
    use: Use
    since: datetime
    counts_from: datetime


@dataclass(frozen=True)
class Human:
    """``person`` is the personnel record's, so that two accounts are still one person."""

    person: str
    name: str
    office: str


@dataclass(frozen=True)
class Grace:
    """How long after its end the policy still holds on a node that cannot fetch a newer one."""

    routine: timedelta
    emergency: timedelta


@dataclass(frozen=True)
class Policy:
    """``epochs``: the counter epoch that is valid for each issuer."""

    version: int
    issued: datetime
    expires: datetime
    grace: Grace
    demonstration: bool
    party: RelyingParty | None
    persons: tuple[Human, ...]
    keys: tuple[Key, ...]
    grants: tuple[Grant, ...]
    epochs: tuple[tuple[str, int], ...]
    templates: tuple[Approved, ...] = ()

    def epoch_of(self, issuer: str) -> int | None:
        return self._epoch_of.get(issuer)

    def key_named(self, keyid: str) -> Key | None:
        return self.keys_by_id.get(keyid)

    @cached_property
    def keys_by_id(self) -> dict[str, Key]:
        """A province has thousands of keys: their ids are reckoned once, not for each command."""
        return {one.key.keyid: one for one in self.keys}

    @cached_property
    def _epoch_of(self) -> dict[str, int]:
        return dict(self.epochs)

    def approved(self, template: Named) -> Approved | None:
        return next((one for one in self.templates if one.template == template), None)


_FIELDS = [
    "v",
    "version",
    "issued",
    "expires",
    "grace",
    "demonstration",
    "party",
    "persons",
    "keys",
    "grants",
    "epochs",
    "templates",
]


def encode_policy(policy: Policy) -> bytes:
    """The canonical bytes. Raises Refused for a policy that no node would take."""
    payload = strict_json.canonical(_table(policy))
    parse_policy(payload)
    return payload


def parse_policy(payload: bytes) -> Policy:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode_canonical(payload, limit=POLICY_BYTES)
    table = fields.table(value, "policy", _FIELDS)
    fields.version_one(table["v"], "v")
    policy = _policy(table)
    _check_people(policy)
    _check_grants(policy)
    return policy


def _policy(table: dict[str, Any]) -> Policy:
    epochs = fields.rows(table["epochs"], "epochs", POLICY_AREAS)
    return Policy(
        version=fields.whole(table["version"], "version", 1, SEQUENCE),
        issued=fields.instant(table["issued"], "issued"),
        expires=fields.instant(table["expires"], "expires"),
        grace=_grace(table["grace"]),
        demonstration=fields.truth(table["demonstration"], "demonstration"),
        party=fields.optional(table["party"], lambda value: parse_party(value, "party")),
        persons=tuple(map(_human, fields.rows(table["persons"], "persons", POLICY_PERSONS))),
        keys=tuple(map(_key, fields.rows(table["keys"], "keys", POLICY_KEYS))),
        grants=tuple(map(parse_grant, fields.rows(table["grants"], "grants", POLICY_GRANTS))),
        epochs=tuple(map(_epoch, epochs)),
        templates=tuple(
            map(parse_approved, fields.rows(table["templates"], "templates", POLICY_GRANTS))
        ),
    )


def _grace(value: Any) -> Grace:
    table = fields.table(value, "grace", ("routine_s", "emergency_s"))
    return Grace(*(_seconds(table[name], name) for name in ("routine_s", "emergency_s")))


def _seconds(value: Any, where: str) -> timedelta:
    return timedelta(seconds=fields.whole(value, where, 0, MOST_GRACE_S))


def _human(value: Any) -> Human:
    table = fields.table(value, "person", ("person", "name", "office"))
    return Human(
        fields.identifier(table["person"], "person"),
        fields.text(table["name"], "person.name", NAME_CHARS, 1),
        fields.identifier(table["office"], "person.office"),
    )


def _key(value: Any) -> Key:
    names = ("person", "kind", "public", "use", "since", "counts_from")
    table = fields.table(value, "key", names)
    return Key(
        person=fields.identifier(table["person"], "key.person"),
        key=PersonalKey(fields.choice(table["kind"], "key.kind", KeyKind), table["public"]),
        use=fields.choice(table["use"], "key.use", Use),
        since=fields.instant(table["since"], "key.since"),
        counts_from=fields.instant(table["counts_from"], "key.counts_from"),
    )


def _epoch(value: Any) -> tuple[str, int]:
    table = fields.table(value, "epoch", ("issuer", "epoch"))
    return (
        fields.identifier(table["issuer"], "epoch.issuer"),
        fields.whole(table["epoch"], "epoch.epoch", 1, SEQUENCE),
    )


def _check_people(policy: Policy) -> None:
    """Every key is one person's and nobody else's, whatever it is called."""
    if not policy.issued < policy.expires:
        fields.wrong("expires", "not after issued")
    persons = [one.person for one in policy.persons]
    _once(persons, "persons")
    _once([one.key.keyid for one in policy.keys], "keys")
    _once([issuer for issuer, _epoch in policy.epochs], "epochs")
    _once([one.template for one in policy.templates], "templates")
    for key in policy.keys:
        if key.person not in persons:
            fields.wrong("keys", f"of nobody: {key.person}")
        if key.key.kind is KeyKind.ED25519 and not policy.demonstration:
            fields.wrong("keys", "a key in a file counts in a demonstration only")


def _check_grants(policy: Policy) -> None:
    _once([one.id for one in policy.grants], "grants")
    persons = {one.person for one in policy.persons}
    issuers = {issuer for issuer, _epoch in policy.epochs}
    for grant in policy.grants:
        if not grant.persons <= persons:
            fields.wrong("grants", f"{grant.id} names somebody who is not in the policy")
        if grant.issuer not in issuers:
            fields.wrong("grants", f"{grant.id} has no epoch")
        if len(grant.persons) < grant.threshold:
            fields.wrong("grants", f"{grant.id} can never be fulfilled")
        check_emergency(grant)


def _once(values: Iterable[object], where: str) -> None:
    found = list(values)
    if len(set(found)) != len(found):
        fields.wrong(where, "one stands twice")


def _table(policy: Policy) -> dict[str, Any]:
    return {
        "v": 1,
        "version": policy.version,
        "issued": format_instant(policy.issued),
        "expires": format_instant(policy.expires),
        "grace": {
            "routine_s": int(policy.grace.routine.total_seconds()),
            "emergency_s": int(policy.grace.emergency.total_seconds()),
        },
        "demonstration": policy.demonstration,
        "party": policy.party and party_table(policy.party),
        "persons": [
            {"person": one.person, "name": one.name, "office": one.office} for one in policy.persons
        ],
        "keys": [_key_table(one) for one in policy.keys],
        "grants": [grant_table(one) for one in policy.grants],
        "epochs": [{"issuer": issuer, "epoch": epoch} for issuer, epoch in policy.epochs],
        "templates": [approved_table(one) for one in policy.templates],
    }


def _key_table(key: Key) -> dict[str, Any]:
    return {
        "person": key.person,
        "kind": key.key.kind.value,
        "public": key.key.public,
        "use": key.use.value,
        "since": format_instant(key.since),
        "counts_from": format_instant(key.counts_from),
    }
