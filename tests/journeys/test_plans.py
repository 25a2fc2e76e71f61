"""The founding plan: brought as a file, read into rows, adopted, carried out and registered."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Seat, assert_accessible, look

pytestmark = pytest.mark.journey
FOUNDING = Path(__file__).resolve().parents[2] / "samples" / "ke-hoach-90.txt"


def test_a_plan_is_read_adopted_and_carried_out(seat: Seat) -> None:
    with seat("binh") as page:
        page.goto("/plans/import")
        page.set_input_files("input[name=document]", FOUNDING)
        _press(page, "Đọc")
        expect(page.get_by_text("Phòng Tài chính – Kế hoạch huyện").first).to_be_visible()
        assert_accessible(page)
        look(page, "plan-rows")
        page.locator("input[name=take]:checked").first.uncheck()
        _press(page, "Lập kế hoạch")
        page.get_by_role("main").get_by_text("Ban hành", exact=True).first.click()
        with page.expect_navigation():
            page.locator("form[action$='/adopt'] button").last.click()
        expect(page.get_by_text("Đã ban hành.").first).to_be_visible()
        assert_accessible(page)
        look(page, "plan-adopted")
        address = page.url
        page.get_by_role("link", name="Kế hoạch 90/KH-UBND").click()
        expect(page.get_by_text("07-CT/TW").first).to_be_visible()
        page.goto(address)
        page.locator("main th a[href*='/plans/tasks/']").first.click()
        page.fill("input[name=percent]", "40")
        _press(page, "Báo cáo")
        expect(page.get_by_text("40 %").first).to_be_visible()
        assert_accessible(page)
        look(page, "plan-task")


def test_a_dead_line_takes_nothing_of_a_draft(seat: Seat) -> None:
    """Neither the words of a row nor a chosen file; both go on when the line is back."""
    with seat("binh") as page:
        page.goto("/plans/import")
        page.set_input_files("input[name=document]", FOUNDING)
        page.context.set_offline(True)
        page.get_by_role("button", name="Đọc", exact=True).click()
        expect(page.locator("#toasts")).to_contain_text("Tệp vẫn còn được chọn")
        page.context.set_offline(False)
        _press(page, "Đọc")
        page.locator("main a[href*='/plans/rows/']").first.click()
        page.fill("textarea[name=text]", "Việc tôi vừa sửa")
        page.context.set_offline(True)
        page.get_by_role("button", name="Lưu", exact=True).click()
        expect(page.locator("#toasts")).to_contain_text("vẫn còn đây")
        expect(page.locator("textarea[name=text]")).to_have_value("Việc tôi vừa sửa")
        page.context.set_offline(False)
        _press(page, "Lưu")
        expect(page.get_by_text("Việc tôi vừa sửa")).to_be_visible()


def _press(page: Page, words: str) -> None:
    with page.expect_navigation():
        pressed = page.get_by_role("main").locator("a, button")
        pressed.filter(has_text=re.compile(rf"^\s*{words}\s*$")).first.click()
