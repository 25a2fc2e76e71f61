"""The pages of personal keys and of who may order what."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn
from tests.people.entering import entered, proved
from tests.protocol.province import passkey
from tests.trust.conftest import ask, keyed
from tests.trust.province import Ceremony
from tests.trust.soft_authenticator import Authenticator
from vang.base.clock import ManualClock, use_clock
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust.demonstration import renew_due
from vang.trust.models import PersonKey
from vang.trust.queries import relying_party

pytestmark = pytest.mark.usefixtures("data", "office_hours")
OWN, REGISTER, KEYS, POLICY = (
    "/trust/keys/own",
    "/trust/keys/own/register",
    "/trust/keys",
    "/trust/",
)


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def options(client: Client) -> dict[str, object]:
    text = page(client, REGISTER)
    told = text.split('id="passkey-options" type="application/json">')[1].split("</script>")[0]
    found: dict[str, object] = json.loads(told)["publicKey"]
    return found


def send(client: Client, answer: object, **changed: str) -> object:
    fields = {"label": "Điện thoại của tôi", "use": "actual", "credential": json.dumps(answer)}
    return client.post(REGISTER, {**fields, **changed})


def test_the_empty_page_teaches(binh: Person, client: Client) -> None:
    text = page(entered(client, binh), OWN)
    assert "Bạn chưa có khóa cá nhân" in text
    assert f'href="{REGISTER}"' in text


@pytest.mark.parametrize("kind", ["es256", "eddsa", "rs256"])
def test_registered_it_waits_and_says_from_when_it_counts(
    binh: Person, client: Client, kind: str, now: datetime
) -> None:
    proved(entered(client, binh))
    device = Authenticator(relying_party(), kind)
    assert send(client, device.create(options(client))).status_code == 302  # type: ignore[attr-defined]
    row = PersonKey.objects.get()
    assert (row.person, row.public, row.approved_by) == (binh, device.public, None)
    assert row.counts_from == now + timedelta(hours=24)
    text = page(client, OWN)
    assert "chờ xác nhận" in text
    assert "có hiệu lực cho khẩn cấp từ" in text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda device, asked: device.create(asked, origin="https://evil.example"),
        lambda device, asked: device.create(asked, flags=0x41),  # touched, but no PIN
        lambda device, asked: device.create({**asked, "challenge": "AAAA"}),
        lambda device, asked: device.create(asked, type="webauthn.get"),
        lambda device, asked: device.create(asked, site="evil.example"),
        lambda device, asked: {"id": "x"},
        lambda device, asked: [],
        lambda device, asked: "x",
    ],
)
def test_a_wrong_answer_registers_nothing(
    binh: Person, client: Client, spoil: Callable[[Authenticator, dict[str, object]], object]
) -> None:
    proved(entered(client, binh))
    answer = send(client, spoil(Authenticator(relying_party()), options(client)))
    assert "Thiết bị trả lời không đúng" in answer.content.decode()  # type: ignore[attr-defined]
    assert not PersonKey.objects.exists()


def test_an_answer_serves_once(binh: Person, client: Client) -> None:
    proved(entered(client, binh))
    device = Authenticator(relying_party())
    answer = device.create(options(client))
    send(client, answer)
    assert "không đúng" in send(client, answer).content.decode()  # type: ignore[attr-defined]
    assert PersonKey.objects.count() == 1


def test_a_weak_kind_of_key_is_refused(binh: Person, client: Client) -> None:
    proved(entered(client, binh))
    device = Authenticator(relying_party(), "rs256", bits=3072)
    assert "không đúng" in send(client, device.create(options(client))).content.decode()  # type: ignore[attr-defined]


def test_an_open_browser_alone_registers_nothing(binh: Person, client: Client) -> None:
    answer = entered(client, binh).get(REGISTER)
    assert answer.status_code == 302
    assert "/account/again" in answer["Location"]


def test_the_colleague_confirms_and_revokes(
    binh: Person, xa_a: Unit, quan: Person, client: Client, now: datetime
) -> None:
    row = ask(binh, xa_a, now)
    proved(entered(client, quan))
    text = page(client, KEYS)
    assert "Trần Thị Bình" in text
    assert row.keyid[:16] in text
    assert client.post(f"{KEYS}/{row.pk}/approve").status_code == 302
    assert "đã xác nhận, chờ chính sách" in page(client, KEYS)
    assert client.post(f"{KEYS}/{row.pk}/revoke").status_code == 302
    assert "Trần Thị Bình" not in page(client, KEYS).split("<main")[1]


def test_ones_own_is_confirmed_by_somebody_else(
    quan: Person, xa_a: Unit, client: Client, now: datetime
) -> None:
    row = ask(quan, xa_a, now)
    proved(entered(client, quan))
    assert "Phải có người khác xác nhận" in page(client, KEYS)
    client.post(f"{KEYS}/{row.pk}/approve")
    row.refresh_from_db()
    assert row.approved_at is None


def test_ones_own_is_revoked_by_oneself(
    binh: Person, xa_a: Unit, quan: Person, client: Client, now: datetime
) -> None:
    row = keyed(binh, xa_a, quan, now)
    proved(entered(client, binh))
    answer = client.post(f"{KEYS}/{row.pk}/revoke")
    assert answer["Location"] == OWN
    assert "đã thu hồi" in page(client, OWN)


def test_strangers_and_colleagues_without_the_role(
    binh: Person, hanh: Person, chi: Person, xa_a: Unit, signed_in: SignedIn, now: datetime
) -> None:
    row = ask(binh, xa_a, now)
    stranger = proved(signed_in(chi))
    assert stranger.post(f"{KEYS}/{row.pk}/approve").status_code == 404
    assert stranger.post(f"{KEYS}/{row.pk}/revoke").status_code == 404
    colleague = proved(signed_in(hanh))
    assert colleague.get(KEYS).status_code == 403
    assert colleague.post(f"{KEYS}/{row.pk}/approve").status_code == 403
    assert colleague.post(f"{KEYS}/{row.pk}/revoke").status_code == 403
    row.refresh_from_db()
    assert (row.approved_at, row.revoked_at) == (None, None)


@pytest.mark.parametrize("url", [OWN, REGISTER, KEYS, POLICY])
def test_signed_out_or_the_wrong_method(client: Client, quan: Person, url: str) -> None:
    assert client.get(url).status_code == 302
    assert client.get(f"{KEYS}/1/approve").status_code in {302, 405}
    proved(entered(client, quan))
    assert client.put(url).status_code == 405
    assert client.get(f"{KEYS}/1/approve").status_code == 405
    assert client.get(f"{KEYS}/1/revoke").status_code == 405


def test_who_may_order_what(
    data: Path, xa_a: Unit, binh: Person, hanh: Person, quan: Person, an: Person,
    signed_in: SignedIn, now: datetime,
) -> None:  # fmt: skip
    assert "Chưa có chính sách nào có hiệu lực" in page(signed_in(binh), POLICY)
    for someone in (binh, hanh):
        keyed(someone, xa_a, quan, now)
    ceremony = Ceremony(data / "holders")
    ceremony.begin(now)
    ceremony.publish(now)
    text = page(signed_in(binh), POLICY)
    assert "Cảnh báo thật" in text
    assert "Lý Thị Hạnh, Trần Thị Bình" in text
    assert "Một" in text
    assert signed_in(an).get(POLICY).status_code == 403
    assert "đang có hiệu lực" in page(signed_in(binh), OWN)


def test_when_the_policy_has_ended_it_is_said(
    data: Path, binh: Person, client: Client, now: datetime
) -> None:
    ceremony = Ceremony(data / "holders")
    ceremony.begin(now)
    ceremony.publish(now)
    use_clock(ManualClock(now + timedelta(days=366)))
    assert "Chính sách đã hết hạn" in page(entered(client, binh), POLICY)


def test_every_page_of_a_demonstration_says_so(
    demonstration: Path, binh: Person, client: Client, now: datetime
) -> None:
    renew_due(now=now)
    entered(client, binh)
    for url in ("/", OWN, POLICY, "/bulletins/"):
        assert "BẢN TRÌNH DIỄN: khóa phần mềm" in page(client, url)


def test_pages_ask_little(
    xa_a: Unit, binh: Person, hanh: Person, quan: Person, signed_in: SignedIn, now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries, data: Path,
) -> None:  # fmt: skip
    for n, someone in enumerate((binh, hanh, binh, hanh)):
        row = ask(someone, xa_a, now, key=passkey(f"k{n}").key)
        row.approved_by, row.approved_at = quan, now
        row.save()
    ceremony = Ceremony(data / "holders")
    ceremony.begin(now)
    ceremony.publish(now)
    for someone, url in ((binh, OWN), (quan, KEYS), (binh, POLICY), (quan, POLICY)):
        client = signed_in(someone)
        client.get(url)
        with django_assert_max_num_queries(12):
            page(client, url)
