"""The policy as it follows from people's roles and keys. Nobody types a policy.

Of each commune, district and province: its leaders and approvers may order for the communes at or
below it, two together; leaders above may stand in as the second. Who has no key is not named.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vang.base.clock import local_date
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, valid_on
from vang.people.access import DECIDE, Role
from vang.people.models import Membership
from vang.trust.addresses import addresses
from vang.trust.epochs import FIRST, epochs
from vang.trust.models import PersonKey
from vang.trust.queries import identity, relying_party, usable_keys
from vang.trust.speakers import Speaker, permitted_speakers
from vang.trust.templates import OfUnit, approved_templates
from vang_protocol.commands import LIVE_MS, Kind, Mode
from vang_protocol.grants import ALONE_MS, Grant
from vang_protocol.plans import Priority
from vang_protocol.policies import Grace, Human, Key, Policy, Use, encode_policy

LASTS = timedelta(days=365)
GRACE = Grace(routine=timedelta(days=14), emergency=timedelta(days=180))
TOGETHER = 2
EMERGENCY_MS = 15 * 60 * 1000
DRILL_MS, DRILL_DB = 5 * 60 * 1000, -10
_TERRITORIES = (Unit.Level.PROVINCE, Unit.Level.DISTRICT, Unit.Level.COMMUNE)
_EVERY = frozenset(Priority)


@dataclass(frozen=True)
class _Office:
    """Who decides for a unit: ``own`` its leaders and approvers, ``duty`` the leaders above.

    ``line``: codes of the unit and of those above it.
    """

    code: str
    line: frozenset[str]
    communes: frozenset[str]
    own: frozenset[int]
    duty: frozenset[int]


def derived_policy(*, number: int, now: datetime, demonstration: bool) -> Policy:
    """The policy as of now, in the one order that makes equal policies equal bytes."""
    keys = list(usable_keys(demonstration=demonstration))
    held = {one.person_id for one in keys}
    offices, homes = _offices(held, now)
    speakers = [one for one in permitted_speakers(now) if one.person in held and one.clusters]
    named = {pk for office in offices for pk in office.own | office.duty}
    named |= {one.person for one in speakers}
    homes = {one.person: one.unit for one in speakers} | homes
    keys = [one for one in keys if one.person_id in named]
    people = {one.person_id: one.person for one in keys}
    templates = approved_templates(now)
    grants = [grant for office in offices for grant in _grants(office, keys, templates)]
    grants += [_speaking(one) for one in speakers if _has_real_key(one, keys)]
    told = epochs()
    issuers = sorted({grant.issuer for grant in grants})
    return Policy(
        version=number,
        issued=now,
        expires=now + LASTS,
        grace=GRACE,
        demonstration=demonstration,
        party=relying_party(),
        persons=tuple(
            Human(identity(person), person.full_name, homes[pk])
            for pk, person in sorted(people.items())
        ),
        keys=tuple(_key(one) for one in keys),
        grants=tuple(grants),
        epochs=tuple((code, told.get(code, FIRST)) for code in issuers),
        templates=tuple(
            sorted(
                {approved for _unit, approved in templates},
                key=lambda one: (one.template.id, one.template.version),
            )
        ),
    )


def says_the_same(one: Policy, other: Policy) -> bool:
    """Whether both name the same people, keys, grants and templates, whatever their dates."""
    same = replace(one, version=other.version, issued=other.issued, expires=other.expires)
    return encode_policy(same) == encode_policy(other)


def _offices(held: Collection[int], now: datetime) -> tuple[list[_Office], dict[int, str]]:
    """Offices in the order of their codes, and where each person is at home."""
    today = local_date(now)
    units = {
        unit.pk: unit
        for unit in Unit.objects.filter(valid_on(today), level__in=_TERRITORIES).order_by("code")
    }
    for unit in units.values():
        unit.parent = units.get(unit.parent_id or 0)
    deciders: dict[int, set[int]] = {}
    leaders: dict[int, set[int]] = {}
    homes: dict[int, str] = {}
    rows = Membership.objects.filter(
        valid_on(today), unit__in=units, role__in=DECIDE, person__in=held, person__is_active=True
    )
    for person, unit_pk, role in rows.order_by("unit__code", "pk").values_list(
        "person", "unit", "role"
    ):
        deciders.setdefault(unit_pk, set()).add(person)
        homes.setdefault(person, units[unit_pk].code)
        if role == Role.LEADER:
            leaders.setdefault(unit_pk, set()).add(person)
    communes: dict[int, set[str]] = {}
    known = addresses()
    for unit in units.values():
        if unit.level == Unit.Level.COMMUNE:
            for one in ancestors(unit):
                communes.setdefault(one.pk, set()).update({unit.code, *known.get(unit.pk, ())})
    return [
        _Office(
            unit.code,
            frozenset(one.code for one in ancestors(unit)),
            frozenset(communes[unit.pk]),
            frozenset(deciders.get(unit.pk, ())),
            frozenset(pk for one in ancestors(unit)[1:] for pk in leaders.get(one.pk, ())),
        )
        for unit in units.values()
        if unit.pk in communes and (unit.pk in deciders or unit.level == Unit.Level.COMMUNE)
    ], homes


def _grants(
    office: _Office, keys: Iterable[PersonKey], templates: Iterable[OfUnit]
) -> Iterator[Grant]:
    """What the office's people may order; nothing that could never be fulfilled."""
    real = {one.person_id for one in keys if one.use == PersonKey.Use.ACTUAL}
    everybody = office.own | office.duty
    if len(everybody & real) >= TOGETHER:
        yield _grant(office, "emergency", everybody & real, TOGETHER, EMERGENCY_MS)
    if len(everybody) >= TOGETHER:
        drill = _grant(office, "drill", everybody, TOGETHER, DRILL_MS)
        yield replace(
            drill, modes=frozenset({Mode.TEST, Mode.EXERCISE}), ceiling_db=DRILL_DB,
            priorities=_EVERY,
        )  # fmt: skip
    if everybody:
        silence = _grant(office, "silence", everybody, 1, 0)
        yield replace(
            silence, kinds=frozenset({Kind.CANCEL, Kind.STOP}), modes=frozenset(Mode),
            priorities=_EVERY,
        )  # fmt: skip
        yield replace(
            silence, id=f"{office.code}-link-test", kinds=frozenset({Kind.LINK_TEST}),
            modes=frozenset({Mode.TEST}), priorities=_EVERY,
        )  # fmt: skip
    if office.own & real:
        voice = _grant(office, "live", office.own & real, 1, LIVE_MS)
        yield replace(
            voice, kinds=frozenset({Kind.OPEN_LIVE}), priorities=frozenset({Priority.PRIORITY})
        )
    ready = frozenset(approved.template for code, approved in templates if code in office.line)
    if ready and office.own & real:
        alone = _grant(office, "alone", office.own & real, 1, ALONE_MS)
        yield replace(alone, templates=ready)


def _grant(
    office: _Office, name: str, persons: frozenset[int], threshold: int, most_ms: int
) -> Grant:
    """Sound in earnest, by the people given."""
    return Grant(
        id=f"{office.code}-{name}",
        issuer=office.code,
        communes=office.communes,
        kinds=frozenset({Kind.PLAY}),
        modes=frozenset({Mode.ACTUAL}),
        priorities=frozenset({Priority.EMERGENCY}),
        persons=frozenset(f"person-{pk}" for pk in persons),
        threshold=threshold,
        max_play_ms=most_ms,
        ceiling_db=0,
    )


def _has_real_key(speaker: Speaker, keys: Iterable[PersonKey]) -> bool:
    real = {one.person_id for one in keys if one.use == PersonKey.Use.ACTUAL}
    return speaker.person in real


def _speaking(speaker: Speaker) -> Grant:
    """One person, some loudspeakers, until a day."""
    return Grant(
        id=f"{speaker.unit}-speak-{speaker.key}",
        issuer=speaker.unit,
        communes=frozenset(unit for unit, _cluster in speaker.clusters),
        kinds=frozenset({Kind.OPEN_LIVE}),
        modes=frozenset({Mode.ACTUAL}),
        priorities=frozenset({Priority.PRIORITY}),
        persons=frozenset({f"person-{speaker.person}"}),
        threshold=1,
        max_play_ms=LIVE_MS,
        ceiling_db=0,
        clusters=speaker.clusters,
        until=speaker.until,
    )


def _key(row: PersonKey) -> Key:
    return Key(
        person=identity(row.person),
        key=row.key,
        use=Use(row.use),
        since=row.registered_at,
        counts_from=row.counts_from,
    )
