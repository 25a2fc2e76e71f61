"""A day's work of each role, on a telephone or an office PC; every page passed is accessible."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Office, Seat, assert_accessible

pytestmark = pytest.mark.journey

PHONE = {"width": 390, "height": 800}
TITLE = "Thông báo về đền bù đất ở thôn 2"
TEXT = "Ủy ban nhân dân xã mời các hộ ở thôn 2 đến nhận phương án bồi thường lúc 8 giờ."


def heading(page: Page, words: str) -> None:
    """The page that was asked for is there, and accessible."""
    expect(page.locator("h1")).to_have_text(words)
    assert_accessible(page)


def test_a_sensitive_text_goes_by_telephone_from_the_writer_over_the_approver_to_the_leader(
    seat: Seat,
) -> None:
    with seat("an", **PHONE) as page:
        page.goto("/bulletins/new")
        page.fill("[name=title]", TITLE)
        page.fill("[name=text]", TEXT)
        page.select_option("[name=sensitive]", value="no")
        heading(page, "Soạn bản tin")
        page.locator("button.btn[name=act][value=submit]").click()
        heading(page, TITLE)
    with seat("binh", **PHONE) as page:
        page.get_by_role("link", name=TITLE).first.click()
        expect(page.locator("audio").first).to_be_visible(timeout=60_000)
        heading(page, TITLE)
        page.get_by_role("button", name="Có, lãnh đạo duyệt").click()
        expect(page.get_by_text("lãnh đạo đơn vị duyệt").first).to_be_visible()
        expect(page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)
    with seat("hanh", **PHONE) as page:
        heading(page, "Việc cần làm")
        page.get_by_role("link", name=TITLE).first.click()
        heading(page, TITLE)
        for confirmed in page.locator("[name=confirmed]").all():  # state secrets, one by one
            confirmed.check()
        page.get_by_role("button", name="Duyệt", exact=True).click()
        expect(page.get_by_text("Đã duyệt").first).to_be_visible()
        page.get_by_role("link", name="Xem nhật ký").click()
        heading(page, "Nhật ký")
        expect(page.get_by_role("row").filter(has_text="Lý Thị Hạnh").first).to_contain_text(
            "Duyệt"
        )


def test_the_technician_sets_up_a_cluster_on_the_spot_and_changes_it_at_the_desk(
    seat: Seat,
) -> None:
    with seat("tu", **PHONE) as page:
        heading(page, "Việc cần làm")
        page.goto("/stations/")
        heading(page, "Cụm loa")
        page.get_by_role("link", name="Thêm cụm loa").click()
        page.fill("[name=name]", "Cụm loa Thôn 4")
        page.fill("[name=place]", "Cột điện trước nhà văn hóa")
        page.get_by_label("Thôn 4").check()
        heading(page, "Thêm cụm loa")
        page.get_by_role("button", name="Lưu", exact=True).click()
        heading(page, "Cụm loa Thôn 4")
        page.get_by_role("button", name="Đăng ký thiết bị").click()
        heading(page, "Mã đăng ký thiết bị")
    with seat("tu") as page:
        page.goto("/stations/")
        page.get_by_role("link", name="Cụm loa Thôn 4").first.click()
        page.get_by_role("link", name="Sửa", exact=True).click()
        page.fill("[name=volume_ceiling_db]", "-6")
        assert_accessible(page)
        page.get_by_role("button", name="Lưu", exact=True).click()
        heading(page, "Cụm loa Thôn 4")
        expect(page.get_by_text("-6 dB").first).to_be_visible()


def test_guidance_is_written_at_the_district_and_read_in_the_commune(seat: Seat) -> None:
    title = "Tuyên truyền ngày hội đại đoàn kết"
    with seat("hien") as page:
        page.goto("/guidance/")
        heading(page, "Định hướng tuyên truyền")
        page.get_by_role("link", name="Soạn định hướng").click()
        page.fill("[name=title]", title)
        page.fill("[name=ends_on]", "2027-01-31")
        page.fill("[name=do]", "Nêu gương người tốt, việc tốt")
        heading(page, "Soạn định hướng")
        page.get_by_role("button", name="Lưu dự thảo").click()
        heading(page, title)
        page.get_by_role("button", name="Ban hành").click()
        expect(page.get_by_text("Đã ban hành").first).to_be_visible()
        address = page.url
    with seat("an", **PHONE) as page:
        heading(page, "Việc cần làm")
        page.get_by_role("link", name=title).first.click()
        heading(page, title)
        page.get_by_role("button", name="Tôi đã đọc").click()
        page.goto("/bulletins/new")
        beside = page.locator("details", has_text=title).first
        if beside.get_attribute("open") is None:
            beside.locator("summary").click()
        expect(beside.get_by_text("Nêu gương người tốt")).to_be_visible()
    with seat("hien", **PHONE) as page:
        page.goto(address)
        page.get_by_role("link", name="Ai đã đọc").click()
        heading(page, "Ai đã đọc")
        page.goto(f"{address}/receipts?view=all")
        page.get_by_role("link", name="Xã Quế Thuận").first.click()
        expect(page.get_by_text("Nguyễn Văn An").first).to_be_visible()
        assert_accessible(page)
    with seat("dung", **PHONE) as page:
        heading(page, "Việc cần làm")
        for path, words in (("/communes", "Các xã"), ("/account/people/below", "Cán bộ các xã")):
            page.goto(path)
            heading(page, words)


def test_the_administrator_names_people_and_finds_it_in_the_journal(
    seat: Seat, office: Office
) -> None:
    with seat("quan", **PHONE) as page:
        for path, words in (
            ("/account/people", "Cán bộ"),
            ("/account/delegations", "Ủy quyền"),
            ("/account/board", "Ban biên tập"),
            ("/rights", "Ai được làm gì"),
        ):
            page.goto(path)
            heading(page, words)
    with seat("quan") as page:
        page.goto("/account/people/add")
        page.fill("[name=username]", "nga")
        page.fill("[name=full_name]", "Phan Thị Nga")
        page.get_by_label("Người soạn").check()
        heading(page, "Thêm và cấp mật khẩu")
        page.get_by_role("button", name="Thêm", exact=True).click()
        expect(page.get_by_text("Phan Thị Nga").first).to_be_visible()
        page.goto("/journal/?what=people")
        heading(page, "Nhật ký của đơn vị")
        expect(page.get_by_role("row").filter(has_text="Phan Thị Nga").first).to_be_visible()
        with page.expect_download() as waiting:
            page.get_by_role("link", name="CSV").click()
        assert "Phan Thị Nga" in waiting.value.path().read_text(encoding="utf-8-sig")
