"""The console by keyboard alone: palette, shortcuts, undo, putting off, the theme."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Seat, assert_accessible, look

pytestmark = pytest.mark.journey


def test_everything_is_reached_from_the_palette(seat: Seat) -> None:
    with seat("an") as page:
        page.goto("/bulletins/1")
        title = page.locator("h1").inner_text()
        page.goto("/")
        page.keyboard.press("Control+k")
        field = page.get_by_role("combobox", name="Tìm, mở trang, làm việc")
        expect(field).to_be_focused()
        expect(page.get_by_role("option").first).to_contain_text(title)
        assert_accessible(page)
        look(page, "palette")
        page.keyboard.press("Escape")
        expect(field).to_be_hidden()
        page.keyboard.press("/")
        expect(field).to_be_focused()
        page.keyboard.type("soan ban")
        expect(page.get_by_role("option", selected=True)).to_have_text("Soạn bản tin")
        page.keyboard.press("Enter")
        page.wait_for_url("**/bulletins/new")
        page.locator("[name=title]").first.press_sequentially("/?g")
        expect(page.locator("[name=title]").first).to_have_value("/?g")


def test_letters_lead_to_places_until_they_are_turned_off(seat: Seat) -> None:
    with seat("an") as page:
        page.goto("/")
        page.keyboard.press("g")
        page.keyboard.press("l")
        page.wait_for_url("**/airtime/")
        page.keyboard.press("?")
        expect(page.get_by_role("heading", name="Phím tắt")).to_be_visible()
        page.get_by_label("Dùng phím tắt một chữ").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("heading", name="Phím tắt")).to_be_hidden()


def test_the_chosen_theme_stays_and_a_word_comes_back(seat: Seat) -> None:
    with seat("an") as page:
        page.goto("/voice/pronunciations")
        page.locator("summary", has_text="Nguyễn Văn An").click()
        page.get_by_role("button", name="Tối").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.locator("[name=written]").fill("Noru")
        page.locator("[name=spoken]").fill("nô ru")
        page.get_by_role("button", name="Lưu", exact=True).click()
        row = page.get_by_role("row", name="Noru")
        row.locator("form[action*=remove] button").click()
        expect(page.get_by_role("row", name="Noru")).to_have_count(0)
        assert_accessible(page)
        page.get_by_role("button", name="Hoàn tác").first.click()
        expect(page.get_by_role("row", name="Noru")).to_have_count(1)
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
