"""The week: pointed at, dragged in, and the same by keyboard from the list below."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Seat, assert_accessible, look
from vang.base.clock import local_date, now

pytestmark = pytest.mark.journey

TITLE = "Mời họp thôn tối thứ sáu"
TEXT = "Kính mời bà con thôn 1 đến nhà văn hóa họp lúc 19 giờ."


def test_a_broadcast_is_put_into_the_week_dragged_and_moved_by_keyboard(seat: Seat) -> None:
    day = local_date(now()) + timedelta(days=7)  # next week: nothing has begun
    with seat("an") as page:
        page.goto("/bulletins/new")
        page.fill("[name=title]", TITLE)
        page.fill("[name=text]", TEXT)
        page.locator("button.btn[name=act][value=submit]").click()
        expect(page.get_by_role("heading", name=TITLE).first).to_be_visible()
    with seat("binh", height=1800) as page:
        approve(page)
        page.goto(f"/airtime/week?day={day.isoformat()}")
        expect(page.locator(".fc-timegrid")).to_be_visible()
        point_at(page, f"{day.isoformat()}", "17:30")
        page.locator("#board-dialog").get_by_role("link", name=TITLE).click()
        expect(page.locator("input[name=hour]")).to_have_value("17:30")
        page.locator("button[name=place]").click()
        expect(page.get_by_text("Sẽ phát lúc 17:30")).to_be_visible()
        page.goto(f"/airtime/week?day={day.isoformat()}")
        drag_down(page, event(page, "17:30"), by_hours=1)
        hour = page.locator("#board-dialog input[name=hour]")
        expect(hour).to_have_value(re.compile("18:(25|30|35)"))  # a pixel is two minutes
        hour.fill("18:30")
        page.locator("#board-dialog button[name=go]").click()
        expect(event(page, "18:30")).to_be_visible()
        look(page, "week")
        assert_accessible(page)
        move_by_keyboard(page)


def approve(page: Page) -> None:
    page.get_by_role("link", name=TITLE).first.click()
    if "/review" not in page.url:
        page.goto(f"{page.url}/review")
    expect(page.locator("audio")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt").first).to_be_visible()


def point_at(page: Page, day: str, clock: str) -> None:
    """Click where a day's column and an hour's line cross."""
    column = page.locator(f".fc-timegrid-col[data-date='{day}']").bounding_box()
    line = page.locator(f".fc-timegrid-slot-lane[data-time='{clock}:00']").bounding_box()
    assert column
    assert line
    page.mouse.click(column["x"] + column["width"] / 2, line["y"] + 2)


def event(page: Page, clock: str) -> Locator:
    return page.locator(".fc-event", has_text=re.compile(f"{clock}.*{TITLE[:6]}")).first


def drag_down(page: Page, one: Locator, *, by_hours: int) -> None:
    expect(one).to_be_visible()
    box = one.bounding_box()
    slot = page.locator(".fc-timegrid-slot-lane").first.bounding_box()
    assert box
    assert slot
    x, y = box["x"] + 20, box["y"] + 6
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + slot["height"], steps=5)
    page.mouse.move(x, y + 2 * by_hours * slot["height"], steps=5)
    page.mouse.up()


def move_by_keyboard(page: Page) -> None:
    page.locator(".board-list > summary").focus()
    page.keyboard.press("Enter")
    link = page.locator(".board-list").get_by_role("link", name=TITLE)
    link.focus()
    page.keyboard.press("Enter")
    hour = page.locator("input[name=hour]")
    expect(hour).to_have_value("18:30")
    hour.fill("19:00")
    hour.press("Enter")
    expect(page.get_by_text("đã dời sang 19:00")).to_be_visible()
