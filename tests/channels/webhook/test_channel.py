"""Other systems are told once of each release, correction and withdrawal, in signed words."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.channels.portal.publishing import brought, folder
from tests.channels.releasing import WRONG, corrected, released, row
from tests.channels.webhook.receiver import Receiver, receiving
from tests.conftest import SignedIn
from tests.library.material import picture
from vang.base.refusals import Refusal
from vang.bulletins.models import EditionWording
from vang.bulletins.services import withdraw_bulletin
from vang.channels.registry import find_channel
from vang.channels.services import choose_channel
from vang.channels.webhook.models import Hook
from vang.channels.webhook.services import add_hook, end_hook
from vang.channels.webhook.signing import new_secret, signature
from vang.channels.working import work_off
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with receiving() as one:
        settings.WEBHOOKS_INSIDE = {one.place}
        yield one


@pytest.fixture
def hook(receiver: Receiver, xa_a: Unit, quan: Person, now: datetime) -> Hook:
    made = add_hook(unit=xa_a, url=receiver.url, by=quan, now=now)
    channel = find_channel("webhook")
    assert channel
    choose_channel(unit=xa_a, channel=channel, on=True, by=quan, now=now)
    return made


def told(receiver: Receiver, number: int) -> dict[str, object]:
    return json.loads(receiver.taken[number][2])  # type: ignore[no-any-return]


def test_the_signature_is_that_of_the_specification() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    # The example of the Standard Webhooks specification.
    assert (
        signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
    assert len(base64.b64decode(new_secret().removeprefix("whsec_"))) == 32


def test_a_release_is_told_and_the_receiver_can_check_it(
    receiver: Receiver, hook: Hook, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    _path, headers, body = receiver.taken[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))
    message = told(receiver, 0)
    assert message["type"] == "edition.released"
    assert message["data"]["text"] == edition.text  # type: ignore[index]
    assert message["data"]["url"].startswith("http")  # type: ignore[index]
    assert row(edition, "webhook").state == "DONE"


def test_every_wording_for_everybody_and_what_is_attached_are_told(
    receiver: Receiver, hook: Hook, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    photo = brought(xa_a, an, now, picture(), "hoa.jpg")
    edition = released(xa_a, an, binh, now, items=[photo])
    for level, channel, text in (
        ("ONE_LINE", "", "Cắt điện thôn 1."),
        ("ONE_LINE", "mailing", "Chỉ cho thư."),
        ("SPOKEN", "webhook", "Cho hệ thống khác."),
    ):
        EditionWording.objects.create(
            edition=edition, language="vi", level=level, channel=channel, text=text
        )
    work_off(now=now)
    data: Any = told(receiver, 0)["data"]
    assert [(one["level"], one["text"], one["audio"]) for one in data["wordings"]] == [
        ("SPOKEN", "Cho hệ thống khác.", None),
        ("ONE_LINE", "Cắt điện thôn 1.", None),
    ]
    assert data["audio"]["sha256"] == edition.audio_sha256
    (shown,) = data["attachments"]
    assert shown["alt_text"] == "Chợ hoa bên sông"
    path = shown["url"].rpartition(f"/pages/{xa_a.code}/")[2]
    content = (folder(xa_a) / path).read_bytes()
    assert hashlib.sha256(content).hexdigest() == shown["sha256"]


def test_correction_and_withdrawal_are_told_and_nothing_twice(
    receiver: Receiver,
    hook: Hook,
    xa_a: Unit,
    an: Person,
    binh: Person,
    now: datetime,
    later: datetime,
) -> None:
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    correction = corrected(edition, an, binh, later)
    work_off(now=later)
    withdraw_bulletin(bulletin=edition.bulletin, reason="Hoãn.", by=binh, now=later)
    work_off(now=later)
    work_off(now=later + timedelta(days=1))
    types = [told(receiver, number)["type"] for number in range(len(receiver.taken))]
    assert types[:2] == ["edition.released", "edition.corrected"]
    assert types[2:] == ["edition.withdrawn"] * 2  # both editions
    data = told(receiver, 1)["data"]
    assert (data["corrects"], data["wrong"]) == (str(edition.pk), WRONG)  # type: ignore[index]
    assert "text" not in told(receiver, 2)["data"]  # type: ignore[operator]
    assert row(correction, "webhook").state == "DONE"


def test_what_was_never_told_is_not_taken_back(
    receiver: Receiver, hook: Hook, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    receiver.status = 500
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    withdraw_bulletin(bulletin=edition.bulletin, reason="Hoãn.", by=binh, now=now)
    receiver.status = 204
    work_off(now=now)
    assert [told(receiver, n)["type"] for n in range(len(receiver.taken))] == ["edition.released"]
    assert row(edition, "webhook").state == "DONE"


def test_of_two_addresses_only_the_one_that_failed_is_told_again(
    receiver: Receiver,
    hook: Hook,
    xa_a: Unit,
    an: Person,
    binh: Person,
    quan: Person,
    now: datetime,
    settings: Settings,
) -> None:
    with receiving() as second:
        settings.WEBHOOKS_INSIDE = {receiver.place, second.place}
        add_hook(unit=xa_a, url=second.url, by=quan, now=now)
        second.status = 503
        edition = released(xa_a, an, binh, now)
        work_off(now=now)
        failed = row(edition, "webhook")
        assert failed.state == "FAILED"
        assert failed.detail == f"{second.place}: máy chủ trả lời 503"
        second.status = 200
        work_off(now=now + timedelta(minutes=2))
        assert row(edition, "webhook").state == "DONE"
        assert (len(receiver.taken), len(second.taken)) == (1, 2)
        ids = {headers["webhook-id"] for _path, headers, _body in second.taken}
        assert len(ids) == 1  # so that a receiver recognises the repetition


def test_the_administrator_names_tries_and_takes_away_an_address(
    receiver: Receiver,
    xa_a: Unit,
    an: Person,
    quan: Person,
    chi: Person,
    signed_in: SignedIn,
) -> None:
    page = reverse("webhook:hooks")
    assert Client().get(page).status_code == 302
    assert signed_in(an).get(page).status_code == 403
    assert signed_in(an).post(page, {"url": receiver.url}).status_code == 403
    refused = signed_in(quan).post(page, {"url": "https://169.254.169.254/"}).content.decode()
    assert "mạng riêng" in refused
    added = signed_in(quan).post(page, {"url": receiver.url}).content.decode()
    hook = Hook.objects.get()
    assert hook.secret in added
    assert hook.secret not in signed_in(quan).get(page).content.decode()
    trial = reverse("webhook:trial", args=[hook.pk])
    assert signed_in(chi).post(trial).status_code == 404
    assert signed_in(quan).get(trial).status_code == 405
    assert "đã nhận" in signed_in(quan).post(trial, follow=True).content.decode()
    assert told(receiver, 0)["type"] == "ping"
    end = reverse("webhook:end", args=[hook.pk])
    assert signed_in(chi).post(end).status_code == 404
    assert signed_in(quan).post(end).status_code == 302
    assert signed_in(quan).post(end).status_code == 404
    actions = Entry.objects.filter(unit=xa_a).values_list("action", flat=True)
    assert {"add-webhook", "end-webhook"} <= set(actions)


def test_without_an_address_the_channel_cannot_be_turned_on(
    xa_a: Unit, quan: Person, now: datetime
) -> None:
    channel = find_channel("webhook")
    assert channel
    with pytest.raises(Refusal) as refused:
        choose_channel(unit=xa_a, channel=channel, on=True, by=quan, now=now)
    assert refused.value.code == "not-set-up"


def test_an_address_that_ended_hears_nothing(
    receiver: Receiver,
    hook: Hook,
    xa_a: Unit,
    an: Person,
    binh: Person,
    quan: Person,
    now: datetime,
) -> None:
    end_hook(hook=hook, by=quan, now=now)
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    assert receiver.taken == []
    assert row(edition, "webhook").state == "DONE"
