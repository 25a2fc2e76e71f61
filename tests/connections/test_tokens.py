"""Only a token in force lets a system in, and only as far as its scopes and its unit go."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.connections.conftest import EVERYTHING, System, error_of, narrowed
from vang.base.clock import ManualClock
from vang.base.refusals import Refusal
from vang.connections.models import AccessToken
from vang.connections.services import Issued, hash_of, issue_token, revoke_token
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person

LISTS = {
    "bulletins": "bulletins:read",
    "editions": "bulletins:read",
    "schedule": "schedule:read",
    "as-run": "as-run:read",
    "nodes": "nodes:read",
}


def test_secret_is_kept_as_a_hash_alone(issued: Issued) -> None:
    assert issued.secret.startswith("vang_")
    assert issued.token.token_hash == hash_of(issued.secret)
    row = AccessToken.objects.values().get()
    assert issued.secret not in str(row)
    assert Entry.objects.filter(action="token.issue").count() == 1
    assert issued.secret not in str(Entry.objects.values().get())


def test_token_in_force_lets_in_and_is_remembered(system: System, hand: ManualClock) -> None:
    assert system.get("units").status_code == 200
    assert AccessToken.objects.get().used_at == hand.now()


@pytest.mark.parametrize("secret", ["", "vang_" + "x" * 43, "Bearer", "vang_\u00e9"])
def test_stranger_is_refused(client: Client, hand: ManualClock, db: None, secret: str) -> None:
    answer = System(secret, client).get("units")
    assert answer.status_code == 401
    assert error_of(answer) == "token-unknown"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_ended_token_is_refused(system: System, hand: ManualClock) -> None:
    assert system.get("units").status_code == 200
    hand.set(hand.now() + timedelta(days=30))
    assert system.get("units").status_code == 401


def test_revoked_token_is_refused(system: System, issued: Issued, mai: Person) -> None:
    assert system.get("units").status_code == 200
    now = issued.token.created_at
    revoke_token(token=issued.token, by=mai, now=now)
    revoke_token(token=issued.token, by=mai, now=now)
    assert system.get("units").status_code == 401
    assert Entry.objects.filter(action="token.revoke").count() == 1


def test_token_ends_with_the_account_that_made_it(system: System, mai: Person) -> None:
    assert system.get("units").status_code == 200
    mai.is_active = False
    mai.save()
    assert system.get("units").status_code == 401


@pytest.mark.parametrize("path", LISTS)
def test_each_list_asks_for_its_scope(system: System, issued: Issued, path: str) -> None:
    assert system.get(path).status_code == 200
    narrowed(issued.token, *(set(EVERYTHING) - {LISTS[path]}))
    answer = system.get(path)
    assert (answer.status_code, error_of(answer)) == (403, "scope-missing")


@pytest.mark.parametrize("path", LISTS)
def test_another_commune_is_not_found(system: System, xa_b: Unit, path: str) -> None:
    assert system.get(path, unit="20662").status_code == 200
    assert system.get(path, unit=xa_b.code).status_code == 404


def test_district_token_reaches_its_communes(
    district: Unit, xa_a: Unit, xa_b: Unit, client: Client, hand: ManualClock
) -> None:
    from tests.conftest import person

    lan = person("lan", "Bùi Thị Lan", district, "ADMINISTRATOR")
    made = issue_token(
        unit=district, name="Tỉnh", scopes=EVERYTHING, days=1, by=lan, now=hand.now()
    )
    system = System(made.secret, client)
    codes = [unit["code"] for unit in system.get("units").json()["items"]]
    assert codes == [xa_a.code, xa_b.code, district.code]
    assert system.get("schedule", unit=xa_b.code).status_code == 200


def test_flood_is_slowed_down(system: System, client: Client, hand: ManualClock) -> None:
    answers = [system.get("units").status_code for _ in range(301)]
    assert answers == [200] * 300 + [429]
    hand.set(hand.now() + timedelta(seconds=1))
    assert system.get("units").status_code == 200


def test_guessing_is_slowed_down(client: Client, hand: ManualClock, db: None) -> None:
    answers = [System(f"vang_{n}", client).get("units").status_code for n in range(21)]
    assert answers == [401] * 20 + [429]


def test_only_an_administrator_makes_tokens(
    xa_a: Unit, an: Person, chi: Person, mai: Person, hand: ManualClock
) -> None:
    for stranger in (an, chi):
        with pytest.raises(Refusal) as no:
            issue_token(unit=xa_a, name="X", scopes=EVERYTHING, days=1, by=stranger, now=hand.now())
        assert no.value.code == "not-allowed"
    assert issue_token(unit=xa_a, name="X", scopes=EVERYTHING, days=1, by=mai, now=hand.now())


@pytest.mark.parametrize(
    ("name", "scopes", "days", "code"),
    [
        ("  ", EVERYTHING, 1, "token-name"),
        ("x" * 81, EVERYTHING, 1, "token-name"),
        ("X", (), 1, "token-scopes"),
        ("X", ("everything",), 1, "token-scopes"),
        ("X", EVERYTHING, 0, "token-days"),
        ("X", EVERYTHING, 732, "token-days"),
    ],
)
def test_unfit_token_is_refused(
    xa_a: Unit,
    mai: Person,
    hand: ManualClock,
    name: str,
    scopes: tuple[str, ...],
    days: int,
    code: str,
) -> None:
    with pytest.raises(Refusal) as no:
        issue_token(unit=xa_a, name=name, scopes=scopes, days=days, by=mai, now=hand.now())
    assert no.value.code == code
