"""What an attacker at the pages can do: with a password, as one official, with a warning."""

import itertools
import time
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.alerts.office import Keeper, loudspeakers, sent, signed_by, submitted
from tests.cap.messages import EXAMPLES
from tests.cap.test_hostile import circle_of
from tests.conftest import SignedIn, person
from tests.people.test_delegations import terms
from tests.protocol.province import PARTY, a_command, passkey, signed
from tests.trust.conftest import keyed
from vang.alerts import services, trusting
from vang.alerts.models import Alert, Status
from vang.alerts.services import Proof
from vang.alerts.states import State
from vang.alerts.trusting import Kept
from vang.base.refusals import Refusal
from vang.channels.registry import channels
from vang.cli import main
from vang.dispatch.models import Command
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.people.services.delegating import delegate
from vang.trust import deriving
from vang.trust.deriving import derived_policy
from vang.upstream.models import Received
from vang_protocol.commands import Audience
from vang_protocol.deciding import Listener, decide
from vang_protocol.policies import Policy
from vang_protocol.reasons import Reason, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office_hours", "data")]


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def test_a4_whoever_has_only_the_password_drafts_and_signs_nothing(
    xa_a: Unit, an: Person, binh: Person, hanh: Person, signed_in: SignedIn, now: datetime
) -> None:
    """Bình's password opens every page of his; without his key no signature is his."""
    keeper = Keeper(xa_a, now)
    keeper.give_keys(binh, hanh)
    trusting.provide(keeper)
    loudspeakers(xa_a, now)
    thief = signed_in(binh)
    assert thief.get("/alerts/").status_code == 200
    alert = submitted(xa_a, an, now, Status.ACTUAL)
    order = services.open_order(alert=alert, by=binh, now=now)
    own = passkey("thief")
    for proof in (
        Proof(own.key.keyid, own.sign(b"whatever")),
        Proof(keeper.passkeys[binh.pk].key.keyid, own.sign(b"whatever")),
        Proof(keeper.passkeys[hanh.pk].key.keyid, b""),
    ):
        with pytest.raises(Refusal):
            services.sign(order=order, proof=proof, typed="que thuan", by=binh, now=now)
    assert Alert.objects.get(pk=alert.pk).state == State.SUBMITTED
    assert not Command.objects.exists()
    signed_by(alert, hanh, keeper, now)
    signed_by(alert, binh, keeper, now)
    assert Command.objects.count() == 1
    trusting.provide(Kept())


PLACES = ("commune", "neighbour", "district")


@pytest.fixture
def everybody(
    xa_a: Unit, xa_b: Unit, district: Unit, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[tuple[str, str], Person]:  # fmt: skip
    """One person for each role at each place, all with keys that count."""
    monkeypatch.setattr(deriving, "relying_party", lambda: PARTY)
    units = {"commune": xa_a, "neighbour": xa_b, "district": district}
    found = {}
    keepers = {one: person(f"keeper-{one}", one, units[one], "ADMINISTRATOR") for one in PLACES}
    for place, role in itertools.product(PLACES, Membership.Role.values):
        someone = person(f"{place}-{role.lower()}", f"{role} {place}", units[place], role)
        keyed(someone, units[place], keepers[place], now)
        found[place, role] = someone
    return found


def may_sign_for_the_commune(place: str, role: str) -> bool:
    """Its own approvers and leaders, and the leaders above."""
    return (place, role) in {("commune", "APPROVER"), ("commune", "LEADER"), ("district", "LEADER")}


def test_a5_a15_every_pair_of_people_and_roles_on_the_device(
    everybody: dict[tuple[str, str], Person], xa_a: Unit, now: datetime
) -> None:
    """The policy that follows from the roles, decided by the device's own rule: two of the right
    ones are obeyed, everybody else is not, alone or with whomever."""
    policy = derived_policy(number=1, now=now, demonstration=False)
    listener = Listener(unit=xa_a.code, cluster="c1", policy=policy, now=now)
    command = a_command(
        issuer=xa_a.code, audience=Audience(units=(xa_a.code,)), issued=now, not_before=now,
        expires=now + timedelta(minutes=10),
    )  # fmt: skip
    tried = 0
    for one, two in itertools.combinations_with_replacement(everybody, 2):
        names = [everybody[one].username, everybody[two].username]
        wanted = one != two and may_sign_for_the_commune(*one) and may_sign_for_the_commune(*two)
        verdict = _verdict(signed(command, *dict.fromkeys(names)), listener)
        assert (verdict is None) is wanted, (one, two, verdict)
        assert verdict in {None, Reason.TOO_FEW_PEOPLE, Reason.UNKNOWN_KEY}
        tried += 1
    assert tried == len(everybody) * (len(everybody) + 1) // 2


def _verdict(envelope: bytes, listener: Listener) -> Reason | None:
    try:
        decide(envelope, listener)
    except Refused as refused:
        return refused.reason
    return None


class Province(Keeper):
    """The policy that really follows from the roles; everybody signs with their own passkey."""

    def current_policy(self) -> Policy | None:
        return derived_policy(number=1, now=self.now, demonstration=False)


def test_a5_every_pair_of_people_and_roles_on_the_pages(
    everybody: dict[tuple[str, str], Person], xa_a: Unit, an: Person, now: datetime
) -> None:
    """Who may open the order to sign it, with nobody and with each other one before them: the
    same people whom the loudspeakers count."""
    keeper = Province(xa_a, now)
    for someone in everybody.values():
        keeper.passkeys[someone.pk] = passkey(someone.username)
    trusting.provide(keeper)
    may = {key for key in everybody if may_sign_for_the_commune(*key)}
    alert = submitted(xa_a, an, now)
    assert {key for key, one in everybody.items() if opens(alert, one, now)} == may
    for first in may:
        again = submitted(xa_a, an, now)
        signed_by(again, everybody[first], keeper, now)
        assert {key for key, one in everybody.items() if opens(again, one, now)} == may - {first}
    assert not Command.objects.exists()
    trusting.provide(Kept())


def opens(alert: Alert, by: Person, now: datetime) -> bool:
    try:
        return bool(services.open_order(alert=alert, by=by, now=now).sha256)
    except Refusal as refusal:
        return refusal.code not in {"not-allowed", "approved-already", "not-counted"}


def test_a_lent_role_stops_nothing_and_says_who_can(
    everybody: dict[tuple[str, str], Person], xa_a: Unit, an: Person, now: datetime
) -> None:
    """A cancel that no loudspeaker counts must not show as cancelled."""
    keeper = Province(xa_a, now)
    for someone in everybody.values():
        keeper.passkeys[someone.pk] = passkey(someone.username)
    trusting.provide(keeper)
    loudspeakers(xa_a, now)
    leader, approver = everybody["commune", "LEADER"], everybody["commune", "APPROVER"]
    alert = sent(submitted(xa_a, an, now), leader, approver, keeper, now)
    order = alert.orders.get(kind="CANCEL")
    lent, above = everybody["commune", "WRITER"], everybody["district", "APPROVER"]
    delegate(unit=xa_a, principal=leader, deputy=lent, terms=terms(), by=leader, now=now)
    for somebody in (lent, above):
        with pytest.raises(Refusal) as no:
            services.stop(alert=alert, proof=keeper.proof(somebody, order), by=somebody, now=now)
        assert no.value.code == "not-counted"
        assert leader.full_name in str(no.value)
    alert.refresh_from_db()
    assert alert.state != State.CANCELLED
    services.stop(alert=alert, proof=keeper.proof(leader, order), by=leader, now=now)
    trusting.provide(Kept())


XXE = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&x;</identifier></alert>"""


@pytest.mark.parametrize("name", ["xxe", "a hundred megabytes", "a million points"])
def test_a18_a_poisoned_warning_is_refused_soon_and_in_little_memory(
    name: str, district: Unit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "poison.xml"
    match name:
        case "xxe":
            file.write_bytes(XXE)
        case "a hundred megabytes":
            with file.open("wb") as made:
                made.write(EXAMPLES["example2"])
                made.truncate(100 * 1024 * 1024)
        case _:
            polygon = f"<polygon>{circle_of(1_000_000)}</polygon>".encode()
            file.write_bytes(EXAMPLES["example2"].replace(b"<polygon>", polygon + b"<polygon>", 1))
    tracemalloc.start()
    began = time.monotonic()
    assert main(["cap", "import", str(file)]) != 0
    took, (_now, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 10
    assert peak < 40_000_000
    assert "root:" not in capsys.readouterr().err
    assert not Received.objects.exists()
    assert main(["cap", "check", str(_good(tmp_path))]) == 0


def _good(folder: Path) -> Path:
    file = folder / "good.xml"
    file.write_bytes(EXAMPLES["example2"])
    return file


def test_a18_a_genuine_warning_sounds_nothing_by_itself(district: Unit, tmp_path: Path) -> None:
    assert main(["cap", "import", str(_good(tmp_path))]) == 0
    assert Received.objects.count() == 1
    assert (Alert.objects.count(), Command.objects.count()) == (0, 0)


SPOKEN_TO_WITHOUT_A_SESSION = {
    *("node_api", "journal_api", "rollouts_api", "live_api"),  # devices, and the link's own process
    *("mailing", "connections-api"),
}


def test_a20_nothing_from_outside_orders_anything() -> None:
    """There is no SMS gateway, outwards or inwards. Whoever posts without a session of the pages
    is a device with its own key, a mail program that ends its own subscription, or a program with
    a token, whose notices wait for a person."""
    names = {channel.name for channel in channels()}
    assert not {name for name in names if "sms" in name or "zalo" in name}
    assert set(_open_doors(get_resolver(), ())) == SPOKEN_TO_WITHOUT_A_SESSION


def _open_doors(resolver: URLResolver, spaces: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            if getattr(one.callback, "csrf_exempt", False):
                found.append(spaces[-1] if spaces else str(one.pattern))
        else:
            space = (one.namespace,) if one.namespace else ()
            found += _open_doors(one, (*spaces, *space))
    return found
