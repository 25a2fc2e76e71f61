"""What a new policy changes, in sentences that a holder can read before signing. Pure."""

from collections.abc import Iterator

from vang_protocol.grants import Grant
from vang_protocol.policies import Key, Policy


def differences(old: Policy | None, new: Policy) -> list[str]:
    """Every difference that matters to who may order what; empty: none."""
    return list(_differences(old, new))


def _differences(old: Policy | None, new: Policy) -> Iterator[str]:
    yield from _people(old, new)
    yield from _keys(old, new)
    yield from _grants(old, new)
    yield from _templates(old, new)
    before = dict(old.epochs) if old else {}
    for issuer, epoch in new.epochs:
        if issuer in before and before[issuer] != epoch:
            yield f"~ epoch of {issuer}: {before[issuer]} -> {epoch}"
    if old is not None and old.party != new.party:
        yield f"~ site of passkeys: {_party(old)} -> {_party(new)}"
    if old is not None and old.grace != new.grace:
        yield f"~ grace: {old.grace} -> {new.grace}"
    if new.demonstration and not (old and old.demonstration):
        yield "! a demonstration: keys in files count"


def _people(old: Policy | None, new: Policy) -> Iterator[str]:
    before = {one.person: one for one in old.persons} if old else {}
    after = {one.person: one for one in new.persons}
    for person, one in after.items():
        if person not in before:
            yield f"+ person {one.name} ({person}, {one.office})"
        elif before[person] != one:
            was = before[person]
            yield f"~ person {person}: {was.name}, {was.office} -> {one.name}, {one.office}"
    for person, one in before.items():
        if person not in after:
            yield f"- person {one.name} ({person}, {one.office})"


def _keys(old: Policy | None, new: Policy) -> Iterator[str]:
    before = {one.key.keyid: one for one in old.keys} if old else {}
    after = {one.key.keyid: one for one in new.keys}
    names = {one.person: one.name for policy in (old, new) if policy for one in policy.persons}
    for keyid, one in after.items():
        if keyid not in before:
            since = f"{one.counts_from:%d/%m/%Y %H:%M} UTC"
            yield f"+ key {_key(one, names)}, for emergencies from {since}"
        elif before[keyid] != one:
            yield f"~ key {_key(before[keyid], names)} -> {_key(one, names)}"
    for keyid, one in before.items():
        if keyid not in after:
            yield f"- key {_key(one, names)}"


def _key(key: Key, names: dict[str, str]) -> str:
    name = names.get(key.person, key.person)
    return f"{key.key.keyid[:16]} of {name} ({key.key.kind.value}, {key.use.value})"


def _grants(old: Policy | None, new: Policy) -> Iterator[str]:
    before = {one.id: one for one in old.grants} if old else {}
    after = {one.id: one for one in new.grants}
    for name, one in after.items():
        if name not in before:
            yield f"+ grant {_grant(one)}"
        elif before[name] != one:
            yield f"~ grant {_grant(before[name])} -> {_grant(one)}"
    for name in before:
        if name not in after:
            yield f"- grant {name}"


def _grant(grant: Grant) -> str:
    kinds = "+".join(sorted(one.value for one in grant.kinds))
    modes = "+".join(sorted(one.value for one in grant.modes))
    people = ", ".join(sorted(grant.persons))
    bound = "" if grant.templates is None else f", {len(grant.templates)} templates only"
    return (
        f"{grant.id}: {kinds} ({modes}), {grant.threshold} of [{people}],"
        f" {len(grant.communes)} communes, {grant.max_play_ms // 1000} s,"
        f" {grant.ceiling_db} dB{bound}"
    )


def _templates(old: Policy | None, new: Policy) -> Iterator[str]:
    before = {one.template: one for one in old.templates} if old else {}
    after = {one.template: one for one in new.templates}
    for name, approved in after.items():
        if before.get(name) != approved:
            yield f"+ template {name.id} version {name.version}"
    for name in before:
        if name not in after:
            yield f"- template {name.id} version {name.version}"


def _party(policy: Policy) -> str:
    return "none" if policy.party is None else f"{policy.party.id} {list(policy.party.origins)}"
