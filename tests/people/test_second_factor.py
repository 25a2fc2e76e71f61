"""The second proof: codes of an app, recovery codes, who needs one."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from tests.conftest import BEGIN, person
from tests.people.entering import (
    PASSWORD,
    at_work,
    code_now,
    entered,
    proved,
    sign_in,
    signed_in,
    with_app,
)
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Membership, Person, SecondFactorRule
from vang.people.services.factors import needed_from, remove_second_factor, require_second_factor

PROOF = "/account/proof"


@pytest.fixture
def hand() -> Iterator[ManualClock]:
    manual = ManualClock(timezone.now())
    clock.use_clock(manual)
    yield manual
    clock.use_clock(SystemClock())


def set_up(someone: Person) -> str:
    return with_app(entered(Client(), someone))


def test_with_the_app_a_password_alone_opens_nothing(an: Person) -> None:
    secret = set_up(an)
    client = Client()
    assert sign_in(client, "an", next="/account/people") == PROOF
    assert not signed_in(client)
    assert client.get("/").status_code == 302
    wrong = client.post(PROOF, {"code": "000000"})
    assert "Mã không đúng." in wrong.content.decode()
    assert not signed_in(client)
    right = client.post(PROOF, {"code": code_now(secret, 1)})
    assert right["Location"] == "/account/people"
    assert signed_in(client)


def test_a_code_opens_once(an: Person) -> None:
    secret = set_up(an)
    code = code_now(secret, 1)
    for opens in (True, False):
        client = Client()
        sign_in(client, "an")
        client.post(PROOF, {"code": code})
        assert signed_in(client) is opens


def test_a_recovery_code_opens_once(an: Person) -> None:
    browser = entered(Client(), an)
    with_app(browser)
    codes = browser.get("/account/protection/codes").context["codes"]
    assert len(set(codes)) == 10
    for opens in (True, False):
        client = Client()
        sign_in(client, "an")
        client.post(PROOF, {"code": codes[0]})
        assert signed_in(client) is opens
    assert len(browser.get("/account/protection/codes").context["codes"]) == 9
    fresh = browser.post("/account/protection/codes", follow=True).context["codes"]
    assert not set(fresh) & set(codes)


def test_guessing_codes_is_stopped(an: Person) -> None:
    secret = set_up(an)
    client = Client()
    sign_in(client, "an")
    for guess in range(5):
        client.post(PROOF, {"code": f"00000{guess}"})
    # Even the right one, and from another place, until the time is over.
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    sign_in(elsewhere, "an")
    elsewhere.post(PROOF, {"code": code_now(secret, 1)})
    assert not signed_in(elsewhere)


def test_the_page_of_the_code_is_only_for_those_who_gave_the_password(
    client: Client, an: Person
) -> None:
    set_up(an)
    assert client.get(PROOF)["Location"] == "/account/sign-in"
    assert client.post(PROOF, {"code": "123456"})["Location"] == "/account/sign-in"


def test_the_half_done_sign_in_ends_after_ten_minutes(
    an: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = set_up(an)
    client = Client()
    sign_in(client, "an")
    session = client.session
    session["account_login"] = {**session["account_login"], "initiated_at": 1}
    session.save()
    assert client.post(PROOF, {"code": code_now(secret, 1)})["Location"] == "/account/sign-in"
    assert not signed_in(client)


def test_a_closed_account_does_not_come_in_by_the_second_step(an: Person) -> None:
    secret = set_up(an)
    client = Client()
    sign_in(client, "an")
    Person.objects.filter(pk=an.pk).update(is_active=False)
    client.post(PROOF, {"code": code_now(secret, 1)})
    assert client.get("/account/").status_code == 302


def test_keys_lie_encrypted(an: Person) -> None:
    browser = entered(Client(), an)
    secret = with_app(browser).replace(" ", "")
    codes = browser.get("/account/protection/codes").context["codes"]
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)


@pytest.mark.parametrize(
    "url",
    [
        "/account/protection/app",
        "/account/protection/passkeys/add",
        "/account/protection/codes",
        "/account/address",
    ],
)
def test_an_open_browser_alone_changes_nothing(client: Client, an: Person, url: str) -> None:
    set_up(an)
    entered(client, an)
    asked = client.get(url)
    assert asked["Location"] == f"/account/again?next={url.replace('/', '%2F')}"
    assert client.get(asked["Location"]).status_code == 200
    wrong = client.post("/account/again", {"password": "sai", "next": url})
    assert "Mật khẩu không đúng." in wrong.content.decode()
    right = client.post("/account/again", {"password": PASSWORD, "next": url})
    assert right["Location"] == url


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_proving_again_leads_nowhere_else(client: Client, an: Person, url: str) -> None:
    sent = entered(client, an).post("/account/again", {"password": PASSWORD, "next": url})
    assert sent["Location"] == "/account/protection"


def test_guessing_the_password_in_an_open_browser_is_stopped(client: Client, an: Person) -> None:
    entered(client, an)
    for _guess in range(5):
        client.post("/account/again", {"password": "sai"})
    last = client.post("/account/again", {"password": PASSWORD})
    assert last.status_code in {200, 429}
    assert client.get("/account/protection/app").status_code == 302


def test_the_app_can_be_removed_and_the_codes_with_it(client: Client, an: Person) -> None:
    entered(client, an)
    with_app(client)
    assert client.get("/account/protection/app/remove").status_code == 405
    client.post("/account/protection/app/remove")
    assert not Authenticator.objects.exists()
    assert sign_in(Client(), "an") == "/"
    told = Notice.objects.filter(person=an, kind="account-changed").order_by("pk")
    assert [n.title for n in told] == [
        "Tài khoản của bạn được bảo vệ thêm bằng mã trên ứng dụng",
        "Tài khoản không còn hỏi mã trên ứng dụng",
    ]
    acts = (
        Entry.objects.filter(by=an, action__startswith="second")
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert list(acts) == ["second-factor.totp-added", "second-factor.totp-removed"]


def test_others_keys_are_out_of_reach(client: Client, an: Person, chi: Person) -> None:
    key = Authenticator.objects.create(user=an, type="webauthn", data={"name": "x"})
    proved(entered(client, chi))
    assert client.post(f"/account/protection/passkeys/{key.pk}/remove").status_code == 404
    assert (
        client.post(f"/account/protection/passkeys/{key.pk}/name", {"name": "y"}).status_code == 404
    )


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"id": 1}', "x" * 100_000])
def test_a_passkey_out_of_nowhere_opens_nothing(
    client: Client, an: Person, credential: str
) -> None:
    client.get("/account/passkey")
    answer = client.post("/account/passkey", {"credential": credential})
    assert answer.status_code == 302
    assert answer["Location"] == "/account/sign-in"
    assert not signed_in(client)


# who needs one


def test_the_rule_holds_for_approvers_leaders_administrators_here_and_below(
    district: Unit, xa_a: Unit, an: Person, binh: Person, hanh: Person, quan: Person, now: datetime
) -> None:
    head = person("truong", "Trưởng phòng", district, "ADMINISTRATOR")
    today = date(2026, 6, 10)
    everyone = (an, binh, hanh, quan, head)
    assert [needed_from(someone, today) for someone in everyone] == [None] * 5
    require_second_factor(unit=xa_a, required=True, grace_days=7, by=quan, now=now)
    day = date(2026, 6, 17)
    assert [needed_from(someone, today) for someone in everyone] == [None, day, day, day, None]
    require_second_factor(unit=district, required=True, grace_days=0, by=head, now=now)
    assert [needed_from(someone, today) for someone in everyone] == [None] + [today] * 4
    require_second_factor(unit=district, required=False, grace_days=0, by=head, now=now)
    set_up(binh)
    assert needed_from(binh, today) is None
    assert needed_from(quan, today) == day


def test_those_without_one_are_told(
    xa_a: Unit, an: Person, binh: Person, hanh: Person, quan: Person, now: datetime
) -> None:
    set_up(hanh)
    require_second_factor(unit=xa_a, required=True, grace_days=14, by=quan, now=now)
    told = Notice.objects.filter(kind="second-factor-required")
    assert {n.person for n in told} == {binh, quan}
    assert told[0].title == "Bắt buộc xác thực hai lớp từ ngày 24/06/2026"


def test_until_the_day_one_works_as_before_from_then_on_only_the_set_up_opens(
    hand: ManualClock, binh: Person, quan: Person, xa_a: Unit
) -> None:
    require_second_factor(unit=xa_a, required=True, grace_days=7, by=quan, now=hand.now())
    client = Client()
    sign_in(client, "binh")
    assert "bạn cần xác thực hai lớp" in client.get("/").content.decode()
    hand.set(hand.now() + timedelta(days=7))
    late = Client()
    sign_in(late, "binh")
    assert late.get("/")["Location"] == "/account/protection"
    assert late.get("/bulletins/")["Location"] == "/account/protection"
    page = late.get("/account/protection").content.decode()
    assert "Đơn vị yêu cầu xác thực hai lớp" in page
    with_app(late)
    assert late.get("/").status_code == 200


def test_the_rule_bites_in_a_session_that_is_open_already_the_next_day(
    hand: ManualClock, binh: Person, quan: Person, xa_a: Unit
) -> None:
    client = entered(Client(), binh)
    require_second_factor(unit=xa_a, required=True, grace_days=0, by=quan, now=hand.now())
    assert client.get("/").status_code == 200
    hand.set(hand.now() + timedelta(hours=24))
    assert client.get("/")["Location"] == "/account/protection"


def test_only_the_administrator_sets_the_rule(
    client: Client, an: Person, chi: Person, quan: Person, xa_a: Unit, now: datetime
) -> None:
    with pytest.raises(Refusal):
        require_second_factor(unit=xa_a, required=True, grace_days=7, by=chi, now=now)
    with pytest.raises(Refusal):
        require_second_factor(unit=xa_a, required=True, grace_days=5, by=quan, now=now)
    url = "/account/people/second-factor"
    assert entered(client, an).get(url).status_code == 403
    at_work(client, quan)
    assert client.get(url).status_code == 200
    client.post(url, {"required": "1", "grace_days": "14"})
    rule = SecondFactorRule.objects.get(unit=xa_a)
    assert rule.required_from == clock.local_date(clock.now()) + timedelta(days=14)
    client.post(url, {"required": "", "grace_days": "14"})
    rule.refresh_from_db()
    assert rule.required_from is None


def test_the_administrator_takes_a_lost_one_away_but_not_their_own(
    client: Client, an: Person, quan: Person, chi: Person, xa_a: Unit, now: datetime
) -> None:
    set_up(an)
    at_work(client, chi)
    assert client.post(f"/account/people/{an.pk}/second-factor").status_code == 404
    at_work(client, quan)
    assert client.get(f"/account/people/{an.pk}/second-factor").status_code == 405
    client.post(f"/account/people/{an.pk}/second-factor")
    assert not Authenticator.objects.exists()
    assert Notice.objects.filter(
        person=an, title="Quản trị đã gỡ xác thực hai lớp của bạn"
    ).exists()
    assert Entry.objects.filter(action="second-factor.remove", by=quan).exists()
    with pytest.raises(Refusal):
        remove_second_factor(person=quan, unit=xa_a, by=quan, now=now)


def test_a_second_proof_of_somebody_who_works_elsewhere_too_stays(
    client: Client, an: Person, quan: Person, district: Unit
) -> None:
    set_up(an)
    Membership.objects.create(person=an, unit=district, role="READER", valid_from=BEGIN)
    at_work(client, quan).post(f"/account/people/{an.pk}/second-factor")
    assert Authenticator.objects.exists()
