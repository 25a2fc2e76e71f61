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
from typing import Any, TypeVar

from vang_protocol import fields, strict_json
from vang_protocol.commands import Kind, Mode, Named
from vang_protocol.instants import format_instant
from vang_protocol.limits import (
    DAY_MS,
    NAME_CHARS,
    POLICY_AREAS,
    POLICY_BYTES,
    POLICY_GRANTS,
    POLICY_KEYS,
    POLICY_PERSONS,
    SEQUENCE,
    VOLUME_FLOOR_DB,
)
from vang_protocol.personal_keys import (
    KeyKind,
    PersonalKey,
    RelyingParty,
    parse_party,
    party_table,
)
from vang_protocol.plans import Priority

MOST_THRESHOLD = 5
MOST_GRACE_S = 366 * 24 * 3600
ALONE_MS = 180_000
"""What one person alone may let sound from a template that two approved: three minutes."""

E = TypeVar("E", bound=Enum)


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
class Grant:
    """``threshold`` distinct people of ``persons`` may together order this, in ``communes``.

    ``templates``: only sounds of these, approved beforehand by two; None: any. ``ceiling_db``:
    never louder.
    """

    id: str
    issuer: str
    communes: frozenset[str]
    kinds: frozenset[Kind]
    modes: frozenset[Mode]
    priorities: frozenset[Priority]
    persons: frozenset[str]
    threshold: int
    max_play_ms: int
    ceiling_db: int
    templates: frozenset[Named] | None = None
    clusters: frozenset[tuple[str, str]] | None = None
    """Only these, as (commune, cluster), and named one by one in the command; None: any."""
    until: datetime | None = None
    """Nothing that was issued from then on."""


@dataclass(frozen=True)
class Approved:
    """A template as two people approved it: its sound and how long it may take."""

    template: Named
    manifests: frozenset[str]
    max_play_ms: int


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
_GRANT = [
    "id",
    "issuer",
    "communes",
    "kinds",
    "modes",
    "priorities",
    "persons",
    "threshold",
    "max_play_ms",
    "ceiling_db",
    "templates",
]
_GRANT_LATER = ("clusters", "until")
"""Only where they are meant: a grant without them has the bytes it always had."""


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
        grants=tuple(map(_grant, fields.rows(table["grants"], "grants", POLICY_GRANTS))),
        epochs=tuple(map(_epoch, epochs)),
        templates=tuple(
            map(_approved, fields.rows(table["templates"], "templates", POLICY_GRANTS))
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


def _grant(value: Any) -> Grant:
    table = fields.table(value, "grant", _GRANT, _GRANT_LATER)
    return Grant(
        id=fields.identifier(table["id"], "grant.id"),
        issuer=fields.identifier(table["issuer"], "grant.issuer"),
        communes=_names(table["communes"], "grant.communes"),
        kinds=_choices(table["kinds"], "grant.kinds", Kind),
        modes=_choices(table["modes"], "grant.modes", Mode),
        priorities=_choices(table["priorities"], "grant.priorities", Priority),
        persons=_names(table["persons"], "grant.persons"),
        threshold=fields.whole(table["threshold"], "grant.threshold", 1, MOST_THRESHOLD),
        max_play_ms=fields.whole(table["max_play_ms"], "grant.max_play_ms", 0, DAY_MS),
        ceiling_db=fields.whole(table["ceiling_db"], "grant.ceiling_db", VOLUME_FLOOR_DB, 0),
        templates=fields.optional(table["templates"], _templates),
        clusters=_clusters(table["clusters"]) if "clusters" in table else None,
        until=fields.instant(table["until"], "grant.until") if "until" in table else None,
    )


def _clusters(value: Any) -> frozenset[tuple[str, str]]:
    found = [_pair(one) for one in fields.rows(value, "grant.clusters", POLICY_AREAS)]
    if not found or len(set(found)) != len(found):
        fields.wrong("grant.clusters", "empty, or one stands twice")
    return frozenset(found)


def _pair(value: Any) -> tuple[str, str]:
    pair = fields.rows(value, "grant.clusters", 2)
    if len(pair) != 2:
        fields.wrong("grant.clusters", "not a commune and a cluster")
    unit, cluster = (fields.identifier(one, "grant.clusters") for one in pair)
    return unit, cluster


def _names(value: Any, where: str) -> frozenset[str]:
    found = [fields.identifier(one, where) for one in fields.rows(value, where, POLICY_AREAS)]
    if not found or len(set(found)) != len(found):
        fields.wrong(where, "empty, or one stands twice")
    return frozenset(found)


def _choices(value: Any, where: str, kind: type[E]) -> frozenset[E]:
    found = [fields.choice(one, where, kind) for one in fields.rows(value, where, len(kind))]
    if not found:
        fields.wrong(where, "empty")
    return frozenset(found)


def _templates(value: Any) -> frozenset[Named]:
    return frozenset(map(_named, fields.rows(value, "grant.templates", POLICY_GRANTS)))


def _named(value: Any) -> Named:
    table = fields.table(value, "template", ("id", "version"))
    return Named(
        fields.identifier(table["id"], "template.id"),
        fields.whole(table["version"], "template.version", 1, SEQUENCE),
    )


def _epoch(value: Any) -> tuple[str, int]:
    table = fields.table(value, "epoch", ("issuer", "epoch"))
    return (
        fields.identifier(table["issuer"], "epoch.issuer"),
        fields.whole(table["epoch"], "epoch.epoch", 1, SEQUENCE),
    )


def _approved(value: Any) -> Approved:
    table = fields.table(value, "template", ("id", "version", "manifests", "max_play_ms"))
    manifests = fields.rows(table["manifests"], "template.manifests", POLICY_GRANTS)
    return Approved(
        _named({"id": table["id"], "version": table["version"]}),
        frozenset(fields.hexadecimal(one, "template.manifests", 32) for one in manifests),
        fields.whole(table["max_play_ms"], "template.max_play_ms", 1, DAY_MS),
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
        _check_emergency(grant)


def _check_emergency(grant: Grant) -> None:
    """What is loudest needs two people, here and now or when its template was approved."""
    sounds = Kind.PLAY in grant.kinds and Priority.EMERGENCY in grant.priorities
    if sounds and Mode.ACTUAL in grant.modes and grant.threshold < 2 and grant.templates is None:
        fields.wrong("grants", f"{grant.id}: an emergency by one person needs its templates")
    if sounds and grant.threshold < 2 and grant.max_play_ms > ALONE_MS:
        fields.wrong("grants", f"{grant.id}: an emergency by one person takes 3 minutes at most")


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
        "grants": [_grant_table(one) for one in policy.grants],
        "epochs": [{"issuer": issuer, "epoch": epoch} for issuer, epoch in policy.epochs],
        "templates": [_approved_table(one) for one in policy.templates],
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


def _grant_table(grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.id,
        "issuer": grant.issuer,
        "communes": sorted(grant.communes),
        "kinds": sorted(one.value for one in grant.kinds),
        "modes": sorted(one.value for one in grant.modes),
        "priorities": sorted(one.value for one in grant.priorities),
        "persons": sorted(grant.persons),
        "threshold": grant.threshold,
        "max_play_ms": grant.max_play_ms,
        "ceiling_db": grant.ceiling_db,
        "templates": None if grant.templates is None else _named_rows(grant.templates),
        **_later(grant),
    }


def _later(grant: Grant) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if grant.clusters is not None:
        told["clusters"] = [list(pair) for pair in sorted(grant.clusters)]
    if grant.until is not None:
        told["until"] = format_instant(grant.until)
    return told


def _named_rows(templates: Iterable[Named]) -> list[dict[str, Any]]:
    ordered = sorted(templates, key=lambda one: (one.id, one.version))
    return [{"id": one.id, "version": one.version} for one in ordered]


def _approved_table(approved: Approved) -> dict[str, Any]:
    return {
        "id": approved.template.id,
        "version": approved.template.version,
        "manifests": sorted(approved.manifests),
        "max_play_ms": approved.max_play_ms,
    }
