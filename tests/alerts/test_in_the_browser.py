"""Two people, each with a passkey in a browser of their own, send a test, watch, and stop it.

And every page of alerts, of warnings from above and of trust as axe sees it.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.alerts.office import (
    ALERT,
    END,
    ENGLISH,
    RIVER,
    WHEN,
    Keeper,
    approved_by,
    credential_of,
    drafted,
    sounds_made,
    submitted,
)
from tests.cap.messages import STORM
from tests.journeys.conftest import assert_accessible, look
from vang.alerts import services
from vang.alerts.models import Alert, Event
from vang.alerts.services.templates import Draft
from vang.alerts.states import State
from vang.cap.writing import to_xml
from vang.dispatch.models import Command
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node
from vang.upstream.receiving import receive
from vang_protocol.commands import Mode
from vang_protocol.deciding import Listener, decide
from vang_protocol.personal_keys import RelyingParty

from ..conftest import SignedIn

SIZE: ViewportSize = {"width": 1366, "height": 768}
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_home(keeper: Keeper, live_server: LiveServer, binh: Person, hanh: Person) -> Keeper:
    """The passkeys belong to this very site."""
    keeper.party = RelyingParty("localhost", (live_server.url,))
    keeper.give_keys(binh, hanh)
    return keeper


@contextmanager
def seated(
    browser: Browser, server: LiveServer, person: Person, keeper: Keeper, signed_in: SignedIn
) -> Iterator[Page]:
    """A browser whose device lock holds the person's passkey."""
    cookie = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=server.url, locale="vi-VN", viewport=SIZE)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    if person.pk in keeper.passkeys:
        _device_lock(page, person, keeper)
    yield page
    context.close()


def _device_lock(page: Page, person: Person, keeper: Keeper) -> None:
    private = keeper.passkeys[person.pk].private.private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    name = credential_of(person)
    raw = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4))
    credential = {
        "credentialId": base64.b64encode(raw).decode(),
        "isResidentCredential": False,
        "rpId": "localhost",
        "privateKey": base64.b64encode(private).decode(),
        "signCount": 0,
    }
    devtools.send(
        "WebAuthn.addCredential",
        {"authenticatorId": made["authenticatorId"], "credential": credential},
    )


def _sign(page: Page, alert: Alert) -> None:
    page.goto(f"/alerts/{alert.pk}")
    assert_accessible(page)
    page.get_by_role("button", name="Ký: phát THỬ").click()
    expect(page.locator("h1")).to_have_text("Phát THỬ, có lời báo thử")
    assert_accessible(page)
    page.get_by_label("Gõ tên vùng: Quế Thuận").fill("que thuan")
    page.get_by_role("button", name="Ký bằng khóa của tôi").click()


def test_two_passkeys_send_a_test_and_one_stops_it(
    browser: Browser, live_server: LiveServer, at_home: Keeper, nodes: list[Node], xa_a: Unit,
    an: Person, binh: Person, hanh: Person, now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    alert = submitted(xa_a, an, now)
    with seated(browser, live_server, binh, at_home, signed_in) as page:
        _sign(page, alert)
        expect(page.get_by_text("Đã ký. Cần thêm một người nữa; họ đã được báo.")).to_be_visible()
    with seated(browser, live_server, hanh, at_home, signed_in) as page:
        _sign(page, alert)
        expect(page.locator("#board")).to_contain_text("Cụm Thuận 1")
        assert_accessible(page)
        sent = Command.objects.get()
        listener = Listener(xa_a.code, "c1", at_home.current_policy(), now)
        accepted = decide(bytes(sent.envelope), listener)
        assert accepted.command.mode is Mode.TEST
        assert set(accepted.people) == {f"person-{binh.pk}", f"person-{hanh.pk}"}
        page.get_by_role("button", name="DỪNG NGAY").click()
        expect(page.get_by_text("Mọi người được ký đều đã được báo")).to_be_visible()
    alert.refresh_from_db()
    assert alert.state == State.CANCELLED
    cancel = Command.objects.get(kind="cancel")
    assert decide(bytes(cancel.envelope), listener).people == (f"person-{hanh.pk}",)


def _tab_to(page: Page, wanted: Locator) -> None:
    """With the tabulator alone."""
    expect(wanted).to_be_visible()
    for _press in range(80):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not come to {wanted}")


def test_signing_is_done_by_keyboard_alone(
    browser: Browser, live_server: LiveServer, at_home: Keeper, nodes: list[Node], xa_a: Unit,
    an: Person, binh: Person, now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    alert = submitted(xa_a, an, now)
    with seated(browser, live_server, binh, at_home, signed_in) as page:
        page.goto(f"/alerts/{alert.pk}")
        _tab_to(page, page.get_by_role("button", name="Ký: phát THỬ"))
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Phát THỬ, có lời báo thử")
        _tab_to(page, page.get_by_label("Gõ tên vùng: Quế Thuận"))
        page.keyboard.type("que thuan")
        _tab_to(page, page.get_by_role("button", name="Ký bằng khóa của tôi"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("Đã ký. Cần thêm một người nữa; họ đã được báo.")).to_be_visible()
    alert.refresh_from_db()
    assert alert.state == State.APPROVED_ONCE


def test_axe_finds_nothing_on_any_page(
    browser: Browser, live_server: LiveServer, at_home: Keeper, nodes: list[Node], xa_a: Unit,
    an: Person, binh: Person, hanh: Person, quan: Person, now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    written = Draft("Lũ sông", Event.FLOOD, ALERT, END, (ENGLISH,), (RIVER, WHEN))
    version = services.make_template(unit=xa_a, draft=written, by=an, now=now)
    sounds_made()
    approved_by(version, binh, hanh, now)
    alert = submitted(xa_a, an, now)
    order = services.open_order(alert=alert, by=hanh, now=now)
    received = receive(content=to_xml(STORM), unit=xa_a, now=now)
    template, draft = version.template_id, drafted(xa_a, an, now).pk
    pages = {
        hanh: [
            *(reverse(f"alerts:{name}") for name in ("list", "new", "templates", "new-template")),
            reverse("alerts:new-from-starter", args=["STORM"]),
            reverse("alerts:new-from-template", args=[template]),
            reverse("alerts:template", args=[template]),
            reverse("alerts:edit-template", args=[template]),
            reverse("alerts:edit", args=[draft]),
            reverse("alerts:alert", args=[draft]),
            reverse("alerts:sign", args=[alert.pk, order.pk]),
            reverse("alerts:households"),
            *(reverse(f"upstream:{name}") for name in ("list", "bring")),
            reverse("upstream:received", args=[received.pk]),
            reverse("trust:policy"),
            reverse("trust:own"),
            reverse("trust:register"),
        ],
        quan: [reverse("upstream:feeds"), reverse("trust:keys"), reverse("alerts:households")],
    }
    for person, addresses in pages.items():
        with seated(browser, live_server, person, at_home, signed_in) as page:
            for address in addresses:
                _looked_at(page, address)


def _looked_at(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    assert_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, address
    look(page, address.strip("/").replace("/", "-"))
