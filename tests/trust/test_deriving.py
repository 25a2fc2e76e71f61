"""Who may order what follows from roles and keys alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.protocol.province import PARTY
from tests.trust.conftest import ask, keyed
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust import queries, templates
from vang.trust.deriving import derived_policy, says_the_same
from vang_protocol.commands import Kind, Mode, Named
from vang_protocol.grants import Approved, Grant
from vang_protocol.policies import Policy, encode_policy, parse_policy

pytestmark = pytest.mark.usefixtures("data")


def derive(now: datetime) -> Policy:
    policy = derived_policy(number=1, now=now, demonstration=False)
    assert parse_policy(encode_policy(policy)).version == 1
    return policy


def grants(now: datetime) -> dict[str, Grant]:
    return {one.id: one for one in derive(now).grants}


def named(*people: Person) -> set[str]:
    return {f"person-{one.pk}" for one in people}


def test_nobody_with_a_key_nothing_allowed(binh: Person, now: datetime) -> None:
    policy = derive(now)
    assert (policy.persons, policy.keys, policy.grants) == ((), (), ())


def test_two_of_the_commune_sound_the_alarm_one_makes_silence(
    xa_a: Unit, binh: Person, hanh: Person, quan: Person, now: datetime
) -> None:
    for someone in (binh, hanh):
        keyed(someone, xa_a, quan, now)
    found = grants(now)
    usual = {"20662-silence", "20662-link-test", "20662-live"}
    assert set(found) == {"20662-emergency", "20662-drill", *usual}
    alarm, drill, silence = (found[f"20662-{name}"] for name in ("emergency", "drill", "silence"))
    assert (alarm.threshold, alarm.persons, alarm.modes) == (2, named(binh, hanh), {Mode.ACTUAL})
    assert (drill.threshold, drill.ceiling_db, drill.max_play_ms) == (2, -10, 300_000)
    assert drill.modes == {Mode.TEST, Mode.EXERCISE}
    assert (silence.threshold, silence.kinds) == (1, {Kind.CANCEL, Kind.STOP})


def test_one_alone_makes_silence_and_speaks(
    xa_a: Unit, binh: Person, quan: Person, now: datetime
) -> None:
    keyed(binh, xa_a, quan, now)
    found = grants(now)
    assert set(found) == {"20662-silence", "20662-link-test", "20662-live"}
    voice = found["20662-live"]
    assert (voice.threshold, voice.kinds, voice.max_play_ms) == (1, {Kind.OPEN_LIVE}, 600_000)


def test_the_leader_above_is_the_second(
    xa_a: Unit, xa_b: Unit, district: Unit, binh: Person, quan: Person, quoc: Person, now: datetime
) -> None:
    keyed(binh, xa_a, quan, now)
    row = ask(quoc, district, now - timedelta(days=3))
    row.approved_by, row.approved_at = quan, now
    row.save()
    found = grants(now)
    assert found["20662-emergency"].persons == named(binh, quoc)
    assert "20683-emergency" not in found, "one duty officer alone is not two"
    assert found["509-silence"].communes == {"20662", "20683"}
    assert found["20683-silence"].persons == named(quoc)


def test_a_key_nobody_confirmed_or_that_ended_is_not_named(
    xa_a: Unit, binh: Person, hanh: Person, quan: Person, now: datetime
) -> None:
    ask(binh, xa_a, now)
    gone = keyed(hanh, xa_a, quan, now)
    gone.revoked_at = now
    gone.save()
    assert derive(now).keys == ()


def test_a_training_key_never_sounds_the_real_alarm(
    xa_a: Unit, binh: Person, hanh: Person, quan: Person, now: datetime
) -> None:
    keyed(binh, xa_a, quan, now)
    row = keyed(hanh, xa_a, quan, now)
    row.use = "training"
    row.save()
    found = grants(now)
    assert "20662-emergency" not in found
    assert found["20662-drill"].persons == named(binh, hanh)


def test_whoever_lost_the_role_is_not_named(
    xa_a: Unit, binh: Person, quan: Person, now: datetime
) -> None:
    keyed(binh, xa_a, quan, now)
    binh.memberships.update(valid_to=now.date())
    assert derive(now).persons == ()


def test_an_approved_template_may_be_used_alone(
    xa_a: Unit, binh: Person, quan: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed(binh, xa_a, quan, now)
    approved = Approved(Named("lu-quet", 2), frozenset({"ab" * 32}), 170_000)
    monkeypatch.setattr(templates, "_providers", [])
    of_the_district = Approved(Named("bao", 1), frozenset({"cd" * 32}), 90_000)
    elsewhere = Approved(Named("chay", 1), frozenset({"ef" * 32}), 90_000)
    kept = [("20662", approved), ("509", of_the_district), ("20683", elsewhere)]
    templates.provide(lambda _now: kept)
    policy = derive(now)
    alone = {one.id: one for one in policy.grants}["20662-alone"]
    assert (alone.threshold, alone.max_play_ms) == (1, 180_000)
    assert alone.templates == {Named("lu-quet", 2), Named("bao", 1)}
    assert policy.templates == (of_the_district, elsewhere, approved)


def test_the_same_people_make_the_same_policy(
    xa_a: Unit, binh: Person, hanh: Person, quan: Person, now: datetime, later: datetime
) -> None:
    for someone in (binh, hanh):
        keyed(someone, xa_a, quan, now)
    first = derive(now)
    assert says_the_same(replace(derive(later), version=2), first)
    binh.memberships.update(valid_to=now.date())
    assert not says_the_same(derive(later), first)


def test_an_installation_that_moved_says_at_start_that_nobody_could_sign(
    xa_a: Unit, binh: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = derive(now)
    monkeypatch.setattr(queries, "current_policy", lambda: standing)
    assert queries.moved_away() == ""
    elsewhere = replace(standing, party=PARTY)
    monkeypatch.setattr(queries, "current_policy", lambda: elsewhere)
    assert "counts passkeys of https://vang.example only" in queries.moved_away()
    monkeypatch.setattr(queries, "current_policy", lambda: replace(elsewhere, demonstration=True))
    assert queries.moved_away() == ""
