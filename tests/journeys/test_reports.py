"""The June report of the demonstration, from the reminder on the first page to the document that
the district sends on."""

import io
import re

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Seat, assert_accessible, look

pytestmark = pytest.mark.journey


class Clicks:
    """Counts what a person presses."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, words: str) -> None:
        self.count += 1
        with self.page.expect_navigation():
            pressed = self.page.get_by_role("main").locator("a, button")
            pressed.filter(has_text=re.compile(rf"^\s*{words}\s*$")).first.click()


def test_a_commune_files_its_june_report_and_the_district_takes_it(seat: Seat) -> None:
    with seat("binh") as commune:
        clicks = Clicks(commune)
        commune.goto("/")
        expect(commune.get_by_role("link", name=re.compile("^Báo cáo hạn nộp"))).to_be_visible()
        clicks.press("Bắt đầu báo cáo")
        address = commune.url
        clicks.press("Bắt đầu báo cáo")
        expect(commune.get_by_role("heading", name="Cụm loa, loa")).to_be_visible()
        assert_accessible(commune)
        look(commune, "report-figures")
        with seat("an") as colleague:
            type_without_a_line(colleague, f"{address}/figures")
        commune.reload()
        expect(commune.locator("[name='v:channels.leaflets']")).to_have_value("90")
        commune.get_by_label("Buổi tuyên truyền trực tiếp", exact=True).fill("1,250")
        clicks.press("Lưu và làm tiếp")
        expect(commune.get_by_text("có thể hiểu là").first).to_be_visible()
        commune.get_by_label("Buổi tuyên truyền trực tiếp", exact=True).fill("12")
        clicks.press("Lưu và làm tiếp")
        assert_accessible(commune)
        clicks.press("Lưu và làm tiếp")
        expect(commune.get_by_text("Không thiếu gì.")).to_be_visible()
        assert_accessible(commune)
        clicks.press("Ký và nộp")
        expect(commune.get_by_text("Đã ký và nộp.")).to_be_visible()
        assert clicks.count < 10

    with seat("dao") as district:
        clicks = Clicks(district)
        district.goto("/")
        district.get_by_role("main").get_by_text("Kiểm tra", exact=True).first.click()
        assert_accessible(district)
        look(district, "report-below")
        district.get_by_role("link", name="Xã Quế Thuận").click()
        clicks.press("Trả lại kèm góp ý")
        district.get_by_label("Buổi tuyên truyền trực tiếp", exact=True).fill("Kế hoạch là 10?")
        clicks.press("Trả lại")
        expect(district.get_by_text("Đã trả lại.")).to_be_visible()

    with seat("binh") as commune:
        commune.goto(f"{address}/figures")
        expect(commune.get_by_text("Kế hoạch là 10?")).to_be_visible()
        commune.get_by_label("Buổi tuyên truyền trực tiếp", exact=True).fill("10")
        clicks = Clicks(commune)
        clicks.press("Lưu và làm tiếp")
        clicks.press("Lưu và làm tiếp")
        clicks.press("Ký và nộp")

    with seat("dao") as district:
        clicks = Clicks(district)
        district.goto(address)
        clicks.press("Tiếp nhận")
        clicks.press("Tổng hợp")
        expect(district.get_by_text("Đã tổng hợp từ 1 báo cáo.")).to_be_visible()
        clicks.press("Lưu và làm tiếp")
        clicks.press("Lưu và làm tiếp")
        clicks.press("Ký và nộp")
        assert_accessible(district)
        with district.expect_download() as coming:
            district.get_by_text("Văn bản (DOCX)").click()
        words = "\n".join(
            one.text for one in Document(io.BytesIO(coming.value.path().read_bytes())).paragraphs
        )
        assert "TÌNH HÌNH BÁO CÁO CỦA CÁC ĐƠN VỊ" in words
        assert "Huyện Quế Sơn báo cáo kết quả" in words


def type_without_a_line(blank: Page, address: str) -> None:
    """The line breaks while somebody types, then the computer is switched off: nothing is lost."""
    context = blank.context
    blank.goto("about:blank")
    page = context.new_page()
    page.goto(address)
    field = page.locator("[name='v:channels.leaflets']")
    context.set_offline(True)
    field.fill("90")
    page.get_by_role("button", name="Lưu và làm tiếp").click()
    expect(page.locator("[data-autosave-status]")).to_contain_text("kết nối")
    expect(field).to_have_value("90")
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Khôi phục").click()
    field = page.locator("[name='v:channels.leaflets']")
    expect(field).to_have_value("90")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(field).to_have_value("90")
