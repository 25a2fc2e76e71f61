"""What a policy lets people order: grants, and the templates that two approved beforehand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from vang_protocol import fields
from vang_protocol.commands import Kind, Mode, Named
from vang_protocol.instants import format_instant
from vang_protocol.limits import DAY_MS, POLICY_AREAS, POLICY_GRANTS, SEQUENCE, VOLUME_FLOOR_DB
from vang_protocol.plans import Priority

MOST_THRESHOLD = 5
ALONE_MS = 180_000
"""What one person alone may let sound from a template that two approved: three minutes."""

E = TypeVar("E", bound=Enum)


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


def parse_grant(value: Any) -> Grant:
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


def parse_approved(value: Any) -> Approved:
    table = fields.table(value, "template", ("id", "version", "manifests", "max_play_ms"))
    manifests = fields.rows(table["manifests"], "template.manifests", POLICY_GRANTS)
    return Approved(
        _named({"id": table["id"], "version": table["version"]}),
        frozenset(fields.hexadecimal(one, "template.manifests", 32) for one in manifests),
        fields.whole(table["max_play_ms"], "template.max_play_ms", 1, DAY_MS),
    )


def grant_table(grant: Grant) -> dict[str, Any]:
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


def approved_table(approved: Approved) -> dict[str, Any]:
    return {
        "id": approved.template.id,
        "version": approved.template.version,
        "manifests": sorted(approved.manifests),
        "max_play_ms": approved.max_play_ms,
    }


def check_emergency(grant: Grant) -> None:
    """What is loudest needs two people, here and now or when its template was approved."""
    sounds = Kind.PLAY in grant.kinds and Priority.EMERGENCY in grant.priorities
    if sounds and Mode.ACTUAL in grant.modes and grant.threshold < 2 and grant.templates is None:
        fields.wrong("grants", f"{grant.id}: an emergency by one person needs its templates")
    if sounds and grant.threshold < 2 and grant.max_play_ms > ALONE_MS:
        fields.wrong("grants", f"{grant.id}: an emergency by one person takes 3 minutes at most")
