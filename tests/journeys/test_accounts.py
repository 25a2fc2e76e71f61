"""From an invitation to a passkey: how somebody comes in, by telephone and by office PC."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.journeys.conftest import Office, Seat, assert_accessible
from tests.people.entering import code_now

pytestmark = pytest.mark.journey
PASSWORD = "mot-cau-that-la-dai"
WITH_LOCK = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def go(page: Page, office: Office, path: str) -> None:
    """Passkeys belong to a name, so the pages are opened by one instead of by number."""
    page.goto(f"http://localhost:{urlsplit(office.address).port}{path}")


def device_lock(page: Page) -> CDPSession:
    """A fingerprint reader, as Chromium's own tests have it."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable", {})
    line.send("WebAuthn.addVirtualAuthenticator", {"options": WITH_LOCK})
    return line


def sign_out(page: Page) -> None:
    page.locator("summary", has_text="Lê Thị Hoa").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("h1")).to_have_text("Đăng nhập")


def prove_again(page: Page, password: str = PASSWORD) -> None:
    expect(page.locator("h1")).to_have_text("Xác nhận chính bạn")
    assert_accessible(page)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def invited(seat: Seat) -> str:
    """The administrator's part; the link as it is shown."""
    with seat("quan", width=390, height=800) as page:
        page.goto("/account/people")
        page.get_by_role("link", name="Mời cán bộ").click()
        assert_accessible(page)
        page.fill("[name=full_name]", "Lê Thị Hoa")
        page.fill("[name=title]", "Công chức VH-XH")
        page.get_by_label("Người soạn").check()
        page.get_by_role("button", name="Tạo lời mời").click()
        assert_accessible(page)
        link = page.locator("#invitation-link").inner_text()
    return urlsplit(link).path


def test_invited_joined_and_signed_in_by_fingerprint(seat: Seat, office: Office) -> None:
    path = invited(seat)
    with seat() as page:
        device_lock(page)
        go(page, office, path)
        expect(page.locator("h1")).to_have_text("Nhận lời mời")
        assert_accessible(page)
        page.fill("[name=username]", "hoa")
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=again]", PASSWORD)
        page.get_by_role("button", name="Mở tài khoản của tôi").click()
        expect(page.get_by_text("Chào mừng bạn")).to_be_visible()

        go(page, office, "/account/protection")
        assert_accessible(page)
        page.get_by_role("link", name="Thêm khóa truy cập").click()
        prove_again(page)
        assert_accessible(page)
        page.fill("[name=name]", "Máy tính cơ quan")
        page.get_by_role("button", name="Tạo khóa truy cập").click()
        expect(page.locator("h1")).to_have_text("Mã khôi phục")
        assert_accessible(page)
        assert page.locator("#recovery-codes li").count() == 10
        recovery = page.locator("#recovery-codes li").first.inner_text()

        sign_out(page)
        page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
        expect(page.locator("h1")).to_have_text("Việc cần làm")

        sign_out(page)
        page.fill("[name=username]", "hoa")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        expect(page.locator("h1")).to_have_text("Xác thực hai lớp")
        assert_accessible(page)
        page.get_by_role("button", name="Dùng khóa truy cập").click()
        expect(page.locator("h1")).to_have_text("Việc cần làm")

        go(page, office, "/account/protection/app")
        prove_again(page)
        expect(page.get_by_alt_text("Hình để ứng dụng quét")).to_be_visible()
        assert_accessible(page)
        secret = page.locator("#app-key").inner_text()
        page.fill("[name=code]", code_now(secret))
        page.press("[name=code]", "Enter")
        expect(page.get_by_text("Đã cài đặt ứng dụng")).to_be_visible()
        sign_out(page)

    with seat(width=390, height=800) as phone:
        go(phone, office, "/account/sign-in?next=/account/sessions")
        phone.fill("[name=username]", "hoa")
        phone.fill("[name=password]", PASSWORD)
        phone.press("[name=password]", "Enter")
        phone.fill("[name=code]", recovery)
        phone.press("[name=code]", "Enter")
        expect(phone.locator("h1")).to_have_text("Nơi tôi đang đăng nhập")
        assert_accessible(phone)
        go(phone, office, "/notices/")
        expect(phone.locator("main b").first).to_contain_text("Đăng nhập từ thiết bị mới")


def test_without_a_lock_the_page_says_what_to_do(seat: Seat, office: Office) -> None:
    with seat() as page:
        line = page.context.new_cdp_session(page)
        line.send("WebAuthn.enable", {})
        lock = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": False,
        }
        line.send("WebAuthn.addVirtualAuthenticator", {"options": lock})
        go(page, office, "/account/sign-in")
        page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
        # Where no device answers at all, the browser itself gives up after a minute.
        expect(page.get_by_text("Chưa xác thực được")).to_be_visible(timeout=90_000)
