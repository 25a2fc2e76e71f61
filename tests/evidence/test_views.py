"""The as-run log and the journals page."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.dispatch.radio import on_air, plan_of
from tests.evidence.conftest import Stage
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.evidence.models import JournalFault, JournalRecord
from vang.evidence.queries import counted
from vang.people.models import Person
from vang_protocol.reasons import Reason

pytestmark = pytest.mark.django_db


def page(client: Client, who: Person, name: str, query: str = "") -> str:
    client.force_login(who)
    answer = client.get(reverse(name) + query)
    assert answer.status_code == 200
    return read(answer)


def whole(answer: HttpResponseBase) -> bytes:
    """Reading a file to its end also closes it."""
    return b"".join(answer) if answer.streaming else answer.content


def read(answer: HttpResponseBase) -> str:
    """The words of a page or a file; of a workbook, those of its cells."""
    content = whole(answer)
    if content[:2] != b"PK":
        return content.decode()
    cells = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in cells for cell in row)


def test_a_proved_play_is_green_and_an_expected_one_is_not(
    client: Client, an: Person, stage: Stage
) -> None:
    before = page(client, an, "evidence:live").split("<table")[1]
    assert "Lịch cắt điện" in before
    assert "tone-ok" not in before
    stage.device.play(stage.item)
    stage.device.upload()
    after = page(client, an, "evidence:live").split("<table")[1]
    assert "tone-ok" in after
    assert "3,0 ms" in after
    assert "5 giây" in after


def test_a_doubtful_play_says_why_and_is_not_green(
    client: Client, an: Person, stage: Stage
) -> None:
    stage.device.start(stage.item, sha256="ab" * 32)
    stage.device.end(stage.item)
    stage.device.upload()
    shown = page(client, an, "evidence:live")
    assert "đã phát âm thanh khác bản được duyệt" in shown
    assert "tone-ok" not in shown.split("<table")[1]
    assert "Nhật ký thiết bị có sai sót" in shown


def test_a_missed_play_says_why(client: Client, an: Person, stage: Stage) -> None:
    stage.device.miss(stage.item, Reason.NOT_FETCHED)
    stage.device.upload()
    assert "âm thanh chưa tải kịp về thiết bị" in page(client, an, "evidence:list")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("?day=2026-06-10", True),
        ("?day=2026-06-11", False),
        ("?day=rubbish", True),
        ("?state=DONE", False),
        ("?state=PLANNED", True),
        ("?cluster=99999", True),
        ("?page=99", True),
    ],
)
def test_the_log_is_filtered(
    query: str, *, shown: bool, client: Client, an: Person, stage: Stage
) -> None:
    assert ("Lịch cắt điện" in page(client, an, "evidence:list", query)) is shown


def test_today_renews_itself_and_other_days_do_not(
    client: Client, an: Person, stage: Stage
) -> None:
    today = page(client, an, "evidence:list")
    assert "every 5s" in today
    assert 'value="2026-06-10"' in today
    assert "every 5s" not in page(client, an, "evidence:list", "?day=2026-06-09")
    part = page(client, an, "evidence:live")
    assert "<html" not in part
    assert "Lịch cắt điện" in part


def test_the_table_can_be_taken_along(client: Client, an: Person, stage: Stage) -> None:
    stage.device.play(stage.item)
    stage.device.upload()
    client.force_login(an)
    answer = client.get(reverse("evidence:export-csv"))
    assert "nhat-ky-phat-20662-20260610.csv" in answer.headers["Content-Disposition"]
    text = whole(answer).decode("utf-8-sig")
    (head, row) = list(csv.reader(io.StringIO(text), delimiter=";"))
    told = dict(zip(head, row, strict=True))
    assert told["Giờ theo lịch"] == "17:00:00"
    assert told["Sai lệch (ms)"] == "3"
    assert told["SHA-256"] == stage.item.audio.sha256


def test_the_table_opens_in_a_spreadsheet_program(client: Client, an: Person, stage: Stage) -> None:
    stage.device.play(stage.item)
    stage.device.upload()
    client.force_login(an)
    answer = client.get(reverse("evidence:export-xlsx"))
    page = load_workbook(io.BytesIO(whole(answer))).active
    head, row = list(page.iter_rows(values_only=True))
    told = dict(zip(head, row, strict=True))
    assert told["Ngày"] == datetime(2026, 6, 10)
    assert told["Sai lệch (ms)"] == 3
    assert told["Thời lượng đã phát"] == timedelta(seconds=5)


def test_the_journals_page_tells_what_is_verified(client: Client, an: Person, stage: Stage) -> None:
    assert "Chưa nhận được gì" in page(client, an, "evidence:journals")
    stage.device.play(stage.item)
    stage.device.upload()
    assert "tone-ok" in page(client, an, "evidence:journals")
    stage.device.play(stage.item)
    stage.device.upload(stage.device.lines[3:])
    assert "thiếu dòng; đã yêu cầu thiết bị gửi lại" in page(client, an, "evidence:journals")
    stage.device.upload()
    assert "Đã nhận đủ dòng thiếu" in page(client, an, "evidence:journals")


def test_checking_again_finds_a_line_altered_on_the_server(
    client: Client, an: Person, stage: Stage
) -> None:
    stage.device.play(stage.item)
    stage.device.upload()
    address = reverse("evidence:verify", args=[stage.device.id])
    client.force_login(an)
    client.post(address)
    assert not JournalFault.objects.exists()
    row = JournalRecord.objects.get(seq=2)
    line = row.line.replace('"frames":240000', '"frames":240001')
    assert line != row.line
    JournalRecord.objects.filter(pk=row.pk).update(line=line)
    first = JournalRecord.objects.get(seq=1)
    JournalRecord.objects.filter(pk=first.pk).update(line=first.line.replace("boot-1", "boot-2"))
    shown = client.post(address, follow=True).content.decode()
    assert "Nhật ký bị đứt ở dòng 2." in shown
    assert JournalFault.objects.get().reason == "altered"


ADDRESSES = [
    "evidence:list",
    "evidence:live",
    "evidence:export-csv",
    "evidence:export-xlsx",
    "evidence:journals",
]


@pytest.mark.parametrize("name", ADDRESSES)
def test_pages_to_read_take_no_post_and_no_stranger(
    name: str, client: Client, an: Person, stage: Stage
) -> None:
    assert client.get(reverse(name)).status_code == 302
    client.force_login(an)
    assert client.post(reverse(name)).status_code == 405
    assert whole(client.get(reverse(name)))


@pytest.mark.parametrize("name", ADDRESSES)
def test_chi_sees_nothing_of_it(
    name: str, client: Client, chi: Person, an: Person, stage: Stage
) -> None:
    stage.device.play(stage.item)
    stage.device.upload()
    marks = {stage.cluster.name, "Lịch cắt điện"}
    hers = page(client, chi, name)
    assert not any(mark in hers for mark in marks)
    assert any(mark in page(client, an, name) for mark in marks)


def test_chi_cannot_check_another_communes_journal(
    client: Client, chi: Person, an: Person, stage: Stage
) -> None:
    address = reverse("evidence:verify", args=[stage.device.id])
    assert client.post(address).status_code == 302
    client.force_login(chi)
    assert client.post(address).status_code == 404
    client.force_login(an)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302


def test_dung_of_the_district_reads_it(client: Client, dung: Person, stage: Stage) -> None:
    assert "Lịch cắt điện" in page(client, dung, "evidence:list")


def test_a_full_day_needs_no_more_queries_than_one_item(
    client: Client,
    an: Person,
    binh: Person,
    stage: Stage,
    now: datetime,
    django_assert_max_num_queries: object,
) -> None:
    for minutes in range(1, 6):
        on_air(stage.unit, an, binh, now, stage.item.start + timedelta(minutes=minutes))
    publish_plan(stage.unit, now=now)
    for item in orders(plan_of(stage.unit)).items:
        stage.device.play(item)
    stage.device.upload()
    client.force_login(an)
    client.get(reverse("evidence:live"))
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(reverse("evidence:live"))
    with django_assert_max_num_queries(26):  # type: ignore[operator]
        client.get(reverse("evidence:list"))


def test_what_was_withdrawn_or_stopped_counts_neither_for_nor_against() -> None:
    count = counted(
        [
            ("DONE", ""),
            ("DONE", "silence"),
            ("PLANNED", ""),
            ("STOPPED", "stopped"),
            ("WITHDRAWN", ""),
            ("MISSED", "late"),
        ]
    )
    assert (count.planned, count.proved, count.open, count.amiss) == (5, 1, 1, 2)
