"""The components in a real browser, under the real content security policy."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, expect

from tests.base import gallery

pytestmark = pytest.mark.journey

SMALL_TEXT = """[...document.querySelectorAll('body *')].filter(e =>
  [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())
  && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML.slice(0, 80))"""
SMALL_TARGETS = """[...document.querySelectorAll(
    '.btn, .menu > summary, .nav a, .tabs a, input, select')]
  .filter(e => e.offsetParent && !['checkbox', 'radio', 'hidden'].includes(e.type))
  .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with gallery.serve() as where:
        yield where


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(autouse=True)
def _nothing_saved() -> None:
    gallery.SAVED.clear()


def complaints_about(page: Page, url: str, rules: list[str] | None) -> list[str]:
    """What is wrong with a page: for its policy, for axe, for the eye and the finger."""
    wrong: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(url)
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    wrong += [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]
    wrong += [f"small text: {element}" for element in page.evaluate(SMALL_TEXT)]
    wrong += [f"small target: {element}" for element in page.evaluate(SMALL_TARGETS)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append("wider than the screen")
    if "UNDEFINED" in page.content():
        wrong.append("an undefined variable")
    page.close()
    return wrong


@pytest.mark.parametrize(
    ("scheme", "screen"),
    [("light", gallery.SCREENS[0]), ("light", gallery.SCREENS[1]), ("dark", gallery.SCREENS[0])],
    ids=str,
)
def test_every_page_is_accessible_and_fits(
    browser: Browser, address: str, scheme: str, screen: tuple[int, int]
) -> None:
    context = browser.new_context(
        viewport={"width": screen[0], "height": screen[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="vi-VN",
    )
    rules = ["color-contrast"] if scheme == "dark" else None  # only colours change at night
    complaints = [
        f"{name}: {complaint}"
        for name in gallery.PAGES
        for complaint in complaints_about(context.new_page(), f"{address}/{name}", rules)
    ]
    context.close()
    assert complaints == []


def test_without_javascript_dialogs_and_menus_still_open(browser: Browser, address: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="vi-VN"
    )
    page = context.new_page()
    page.goto(f"{address}/review")
    dialog = page.locator("#return")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Trả lại").click()
    expect(dialog).to_be_visible()
    dialog.get_by_text("Hủy", exact=True).click()
    expect(dialog).to_be_hidden()
    page.locator(".dock-more > summary").click()
    expect(page.locator(".dock-panel").get_by_role("link", name="Cụm loa")).to_be_visible()
    context.close()


def test_a_dialog_opens_closes_with_escape_and_returns_the_focus(page: Page, address: str) -> None:
    page.goto(f"{address}/review")
    opener = page.get_by_role("button", name="Trả lại")
    opener.click()
    expect(page.locator("#return")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#return")).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_menu_closes_with_escape(page: Page, address: str) -> None:
    page.goto(f"{address}/home")
    page.get_by_text("Nguyễn Văn An", exact=True).first.click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_hidden()


def test_leaving_a_field_saves_what_was_typed(page: Page, address: str) -> None:
    page.goto(f"{address}/edit")
    page.get_by_label("Tiêu đề").fill("Lịch cắt điện")
    page.get_by_label("Loại thông tin").focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Đã lưu lúc")
    assert gallery.SAVED == ["Lịch cắt điện"]


def test_typing_on_saves_every_ten_seconds(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(f"{address}/edit")
    page.get_by_label("Tiêu đề").fill("Lịch")
    assert gallery.SAVED == []
    page.clock.fast_forward(10_000)
    expect(page.locator("[data-autosave-status]")).to_contain_text("Đã lưu lúc")
    assert gallery.SAVED == ["Lịch"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (401, "Phiên làm việc đã hết"),
        (302, "Phiên làm việc đã hết"),
        (409, "Có người khác vừa sửa"),
        (422, "Chưa lưu được"),
        (500, "Chưa lưu được"),
    ],
)
def test_what_was_not_saved_is_offered_again(
    page: Page, address: str, answer: int, words: str
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/edit?answer={answer}")
    page.get_by_label("Tiêu đề").fill("Lịch cắt điện")
    page.get_by_label("Ưu tiên", exact=True).check()
    page.get_by_label("Thôn Thuận 3").check()
    page.get_by_label("Loại thông tin").focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text(words)
    page.goto(f"{address}/edit")
    expect(page.get_by_label("Tiêu đề")).to_have_value("")
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("Lịch cắt điện")
    expect(page.get_by_label("Thôn Thuận 3")).to_be_checked()
    expect(page.get_by_role("button", name="Khôi phục")).to_have_count(0)


def test_a_copy_can_be_discarded(page: Page, address: str) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/edit?answer=401")
    page.get_by_label("Tiêu đề").fill("Nhầm")
    page.goto(f"{address}/edit")
    page.get_by_role("button", name="Bỏ", exact=True).click()
    page.goto(f"{address}/edit")
    expect(page.get_by_text("Nội dung chưa lưu")).to_have_count(0)


def test_a_form_that_was_accepted_leaves_no_copy(page: Page, address: str) -> None:
    page.goto(f"{address}/edit?answer=500")
    page.get_by_label("Tiêu đề").fill("Lịch cắt điện")
    page.get_by_label("Ngày phát").fill("2026-06-12")
    page.get_by_label("Tôi đã đọc lại").check()
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_url("**/home")
    page.goto(f"{address}/edit")
    expect(page.get_by_text("Nội dung chưa lưu")).to_have_count(0)


def test_a_form_sent_while_the_line_is_down_stays_and_can_be_sent_again(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/edit")
    page.get_by_label("Tiêu đề").fill("Lịch cắt điện")
    page.get_by_label("Ngày phát").fill("2026-06-12")
    page.get_by_label("Tôi đã đọc lại").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.locator("#toasts")).to_contain_text("Mất kết nối")
    expect(page.get_by_label("Tiêu đề")).to_have_value("Lịch cắt điện")
    page.context.set_offline(False)
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_url("**/home")
    page.goto(f"{address}/edit")
    expect(page.get_by_text("Nội dung chưa lưu")).to_have_count(0)


def test_a_page_opened_after_the_line_broke_does_not_drop_the_copy(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/edit?answer=500")
    page.get_by_label("Tiêu đề").fill("Lịch cắt điện")
    page.get_by_label("Ngày phát").fill("2026-06-12")
    page.get_by_label("Tôi đã đọc lại").check()
    page.route(
        "**/edit*",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_url("chrome-error://**")
    page.goto(f"{address}/home")
    page.goto(f"{address}/edit")
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("Lịch cắt điện")


def test_what_came_back_from_the_server_is_kept_and_not_offered_as_another_text(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/edit?refuse&answer=500")
    page.get_by_label("Tiêu đề").fill("Lịch cắt điện")
    page.get_by_label("Ngày phát").fill("2026-06-12")
    page.get_by_label("Tôi đã đọc lại").check()
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.locator("form[data-autosave-answered]")).to_have_count(1)
    expect(page.get_by_text("Nội dung chưa lưu")).to_have_count(0)
    expect(page.locator("[data-autosave-status]")).to_contain_text("Chưa lưu")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/edit")
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("Lịch cắt điện")


def test_of_two_copies_only_the_newer_is_offered(page: Page, address: str) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/edit?answer=500")
    page.get_by_label("Tiêu đề").fill("Lịch cắt điện")
    page.goto(f"{address}/edit?kept_at=1")
    expect(page.get_by_text("Có văn bản chưa lưu")).to_be_hidden()
    page.get_by_role("button", name="Bỏ", exact=True).click()
    expect(page.get_by_text("Có văn bản chưa lưu")).to_be_visible()


def test_leaving_with_unsaved_words_asks_first(page: Page, address: str) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto(f"{address}/edit?answer=500")
    page.get_by_label("Tiêu đề").fill("Lịch cắt điện")
    page.goto(f"{address}/home")
    assert asked == ["beforeunload"]


def test_the_counter_counts_letters_as_people_do(page: Page, address: str) -> None:
    page.goto(f"{address}/edit")
    page.get_by_role("textbox", name="Nội dung").fill("Quế Sơn")
    expect(page.locator(".counter")).to_have_text("7 / 50.000 ký tự")


def test_all_villages_are_chosen_with_one_button(page: Page, address: str) -> None:
    page.goto(f"{address}/edit")
    page.get_by_role("button", name="Chọn tất cả", exact=True).click()
    assert page.locator(".ticks input:checked").count() == 6
    page.get_by_role("button", name="Bỏ chọn tất cả").click()
    assert page.locator(".ticks input:checked").count() == 0


def test_progress_is_replaced_by_its_answer(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(f"{address}/components")
    expect(page.locator("#polled")).to_have_count(0)
    page.clock.fast_forward(2_100)
    expect(page.locator("#polled")).to_have_text("Xong")


def test_an_answer_can_show_a_toast(page: Page, address: str) -> None:
    page.goto(f"{address}/components")
    page.get_by_role("button", name="Báo").click()
    toast = page.locator("#toasts .notice")
    expect(toast).to_contain_text("Đã dừng")
    expect(toast.locator("input[name=token]")).to_have_value("abc")
    expect(toast.get_by_role("button", name="Hoàn tác")).to_be_visible()
    toast.get_by_role("button", name="Đóng").click()
    expect(page.locator("#toasts .notice")).to_have_count(0)


def test_sections_become_tabs_moved_by_arrow_keys(page: Page, address: str) -> None:
    page.goto(f"{address}/components")
    expect(page.get_by_text("Hai", exact=True)).to_be_hidden()
    page.get_by_role("tab", name="Văn bản").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Hai", exact=True)).to_be_visible()


def test_a_form_is_not_sent_twice_by_a_second_tap(page: Page, address: str) -> None:
    page.goto(f"{address}/nodes")
    sent = page.evaluate(
        """() => { const form = document.querySelector("td form");
        const count = () => form.dispatchEvent(
          new SubmitEvent("submit", {bubbles: true, cancelable: true}));
        return [count(), count()]; }"""
    )
    assert sent == [True, False]


def test_charts_are_drawn_from_their_tables(page: Page, address: str) -> None:
    page.goto(f"{address}/panels")
    chart = page.locator("#chart-airtime")
    expect(chart.locator("canvas")).to_be_visible()
    expect(chart.locator("table")).to_be_hidden()
    chart.locator(".u-over").hover(position={"x": 5, "y": 60})
    told = "10/06/2026: Tự sản xuất 12 phút; Tiếp âm 0 phút"
    expect(chart.locator(".chart-readout")).to_have_text(told)
    chart.get_by_text("Bảng số liệu").click()
    expect(chart.get_by_role("cell", name="30").first).to_be_visible()


def test_without_javascript_the_figures_are_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{address}/panels")
    expect(page.locator("#chart-airtime table")).to_be_visible()
    context.close()


A_FILE = {"name": "loi.wav", "mimeType": "audio/wav", "buffer": b"0" * 1000}


def test_a_file_is_sent_with_its_progress(page: Page, address: str) -> None:
    page.goto(f"{address}/upload")
    page.set_input_files("input[type=file]", A_FILE)
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url("**/home")
    assert gallery.SAVED == ["loi.wav"]


def test_a_refused_file_is_told_in_place(page: Page, address: str) -> None:
    page.goto(f"{address}/upload?refuse")
    page.set_input_files("input[type=file]", A_FILE)
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_text("không phải là tệp âm thanh")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi")).to_be_visible()


def test_a_broken_line_keeps_the_chosen_file(page: Page, address: str) -> None:
    page.goto(f"{address}/upload")
    page.set_input_files("input[type=file]", A_FILE)
    page.route("**/take-file", lambda route: route.abort())
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_text("Mất kết nối khi tệp chưa đến hết")).to_be_visible()
    page.unroute("**/take-file")
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url("**/home")
    assert gallery.SAVED == ["loi.wav"]


def test_a_group_stays_closed_on_the_next_page(page: Page, address: str) -> None:
    page.goto(f"{address}/home")
    page.locator(".side").get_by_text("Phát sóng").click()
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert cookies["vang_nav"] == "-air"


def test_the_skip_link_leads_to_the_content(page: Page, address: str) -> None:
    page.goto(f"{address}/bulletins")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_wide_matrix_does_not_widen_the_page_on_a_telephone(page: Page, address: str) -> None:
    """Its words for the ear alone lie outside the view like the cells they are in."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{address}/panels")
    page.locator(".matrix td").evaluate_all(
        "cells => cells.forEach(cell => { cell.style.minWidth = '14rem'; })"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
