"""A leader registers a personal key by fingerprint; a second administrator confirms it."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Office, Seat, assert_accessible, look
from tests.journeys.test_accounts import device_lock, go, prove_again

pytestmark = pytest.mark.journey
MARK = "BẢN TRÌNH DIỄN: khóa phần mềm"


def enter(page: Page, office: Office, username: str) -> None:
    """By the name of this computer: passkeys belong to a name."""
    go(page, office, "/account/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", office.passwords[username])
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def test_registered_by_fingerprint_and_confirmed_by_a_second(seat: Seat, office: Office) -> None:
    with seat() as page:
        device_lock(page)
        enter(page, office, "hanh")
        go(page, office, "/account/")
        page.get_by_role("link", name="Khóa cá nhân").click()
        expect(page.get_by_text(MARK)).to_be_visible()
        expect(page.locator("main")).to_contain_text("khóa phần mềm")
        assert_accessible(page)
        look(page, "khoa-ca-nhan")
        page.get_by_role("link", name="Đăng ký khóa").click()
        prove_again(page, office.passwords["hanh"])
        assert_accessible(page)
        page.get_by_label("Tên khóa").fill("Máy tính của Chủ tịch")
        look(page, "dang-ky-khoa")
        page.get_by_role("button", name="Đăng ký khóa này").click()
        expect(page.get_by_text("Một quản trị khác, không phải bạn, phải xác nhận")).to_be_visible()
        row = page.get_by_role("row", name="Máy tính của Chủ tịch")
        expect(row).to_contain_text("chờ xác nhận")
        expect(row).to_contain_text("có hiệu lực cho khẩn cấp từ")
        assert_accessible(page)
        look(page, "khoa-cho-xac-nhan")

        go(page, office, "/trust/")
        expect(page.get_by_role("row", name="Cảnh báo thật")).to_contain_text("2 người")
        assert_accessible(page)
        look(page, "ai-duoc-ra-lenh")

    with seat("quan", width=390, height=800) as phone:
        phone.goto("/account/people")
        phone.locator("main").get_by_role("link", name="Mở").last.click()
        expect(phone.locator("h1")).to_have_text("Khóa cá nhân của đơn vị")
        assert_accessible(phone)
        look(phone, "xac-nhan-khoa")
        waiting = phone.get_by_role("row", name="Lý Thị Hạnh").first
        waiting.get_by_role("button", name="Xác nhận").click()
        phone.get_by_role("button", name="Tôi đã hỏi lại; xác nhận").click()
        expect(phone.get_by_text("Đã xác nhận khóa. Khóa được ghi vào chính sách")).to_be_visible()
        assert_accessible(phone)

    with seat() as page:
        enter(page, office, "hanh")
        go(page, office, "/trust/keys/own")
        row = page.get_by_role("row", name="Máy tính của Chủ tịch")
        expect(row).to_contain_text("Võ Thị Quân đã xác nhận")
        row.get_by_role("button", name="Thu hồi").click()
        page.get_by_role("button", name="Thu hồi khóa").first.click()
        expect(page.get_by_text("Đã thu hồi khóa.")).to_be_visible()
