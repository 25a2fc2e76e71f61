"""Every page of the console is accessible, on an office PC and on a telephone."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Office, Seat, assert_accessible, sign_in

pytestmark = pytest.mark.journey

PAGES = {
    "an": [
        "/",
        "/bulletins/",
        "/bulletins/new",
        "/bulletins/2",
        "/bulletins/2/edit",
        "/studio/2",
        "/studio/notices",
        "/studio/notices/storm",
        "/phrases/",
        "/library/",
        "/library/add",
    ],
    "binh": [
        "/bulletins/1/review",
        "/airtime/",
        "/airtime/week",
        "/airtime/clusters",
        "/airtime/add",
        "/airtime/days-off",
        "/airtime/programmes",
        "/airtime/programmes/new",
        "/airtime/sounds",
        "/airtime/heard?place=&day=2026-06-10&hour=17:00",
        "/airtime/hours",
        "/as-run/",
        "/as-run/journals",
        "/as-run/logbook",
        "/figures/",
        "/figures/?span=year",
    ],
    "tu": ["/", "/stations/", "/stations/1", "/stations/new"],
    "quan": ["/", "/account/people", "/account/", "/voice/", "/voice/pronunciations"],
    "dung": ["/", "/stations/", "/airtime/communes"],
}


@pytest.mark.parametrize("username", PAGES)
@pytest.mark.parametrize("width", [1366, 390])
def test_pages_are_accessible(seat: Seat, username: str, width: int) -> None:
    with seat(username, width=width, height=800) as page:
        for address in PAGES[username]:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            assert_accessible(page)


def test_sign_in_page_is_accessible_and_refuses_a_wrong_password(seat: Seat) -> None:
    with seat() as page:
        page.goto("/account/sign-in")
        assert_accessible(page)
        page.fill("input[name=username]", "an")
        page.fill("input[name=password]", "sai-mat-khau")
        page.press("input[name=password]", "Enter")
        expect(page.get_by_text("không đúng").first).to_be_visible()


def test_console_speaks_english_when_asked(seat: Seat) -> None:
    with seat("an") as page:
        page.locator("summary", has_text="Nguyễn Văn An").click()
        page.get_by_role("button", name="English").click()
        expect(page.locator("h1")).to_have_text("What is due")


def test_typed_text_survives_a_session_that_ended(seat: Seat, office: Office) -> None:
    text = "Kính mời bà con đến họp lúc 19h30."
    with seat("an") as page:
        page.goto("/bulletins/new")
        page.fill("[name=title]", "Họp dân thôn 3")
        page.fill("[name=text]", text)
        page.context.clear_cookies(name="sessionid")
        with page.expect_navigation():
            page.get_by_role("button", name="Lưu", exact=True).click()
        sign_in(page, "an", office.passwords["an"])
        page.goto("/bulletins/new")
        kept_there = page.get_by_role("link", name="Soạn tiếp")
        kept_here = page.get_by_role("button", name="Khôi phục")
        kept_there.or_(kept_here).click()  # one of the two is offered
        expect(page.locator("[name=text]")).to_have_value(text)
