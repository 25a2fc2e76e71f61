"""The station's logbook: what was heard where, why not, and who answered for it."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import pypdfium2 as pdfium
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from tests.dispatch.radio import cluster_in, device_on, on_air, plan_of
from tests.evidence.conftest import Stage
from vang.airtime.services import stop_item
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.evidence.logbook.facts import logbook
from vang.evidence.logbook.lines import Line, Play, by_day, totals
from vang.evidence.models import AsRun
from vang.orgs.models import Organisation
from vang.people.models import Person
from vang_protocol.reasons import Reason

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 10)
FIVE = datetime(2026, 6, 9, 22, 0, tzinfo=UTC)  # 05:00 on the 10th in Vietnam
EVENING = timedelta(hours=10)


def line(minutes: int, *plays: Play, relayed: str = "", category: str = "sự kiện") -> Line:
    start = FIVE + timedelta(minutes=minutes)
    return Line(
        item=f"o{minutes}",
        start=start,
        title="Lịch cắt điện",
        category=category,
        duration_ms=60_000,
        writers=("An",),
        approver="Bình",
        plays=plays,
        relayed_from=relayed,
    )


def heard(cluster: str = "A", ms: int = 60_000) -> Play:
    return Play(cluster, "DONE", "", None, ms)


def test_totals_count_what_was_heard_and_nothing_else() -> None:
    told = totals(
        [
            line(0, heard("A", 60_000), heard("B", 60_000)),
            line(2, heard("A", 60_000), relayed="VOV1", category="thời sự"),
            line(90, Play("A", "PARTIAL", "pre-empted", None, 20_000)),
            line(95, Play("A", "MISSED", "node-off", None, 0)),
            line(96, Play("A", "DONE", "silence", None, 60_000)),
            line(97, Play("A", "PLANNED", "", None, 0)),
        ]
    )
    assert (told.sessions, told.items, told.silent, told.open) == (2, 3, 2, 1)
    assert (told.own_ms, told.relayed_ms) == (80_000, 60_000)
    assert told.by_category == {"sự kiện": 80_000, "thời sự": 60_000}


plays = st.builds(
    Play,
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from([state.value for state in AsRun.State]),
    st.sampled_from(["", "silence", "node-off", "pre-empted"]),
    st.none(),
    st.integers(0, 60_000),
)
books = st.lists(
    st.builds(
        lambda minutes, some, relayed: line(minutes, *some, relayed=relayed),
        st.integers(0, 4000),
        st.lists(plays, max_size=4),
        st.sampled_from(["", "VOV1"]),
    ),
    max_size=12,
)


@given(books)
def test_every_line_and_every_play_is_accounted_for_once(book: list[Line]) -> None:
    told = totals(book)
    assert told.items + told.silent + told.open == len(book)
    assert told.sounded_ms == sum(told.by_category.values())
    assert told.sessions <= told.items
    for one in book:
        assert len(one.heard) + len(one.not_heard) + len(one.open) == len(one.plays)
    days = by_day(book, TODAY, TODAY + timedelta(days=3))
    assert sum(len(lines) for lines in days.values()) == len(book)
    again = totals(list(reversed(book)))
    assert (again.sessions, again.own_ms) == (told.sessions, told.own_ms)


def book_of(stage: Stage, hours: int = 12) -> list[Line]:
    return logbook(stage.unit, TODAY, TODAY, now=stage.hand.now() + timedelta(hours=hours))


def test_a_proved_play_stands_in_the_book_with_who_answers_for_it(stage: Stage) -> None:
    stage.device.play(stage.item)
    stage.device.upload()
    (one,) = book_of(stage)
    assert [play.cluster for play in one.heard] == ["Cụm Thuận 1"]
    assert one.sounded_ms == stage.item.audio.duration_ms
    assert one.writers == ("Nguyễn Văn An",)
    assert one.approver == "Trần Thị Bình"
    assert one.not_heard == []


def test_a_cluster_that_was_silent_is_named_with_the_reason(stage: Stage, tech: Person) -> None:
    stage.device.miss(stage.item, Reason.NOT_FETCHED)
    stage.device.upload()
    (one,) = book_of(stage)
    assert [(play.cluster, play.reason) for play in one.not_heard] == [
        ("Cụm Thuận 1", "not-fetched")
    ]
    assert one.sounded_ms == 0


def test_what_is_still_to_come_is_not_in_the_book(stage: Stage) -> None:
    assert logbook(stage.unit, TODAY, TODAY, now=stage.item.start) == []
    assert len(logbook(stage.unit, TODAY, TODAY, now=stage.after)) == 1


def test_an_item_that_an_officer_struck_stays_in_the_book(stage: Stage, binh: Person) -> None:
    stop_item(unit=stage.unit, item=stage.item.id, by=binh, now=stage.hand.now())
    publish_plan(stage.unit, now=stage.hand.now())
    (one,) = book_of(stage)
    assert one.stop is not None
    assert one.stop.by == "Trần Thị Bình"
    assert one.sounded_ms == 0


def test_an_item_that_was_moved_before_its_time_is_not_in_the_book(stage: Stage) -> None:
    stage.placement.stopped_at = stage.hand.now()
    stage.placement.save()
    publish_plan(stage.unit, now=stage.hand.now())
    assert book_of(stage) == []


def get(client: Client, who: Person, name: str, query: str = "") -> bytes:
    client.force_login(who)
    answer = client.get(reverse(name) + query)
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def pages(content: bytes) -> list[str]:
    with pdfium.PdfDocument(content) as document:
        assert document[0].get_width() > document[0].get_height()
        texts = [page.get_textpage().get_text_range() for page in document]
    return [re.sub(r"\s+", " ", text) for text in texts]


def test_the_paper_book_of_a_day_can_be_signed(client: Client, an: Person, stage: Stage) -> None:
    Organisation.objects.create(
        unit=stage.unit,
        kind="STATION",
        name="Đài truyền thanh xã Quế Thuận",
        valid_from=date(2020, 1, 1),
    )
    stage.device.play(stage.item)
    stage.device.upload()
    stage.hand.set(stage.after)
    content = get(client, an, "evidence:logbook-pdf", "?announcer=Phan%20Văn%20Ngữ")
    (text,) = pages(content)
    for part in [
        "ỦY BAN NHÂN DÂN XÃ QUẾ THUẬN ĐÀI TRUYỀN THANH XÃ QUẾ THUẬN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Quế Thuận, ngày 10 tháng 6 năm 2026",
        "SỔ NHẬT KÝ PHÁT THANH Ngày 10/06/2026",
        "17:00 (17:00:00) Lịch cắt điện",
        "Tự làm",
        "Cụm Thuận 1",
        "Người soạn: Nguyễn Văn An Người duyệt: Trần Thị Bình",
        "Số buổi: 1; số tin, bài đã phát: 1.",
        "PHÁT THANH VIÊN",
        "Phan Văn Ngữ",
        "TRƯỞNG ĐÀI",
    ]:
        assert part in text, (part, text)


def test_a_month_has_every_day_so_far_and_its_totals(
    client: Client, an: Person, stage: Stage
) -> None:
    stage.device.play(stage.item)
    stage.device.upload()
    stage.hand.set(stage.after)
    text = " ".join(pages(get(client, an, "evidence:logbook-pdf", "?span=month&day=2026-06-03")))
    assert "Tháng 6 năm 2026" in text
    assert "Từ ngày 01/06/2026 đến ngày 09/06/2026 Không phát." in text
    assert "Ngày 10/06/2026 (1 buổi, 1 tin, bài, 5 giây)" in text
    assert "Ngày 11/06/2026" not in text


def test_the_workbook_has_typed_cells_and_a_sheet_of_days(
    client: Client, an: Person, stage: Stage
) -> None:
    stage.device.play(stage.item)
    stage.device.upload()
    stage.hand.set(stage.after)
    book = load_workbook(io.BytesIO(get(client, an, "evidence:logbook-xlsx", "?span=month")))
    lines, days = book.worksheets
    head, row = list(lines.values)[2:4]
    told = dict(zip(head, row, strict=True))
    assert told["Ngày"] == datetime(2026, 6, 10)
    assert told["Thời lượng nghe được"] == timedelta(seconds=5)
    assert told["Người duyệt"] == "Trần Thị Bình"
    last = list(days.values)[-1]
    assert last[0] == datetime(2026, 6, 10)
    assert last[1:3] == (1, 1)


def test_the_page_shows_what_will_be_printed(client: Client, an: Person, stage: Stage) -> None:
    stage.hand.set(stage.after)
    shown = get(client, an, "evidence:logbook").decode()
    assert "thiết bị chưa báo cáo" in shown
    stage.device.sign_in()
    stage.device.play(stage.item)
    stage.device.upload()
    shown = get(client, an, "evidence:logbook").decode()
    assert "thiết bị chưa báo cáo" not in shown
    assert (
        "Không có lượt phát nào" in get(client, an, "evidence:logbook", "?day=2026-06-01").decode()
    )


@pytest.mark.parametrize("name", ["logbook", "logbook-pdf", "logbook-xlsx"])
def test_the_book_is_read_by_its_own_commune_only(
    name: str, client: Client, an: Person, chi: Person, stage: Stage
) -> None:
    address = reverse(f"evidence:{name}")
    assert client.get(address).status_code == 302
    client.force_login(an)
    assert client.post(address).status_code == 405
    stage.hand.set(stage.after)
    hers = get(client, chi, f"evidence:{name}")
    if name != "logbook-xlsx":
        shown = hers.decode() if name == "logbook" else " ".join(pages(hers))
        assert "Lịch cắt điện" not in shown
    assert get(client, an, f"evidence:{name}")


def test_a_full_month_needs_no_more_queries_than_a_day(
    client: Client,
    an: Person,
    binh: Person,
    tech: Person,
    stage: Stage,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    device_on(cluster_in(stage.unit, tech, stage.hand.now(), "Cụm Thuận 2"), tech, stage.hand.now())
    for minute in (10, 20, 30):
        on_air(stage.unit, an, binh, stage.hand.now(), stage.item.start + timedelta(minutes=minute))
    publish_plan(stage.unit, now=stage.hand.now())
    assert len(orders(plan_of(stage.unit)).items) > 1
    stage.hand.set(stage.after + EVENING)
    client.force_login(an)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("evidence:logbook") + "?span=month").status_code == 200
