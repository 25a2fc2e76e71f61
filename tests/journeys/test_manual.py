"""The screens that the manual shows: each opens, is whole, and has its help beside it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Seat, assert_accessible, look
from tests.library import material

pytestmark = pytest.mark.journey

SCREENS = {
    "an": {"due": "/", "bulletin": "/bulletins/2", "record": "/studio/2"},
    "binh": {"approve": "/bulletins/1/review"},
}


@pytest.mark.parametrize("username", SCREENS)
def test_the_screens_of_the_manual_have_help_beside_them(seat: Seat, username: str) -> None:
    with seat(username) as page:
        for name, address in SCREENS[username].items():
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            look(page, name)
        page.get_by_role("link", name="Trợ giúp").click()
        drawer = page.get_by_role("dialog", name="Trợ giúp")
        expect(drawer.get_by_role("heading", level=3)).to_be_visible()
        assert_accessible(page)
        drawer.get_by_role("link", name="Đọc tiếp trong sổ tay").click()
        page.wait_for_url("**/help/*#*")
        assert_accessible(page)


def test_a_document_is_recognised_and_its_parts_are_shown(seat: Seat) -> None:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    with seat("an") as page:
        page.goto("/library/add")
        file = {"name": "45-TB-UBND.docx", "mimeType": word, "buffer": material.notice()}
        page.set_input_files("input[type=file]", files=file)
        page.get_by_role("button", name="Đưa lên").click()
        expect(page.get_by_text("45/TB-UBND").first).to_be_visible(timeout=60_000)
        assert_accessible(page)
        look(page, "document")


def test_help_is_a_page_without_scripts(seat: Seat) -> None:
    with seat("an", width=390, height=800) as page:
        page.goto("/bulletins/new")
        address = page.get_by_role("link", name="Trợ giúp").get_attribute("href")
        page.goto(str(address))
        expect(page.get_by_role("heading", name="Viết", exact=True)).to_be_visible()
        assert_accessible(page)
