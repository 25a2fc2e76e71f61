"""Every page: works, wrong method, signed out, stranger, how many queries."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from tests.alerts.office import (
    Keeper,
    approved_template,
    contents,
    drafted,
    sent,
    sounds_made,
    submitted,
)
from vang.alerts import services
from vang.alerts.contents import Words
from vang.alerts.models import Alert, AlertTemplate, Status
from vang.alerts.states import State
from vang.dispatch.models import Command
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node
from vang_protocol.envelopes import SigningKey

from ..conftest import SignedIn

pytestmark = pytest.mark.django_db
BUDGET = 12


@pytest.fixture
def live(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime,
) -> Alert:  # fmt: skip
    """A real alert from a template, sent just now."""
    version = approved_template(xa_a, an, binh, hanh, now)
    words = contents(xa_a, now, template=version)
    alert = services.create_alert(unit=xa_a, contents=words, by=an, now=now, status=Status.ACTUAL)
    sounds_made()
    services.submit_alert(alert=alert, by=an, now=now)
    return sent(alert, binh, hanh, keeper, now)


def addresses(alert: Alert) -> list[str]:
    order = alert.orders.order_by("issued_at").first()
    assert order is not None
    template = AlertTemplate.objects.get()
    return [
        reverse("alerts:list"),
        reverse("alerts:list") + "?view=sent",
        reverse("alerts:alert", args=[alert.pk]),
        reverse("alerts:live", args=[alert.pk]),
        reverse("alerts:live-part", args=[alert.pk]),
        reverse("alerts:templates"),
        reverse("alerts:template", args=[template.pk]),
    ]


def test_every_page_opens_within_its_queries(
    live: Alert, binh: Person, signed_in: SignedIn, django_assert_max_num_queries: object
) -> None:
    client = signed_in(binh)
    client.get("/")
    for address in addresses(live):
        with django_assert_max_num_queries(BUDGET):  # type: ignore[operator]
            response = client.get(address)
        assert response.status_code == 200, address


def test_a_stranger_finds_nothing(live: Alert, chi: Person, signed_in: SignedIn) -> None:
    client = signed_in(chi)
    own = {reverse("alerts:list"), reverse("alerts:list") + "?view=sent"}
    for address in addresses(live):
        if address in own or address == reverse("alerts:templates"):
            assert "lũ quét" not in client.get(address).content.decode().partition("<table")[2]
            continue
        assert client.get(address).status_code == 404, address
    for name in ("submit", "open", "alone", "retraction", "stop", "send-back", "review", "copy"):
        assert client.post(reverse(f"alerts:{name}", args=[live.pk])).status_code == 404


def test_signed_out_leads_to_the_door(live: Alert, client: Client) -> None:
    for address in addresses(live):
        assert client.get(address).status_code == 302


def test_acts_are_posts(live: Alert, binh: Person, signed_in: SignedIn) -> None:
    client = signed_in(binh)
    for name in ("submit", "open", "alone", "retraction", "stop", "send-back", "review", "copy"):
        assert client.get(reverse(f"alerts:{name}", args=[live.pk])).status_code == 405


def test_from_a_big_button_to_two_signatures(
    keeper: Keeper, nodes: list[Node], an: Person, binh: Person, hanh: Person,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    """The way of a demonstration: the key lies on the server, the password confirms."""
    keeper.passkeys.clear()
    keeper.software = {one.pk: SigningKey.generate() for one in (binh, hanh)}
    writer = signed_in(an)
    page = writer.get(reverse("alerts:list")).content.decode()
    address = reverse("alerts:new-from-starter", args=["FLASH_FLOOD"])
    assert address in page
    assert "checked" in writer.get(address).content.decode().partition('value="TEST"')[2][:200]
    data = {"status": "TEST", "blank_noi": "Thôn Thuận 1", "blank_muc_nuoc": "7,5"}
    answer = writer.post(address, {**data, "lasts_h": "6", "submit": "1"}, follow=True)
    assert answer.status_code == 200
    alert = Alert.objects.get()
    assert alert.state == State.SUBMITTED
    assert "mực nước 7,5 mét" in alert.version.texts.get().text
    sounds_made()
    for person in (binh, hanh):
        client = signed_in(person)
        opened = client.post(reverse("alerts:open", args=[alert.pk]), follow=True)
        assert opened.status_code == 200
        sign = opened.redirect_chain[-1][0]
        wrong = client.post(sign, {"typed": "Quế Thuận", "password": "sai"})
        assert wrong.status_code == 409
        client.post(sign, {"typed": "quế thuận", "password": "mat-khau-thu-nghiem"})
    alert.refresh_from_db()
    assert alert.state == State.DISPATCHING
    stopping = signed_in(binh)
    stopping.post(reverse("alerts:stop", args=[alert.pk]))
    alert.refresh_from_db()
    assert alert.state == State.CANCELLED
    assert Command.objects.count() == 2


def test_the_last_page_says_how_many_and_what_would_refuse(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, now: datetime,
    signed_in: SignedIn, django_assert_max_num_queries: object,
) -> None:  # fmt: skip
    alert = submitted(xa_a, an, now, Status.ACTUAL)
    order = services.open_order(alert=alert, by=binh, now=now)
    client = signed_in(binh)
    client.get("/")
    address = reverse("alerts:sign", args=[alert.pk, order.pk])
    with django_assert_max_num_queries(BUDGET):  # type: ignore[operator]
        page = client.get(address).content.decode()
    assert "mode-ACTUAL" in page
    assert "passkey-options" in page
    assert "<dd>300</dd>" in page  # households of the two villages that are heard
    keeper.newcomers.add(binh.pk)
    assert (
        "khoá" in client.get(address).content.decode()
        or "key" in client.get(address).content.decode()
    )


def test_villages_without_a_loudspeaker_are_named(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    alert = drafted(xa_a, an, now)
    page = signed_in(an).get(reverse("alerts:alert", args=[alert.pk])).content.decode()
    assert "Thôn Thuận 3" in page
    assert "Thôn Thuận 2" not in page


def test_a_draft_is_edited_with_what_was_written(
    keeper: Keeper, xa_a: Unit, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    alert = drafted(xa_a, an, now)
    client = signed_in(an)
    address = reverse("alerts:edit", args=[alert.pk])
    assert "Cảnh báo lũ quét" in client.get(address).content.decode()
    data = {
        "event": "FLOOD", "headline": "Lũ", "text": "Nước lên.", "instruction": "Lên cao.",
        "lasts_h": "6", "response": "Evacuate", "urgency": "Immediate", "severity": "Severe",
        "certainty": "Likely", "other": "ktv", "other_headline": "Đác", "other_text": "Đác rưng.",
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    alert.refresh_from_db()
    assert alert.version.number == 2
    assert [one.language for one in alert.version.texts.all()] == ["vi", "ktv"]


def test_every_language_stays_when_a_draft_is_edited(
    xa_a: Unit, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    words = (
        Words("vi", "Lũ", "Nước lên.", "Lên cao."),
        Words("en", "Flood", "The water rises.", "Go up."),
        Words("ktv", "Đác", "Đác rưng.", "Zoọng."),
    )
    given = replace(
        contents(xa_a, now), words=words, onset=now, contact="0235 3885 113",
        polygons=([[15.6, 108.1], [15.6, 108.2], [15.7, 108.2], [15.6, 108.1]],),
    )  # fmt: skip
    alert = services.create_alert(unit=xa_a, contents=given, by=an, now=now)
    client, address = signed_in(an), reverse("alerts:edit", args=[alert.pk])
    form = client.get(address).context["form"]
    data = {name: value for name, value in form.initial.items() if value not in (None, [])}
    page = client.get(address).content.decode()
    assert "The water rises." in page
    assert "Đác rưng." in page
    answer = client.post(address, {**data, "said_en_text": "The water rises fast."})
    assert answer.status_code == 302
    alert.refresh_from_db()
    kept = {one.language: one for one in alert.version.texts.all()}
    assert list(kept) == ["vi", "en", "ktv"]
    assert kept["en"].text == "The water rises fast."
    assert (kept["ktv"].text, kept["ktv"].instruction) == ("Đác rưng.", "Zoọng.")
    assert (alert.version.onset, alert.version.contact) == (now, "0235 3885 113")
    assert alert.version.polygons

    assert client.post(address, {**data, "said_en_text": ""}).status_code == 422
    emptied = {f"said_en_{part}": "" for part in ("headline", "text", "instruction")}
    assert client.post(address, data | emptied).status_code == 302
    alert.refresh_from_db()
    assert [one.language for one in alert.version.texts.all()] == ["vi", "ktv"]


def test_how_many_people_a_household_has_is_shown_with_its_source_and_set(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, quan: Person, now: datetime,
    signed_in: SignedIn, client: Client,
) -> None:  # fmt: skip
    alert, address = drafted(xa_a, an, now), reverse("alerts:households")
    Unit.objects.filter(parent=xa_a).update(households=100)

    def page() -> str:
        return signed_in(an).get(reverse("alerts:alert", args=[alert.pk])).content.decode()

    assert "3,6 người" in page()
    assert "Tổng cục Thống kê" in page()
    told = {"people": "4,2", "source": "Niên giám thống kê tỉnh 2025"}
    assert signed_in(an).post(address, told).status_code == 403
    assert signed_in(quan).post(address, {"people": "4,2"}).status_code == 422
    assert signed_in(quan).post(address, {"people": "90", "source": "x"}).status_code == 422
    assert signed_in(quan).post(address, told).status_code == 302
    assert "4,2 người" in page()
    assert "Niên giám thống kê tỉnh 2025" in page()
    assert signed_in(an).get(address).status_code == 200
    assert signed_in(quan).post(address, {"people": "", "source": ""}).status_code == 302
    assert "3,6 người" in page()
    assert client.get(address).status_code == 302
    assert signed_in(quan).put(address).status_code == 405


def test_templates_are_taken_over_and_approved_by_two(
    xa_a: Unit, an: Person, binh: Person, hanh: Person, signed_in: SignedIn
) -> None:
    writer = signed_in(an)
    writer.post(reverse("alerts:take-over", args=["STORM"]))
    template = AlertTemplate.objects.get()
    sounds_made()
    sha256 = template.versions.get().sha256
    for person in (an, binh, binh, hanh):
        signed_in(person).post(
            reverse("alerts:approve-template", args=[template.pk]), {"sha256": sha256}
        )
    template.refresh_from_db()
    version = template.versions.get()
    assert template.approved == version
    assert (version.first_by, version.second_by) == (binh, hanh)
