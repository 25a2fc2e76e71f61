"""The merger of 1 July 2025 performed on the demonstration, with a loudspeaker that goes on."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import as_outside, assert_accessible, look, sign_in
from tests.prepared import copy, prepared_database
from vang.installation.options import RunOptions
from vang.installation.preflight import free_port
from vang.installation.supervisor import Installation

pytestmark = pytest.mark.journey
BEFORE = ("Xã Quế Cường", "Xã Phú Thọ", "Xã Quế Hiệp", "Xã Quế Thuận", "Xã Quế Châu")
"""Of the district of 2017: Quế Cường and Phú Thọ became Quế Mỹ later."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Installation]:
    """One of its own: others would no longer find their commune."""
    if prepared_database().exists():
        copy(prepared_database(), tmp_path / "db.sqlite3")
    options = RunOptions(tmp_path, free_port("127.0.0.1"), nodes=1, bind="127.0.0.1", empty=False)
    with as_outside(), Installation(options, purpose="once") as installation:
        yield installation


@pytest.fixture
def seats(browser: Browser, running: Installation) -> Iterator[dict[str, Page]]:
    passwords = {one["username"]: one["password"] for one in running.facts["accounts"]}
    contexts, pages = [], {}
    for name in ("thanh", "tu"):
        contexts.append(browser.new_context(base_url=running.addresses.pages, locale="vi-VN"))
        pages[name] = contexts[-1].new_page()
        pages[name].set_default_timeout(30_000)
        pages[name].set_viewport_size({"width": 1366, "height": 768})
        sign_in(pages[name], name, passwords[name])
    yield pages
    for context in contexts:
        context.close()


def test_five_communes_become_que_son_trung(seats: dict[str, Page], tmp_path: Path) -> None:
    chief, technician = seats["thanh"], seats["tu"]
    technician.goto("/stations/")
    expect(technician.get_by_text("Đang kết nối").first).to_be_visible(timeout=60_000)

    chief.goto("/units/")
    assert_accessible(chief)
    look(chief, "units")
    chief.get_by_role("link", name="Sáp nhập, chia tách, đổi tên").click()
    for name in BEFORE:
        chief.locator("label", has_text=name).first.click()
    chief.fill("input[name=code]", "20662")
    chief.fill("input[name=effective_on]", f"{date.today():%Y-%m-%d}")
    chief.fill("input[name=legal_basis]", "Nghị quyết số 1659/NQ-UBTVQH15 ngày 16/06/2025")
    assert_accessible(chief)
    look(chief, "merger-new")
    chief.get_by_role("button", name="Thông báo sắp xếp").click()
    expect(chief.get_by_role("heading", level=1)).to_contain_text("Xã Quế Sơn Trung")
    expect(chief.get_by_text("Có hiệu lực", exact=True).first).to_be_visible()
    assert_accessible(chief)
    look(chief, "merger-done")
    chief.set_viewport_size({"width": 390, "height": 800})
    look(chief, "merger-done-phone")

    technician.goto("/stations/")
    expect(technician.get_by_text("Xã Quế Sơn Trung").first).to_be_visible()
    expect(technician.get_by_text("Đang kết nối").first).to_be_visible()
    look(technician, "merger-stations")
    homes = list((tmp_path / "nodes").glob("*/server.json"))
    assert [json.loads(home.read_text())["answer"]["unit"] for home in homes] == ["20662"]
    technician.goto("/units/")
    expect(technician.get_by_text("Xã Quế Thuận").first).to_be_visible()
    look(technician, "units-after")
