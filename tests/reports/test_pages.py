"""Pages of reports: they work, refuse what they must, and are nobody else's."""

import io
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from tests.conftest import SignedIn, person
from tests.refusals import refused
from tests.reports.conftest import JUNE
from tests.reports.reporting import accepted, figure, fill, fresh, submitted
from vang.base.clock import ManualClock, use_clock
from vang.orgs.models import Standing, Unit
from vang.people.models import Person
from vang.reports.models import Form, FormVersion, Regime, Report, Round
from vang.reports.services import (
    begin_report,
    reopen_report,
    return_report,
    save_texts,
    submit_report,
)
from vang.stations.models import Cluster, Node
from vang.stations.queries import middles

MAY = datetime(2026, 5, 20, 3, 0).astimezone()
pytestmark = pytest.mark.usefixtures("office_hours")
Queries = Callable[..., object]


@pytest.fixture(autouse=True)
def _in_may(office_hours: None) -> None:
    use_clock(ManualClock(MAY))


def body(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_what_is_due_leads_to_the_report_and_through_it(
    report: Report, an: Person, binh: Person, signed_in: SignedIn
) -> None:
    """Nine clicks from the reminder to the submission, most of them "save and go on"."""
    office, leader = signed_in(an), signed_in(binh)
    home = body(office, "/")
    assert "Báo cáo hạn nộp 10/06/2026" in home
    assert "còn 21 ngày" in home
    assert f"/reports/{report.pk}" in home
    assert "Báo cáo chưa bắt đầu" in body(office, f"/reports/{report.pk}")
    answer = office.post(f"/reports/{report.pk}/begin")
    assert answer["Location"] == f"/reports/{report.pk}/figures"
    page = body(office, f"/reports/{report.pk}/figures")
    assert page.count('name="v:') == 106
    answer = office.post(f"/reports/{report.pk}/figures", {"v:channels.talks": "12"})
    assert answer["Location"] == f"/reports/{report.pk}/texts"
    texts = body(office, f"/reports/{report.pk}/texts")
    assert "Xã Quế Thuận báo cáo kết quả" in texts
    answer = office.post(f"/reports/{report.pk}/texts", {"t:tasks": "Sửa hai cụm loa."})
    assert answer["Location"] == f"/reports/{report.pk}/finish"
    assert "Trình lãnh đạo" in body(office, f"/reports/{report.pk}/finish")
    office.post(f"/reports/{report.pk}/ask")
    assert "Chờ ký" in body(leader, "/")
    assert leader.post(f"/reports/{report.pk}/submit").status_code == 302
    done = fresh(report)
    assert (done.state, done.late) == ("SUBMITTED", False)
    assert "Sửa hai cụm loa." in body(office, f"/reports/{report.pk}")


def test_what_cannot_be_kept_is_told_and_stays_typed(
    report: Report, an: Person, signed_in: SignedIn
) -> None:
    office = signed_in(an)
    office.post(f"/reports/{report.pk}/begin")
    told = {"v:channels.talks": "1,250", "v:channels.leaflets": "1.250", "v:stations.villages": "9"}
    answer = office.post(f"/reports/{report.pk}/figures", told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "có thể hiểu là" in page
    assert 'value="1,250"' in page
    assert "Hồ sơ cho số 3" in page
    assert figure(report, "channels.leaflets") == 1_250_000
    assert figure(report, "stations.villages") == 3000


def test_two_people_are_told_of_each_other(
    report: Report, an: Person, binh: Person, signed_in: SignedIn
) -> None:
    first, second = signed_in(an), signed_in(binh)
    first.post(f"/reports/{report.pk}/begin")
    before = re.search(
        r'name="before" value="([^"]*)"', body(second, f"/reports/{report.pk}/figures")
    )
    assert before is not None
    opened = before[1].replace("&quot;", '"')
    first.post(f"/reports/{report.pk}/figures", {"v:channels.talks": "5", "before": opened})
    answer = second.post(
        f"/reports/{report.pk}/figures", {"v:channels.talks": "7", "before": opened}
    )
    assert answer.status_code == 422
    assert "người khác đã sửa" in answer.content.decode()
    assert figure(report, "channels.talks") == 5000


def test_a_page_that_saves_by_itself_does_not_stand_in_its_own_way(
    report: Report, an: Person, binh: Person, signed_in: SignedIn
) -> None:
    """Whoever goes on typing after the page saved is nobody else; what cannot be kept is told."""
    office = signed_in(an)
    office.post(f"/reports/{report.pk}/begin")
    where, itself = f"/reports/{report.pk}/figures", {"X-Autosave": "1"}
    stands = '{"channels.talks": ["", ""]}'
    for typed in ("1", "12"):
        told = {"v:channels.talks": typed, "before": stands}
        answer = office.post(where, told, headers=itself)
        assert answer.status_code == 200
        stands = answer.json()["fields"]["before"]
    assert figure(report, "channels.talks") == 12_000
    wrong = {"v:channels.talks": "1,250", "before": stands}
    assert office.post(where, wrong, headers=itself).status_code == 422
    words = f"/reports/{report.pk}/texts"
    was = ""
    for typed in ("Sửa", "Sửa loa."):
        answer = office.post(words, {"t:tasks": typed, "w:tasks": was}, headers=itself)
        was = answer.json()["fields"]["w:tasks"]
    assert was == "Sửa loa."
    other = office.post(words, {"t:tasks": "Khác", "w:tasks": ""}, headers=itself)
    assert (other.status_code, "w:tasks" in other.json()["fields"]) == (422, False)
    fill(report, {}, by=an, now=MAY)
    submit_report(report=report, by=binh, now=MAY)
    assert office.post(where, told, headers=itself).status_code == 409
    assert office.post(words, {"t:tasks": "x"}, headers=itself).status_code == 409


def test_a_figure_shows_the_records_behind_it(
    report: Report, an: Person, signed_in: SignedIn
) -> None:
    office = signed_in(an)
    office.post(f"/reports/{report.pk}/begin")
    page = body(office, f"/reports/{report.pk}/why/stations.villages")
    assert "Thôn Thuận 1" in page
    assert "Cách tính" in page
    body(office, f"/reports/{report.pk}/why/channels.talks", 404)
    body(office, f"/reports/{report.pk}/why/nothing", 404)


def test_the_unit_above_returns_one_figure_and_accepts(
    report: Report, report_b: Report, above: Report, an: Person, binh: Person, dao: Person,
    signed_in: SignedIn, django_assert_max_num_queries: Queries,
) -> None:  # fmt: skip
    submitted(report, {"channels.talks": 5}, writer=an, signer=binh, now=MAY)
    district = signed_in(dao)
    assert "1 báo cáo chờ kiểm tra" in body(district, "/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        page = body(district, f"/reports/{above.pk}/below")
    assert "Xã Quế Thuận" in page
    assert "Trả lại kèm góp ý" in body(district, f"/reports/{report.pk}")
    assert district.post(f"/reports/{report.pk}/return", {"comment": " "}).status_code == 422
    assert "(buổi)" in body(district, f"/reports/{report.pk}/return")
    district.post(f"/reports/{report.pk}/return", {"r:channels.talks": "Vì sao chỉ 5 buổi?"})
    office = signed_in(an)
    assert "Bị trả lại" in body(office, "/")
    assert "Vì sao chỉ 5 buổi?" in body(office, f"/reports/{report.pk}/figures")
    office.post(f"/reports/{report.pk}/figures", {"v:channels.talks": "6"})
    signed_in(binh).post(f"/reports/{report.pk}/submit")
    district.post(f"/reports/{report.pk}/accept")
    assert fresh(report).state == "ACCEPTED"
    district.post(f"/reports/{above.pk}/consolidate")
    assert figure(above, "channels.talks") == 6000


def test_whoever_is_missing_is_listed_with_telephone_numbers(
    above: Report, report_b: Report, chi: Person, dao: Person, signed_in: SignedIn
) -> None:
    Person.objects.filter(pk=chi.pk).update(phone="0905123456")
    page = body(signed_in(dao), f"/reports/{above.pk}/below?view=missing")
    assert "0905123456" in page


def test_a_report_is_taken_away_as_document_tables_and_signed_file(
    report: Report, report_b: Report, above: Report, an: Person, binh: Person, chi: Person,
    dao: Person, signed_in: SignedIn,
) -> None:  # fmt: skip
    accepted(report, {"channels.talks": 5}, writer=an, signer=binh, above=dao, now=MAY)
    accepted(report_b, {"channels.talks": 7}, writer=chi, signer=chi, above=dao, now=MAY)
    office, district = signed_in(an), signed_in(dao)
    document = office.get(f"/reports/{report.pk}/report.docx")
    words = "\n".join(one.text for one in Document(io.BytesIO(document.content)).paragraphs)
    assert "Xã Quế Thuận báo cáo kết quả" in words
    assert office.get(f"/reports/{report.pk}/report.pdf").content.startswith(b"%PDF")
    assert office.get(f"/reports/{report.pk}/signed").status_code == 200
    district.post(f"/reports/{above.pk}/consolidate")
    answer = district.get(f"/reports/{above.pk}/tables.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["Số liệu", "Theo đơn vị", "Tình hình nộp"]
    units = [row[0].value for row in book["Theo đơn vị"].iter_rows(min_row=4)]
    assert units == ["Xã Quế Phong", "Xã Quế Thuận"]
    pdf = district.get(f"/reports/{above.pk}/report.pdf").content
    assert pdf.startswith(b"%PDF")


def test_an_indicator_is_followed_through_the_rounds(
    report: Report, report_b: Report, an: Person, binh: Person, chi: Person, dao: Person,
    signed_in: SignedIn, django_assert_max_num_queries: Queries,
) -> None:  # fmt: skip
    district = signed_in(dao)
    assert "Chưa tiếp nhận số liệu nào" in body(district, "/reports/statistics")
    accepted(report, {"channels.talks": 5}, writer=an, signer=binh, above=dao, now=MAY)
    accepted(report_b, {"channels.talks": 7}, writer=chi, signer=chi, above=dao, now=MAY)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        page = body(district, "/reports/statistics?code=channels.talks")
    assert "Xã Quế Phong" in page
    assert "12" in page
    assert "Xã Quế Thuận" in body(district, "/reports/statistics?code=channels.talks&units=today")
    table = district.get("/reports/statistics?code=channels.talks&format=xlsx")
    book = load_workbook(io.BytesIO(b"".join(table.streaming_content)))  # type: ignore[attr-defined]
    assert book.active["B4"].value == 7


def test_the_figures_of_a_round_stand_on_a_map(
    report: Report, report_b: Report, an: Person, binh: Person, dao: Person, xa_a: Unit, xa_b: Unit,
    signed_in: SignedIn, django_assert_max_num_queries: Queries,
) -> None:  # fmt: skip
    """One commune with a figure and a position, one with neither: both are told of."""
    for n, (north, east) in enumerate([(15.70, 108.20), (15.72, 108.22)]):
        Cluster.objects.create(
            unit=xa_a, code=f"20662-{n}", name=f"Cụm {n}", latitude=north, longitude=east
        )
    accepted(report, {"channels.talks": 5}, writer=an, signer=binh, above=dao, now=MAY)
    district = signed_in(dao)
    address = f"/reports/statistics?code=channels.talks&round={report.round_id}"
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        page = body(district, address)
    assert page.count('class="map-spot"') == 1
    assert f'<a href="/reports/{report.pk}" tabindex="-1">' in page
    assert f'<a href="/reports/{report_b.pk}">Xã Quế Phong</a>' in page
    assert "1 đơn vị chưa có tọa độ" in page
    Cluster.objects.create(unit=xa_b, code="x", name="x", latitude=15.6, longitude=108.1)
    today = body(district, f"{address}&units=today")
    assert today.count('class="map-spot"') == 2
    assert "chưa có số liệu" in today
    assert f'<a href="/figures/{xa_b.pk}">Xã Quế Phong</a>' in today
    Standing.objects.filter(unit=xa_a).update(share_num=3, share_den=5)
    Standing.objects.create(unit=xa_a, today_unit=xa_b, share_num=2, share_den=5)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        divided = body(district, f"{address}&units=today")
    assert "Xã Quế Thuận: 3" in divided
    assert "Xã Quế Phong: 2" in divided
    assert "map-spot" not in body(signed_in(an), address), "a commune is no map"


def test_where_a_unit_stood_is_known_by_the_devices_enrolled_in_it(xa_a: Unit, xa_b: Unit) -> None:
    one = Cluster.objects.create(unit=xa_b, code="x", name="x", latitude=15.6, longitude=108.1)
    Node.objects.create(
        id="n", cluster=one, home=xa_a, public_key="00" * 32, enrolled_at=MAY
    )  # fmt: skip
    assert middles([xa_a.pk, xa_b.pk]) == {xa_b.pk: (15.6, 108.1)}
    assert middles([xa_a.pk], formerly=True) == {xa_a.pk: (15.6, 108.1)}
    assert xa_b.parent_id is not None
    assert middles([xa_b.parent_id]) == {xa_b.parent_id: (15.6, 108.1)}


def test_a_form_of_ones_own_is_made_previewed_and_taken_into_use(
    form: Form, district: Unit, dao: Person, signed_in: SignedIn
) -> None:
    client = signed_in(dao)
    answer = client.post("/reports/forms/new", {"code": "bc quý", "name": "Báo cáo quý"})
    draft = FormVersion.objects.get(form__unit=district)
    assert answer["Location"] == f"/reports/versions/{draft.pk}"
    fields = {
        "code": "so.buoi", "name": "Số buổi", "group": "AIRTIME", "kind": "NUMBER",
        "rollup": "SUM", "decimals": "0", "jump": "0", "least": "0", "required": "on",
        "formula": "air.sessions",
    }  # fmt: skip
    assert client.post(f"/reports/versions/{draft.pk}/indicators/new", fields).status_code == 302
    again = client.post(f"/reports/versions/{draft.pk}/indicators/new", fields)
    assert again.status_code == 422
    wrong = {**fields, "code": "x", "least": "9", "most": "1"}
    assert client.post(f"/reports/versions/{draft.pk}/indicators/new", wrong).status_code == 422
    assert "Số buổi" in body(client, f"/reports/versions/{draft.pk}/preview")
    client.post(f"/reports/versions/{draft.pk}/issue")
    body(client, f"/reports/versions/{draft.pk}", 404)
    assert "Số buổi" in body(client, f"/reports/forms/{draft.form_id}")
    assert client.post(f"/reports/forms/{form.pk}/begin").status_code == 302
    assert form.versions.count() == 1


def test_a_form_changed_in_mid_round_leaves_the_open_round_alone(
    form: Form, district: Unit, xa_a: Unit, dao: Person, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(dao)
    shipped = {"code": "RIENG", "name": "Biểu riêng", "like": str(form.pk)}
    client.post("/reports/forms/new", shipped)
    draft = FormVersion.objects.get(form__unit=district)
    client.post(f"/reports/versions/{draft.pk}/issue")
    regime = {
        "name": "Báo cáo riêng", "form": str(draft.form_id), "level": "COMMUNE",
        "days": "half-years",
    }  # fmt: skip
    client.post("/reports/regimes", regime)
    made = Regime.objects.get(name="Báo cáo riêng")
    days = {name: day.isoformat() for name, day in vars(JUNE).items()}
    client.post(f"/reports/regimes/{made.pk}", {"name": "Tháng 6", **days})
    round_ = Round.objects.get(regime=made)
    client.post(f"/reports/forms/{draft.form_id}/begin")
    newer = FormVersion.objects.get(form=draft.form_id, state="DRAFT")
    client.post(f"/reports/versions/{newer.pk}/indicators/{newer.indicators.all()[0].pk}/remove")
    client.post(f"/reports/versions/{newer.pk}/issue")
    assert Round.objects.get(pk=round_.pk).version_id == draft.pk
    report = Report.objects.get(round=round_, unit=xa_a)
    begin_report(report=report, by=an, now=MAY)
    current = fresh(report).current
    assert current is not None
    assert current.values.count() == draft.indicators.count()


PAGES = (
    "/reports/", "/reports/?view=done", "/reports/statistics", "/reports/forms",
    "/reports/regimes", "/reports/{pk}", "/reports/{pk}/figures", "/reports/{pk}/texts",
    "/reports/{pk}/finish", "/reports/{pk}/why/stations.clusters", "/reports/receive",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_asks_little_and_is_for_people_signed_in(
    address: str, report: Report, an: Person, signed_in: SignedIn,
    django_assert_max_num_queries: Queries,
) -> None:  # fmt: skip
    begin_report(report=report, by=an, now=MAY)
    client, where = signed_in(an), address.format(pk=report.pk)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        body(client, where)
    assert Client().get(where).status_code == 302
    assert client.put(where).status_code == 405


OWN = (
    "", "/figures", "/texts", "/finish", "/why/stations.clusters", "/report.docx", "/report.pdf",
    "/tables.xlsx", "/signed", "/below", "/return",
)  # fmt: skip
ACTS = (
    "/begin", "/figures", "/figures/refresh", "/figures/stations.clusters/take", "/texts",
    "/texts/redraft", "/files", "/files/1/remove", "/ask", "/submit", "/consolidate", "/accept",
    "/return", "/extend", "/reopen", "/sent/1", "/received/1",
)  # fmt: skip


def test_a_stranger_finds_nothing(
    report: Report, an: Person, chi: Person, signed_in: SignedIn
) -> None:
    begin_report(report=report, by=an, now=MAY)
    stranger = signed_in(chi)
    for tail in OWN:
        assert stranger.get(f"/reports/{report.pk}{tail}").status_code == 404, tail
    for tail in ACTS:
        assert stranger.post(f"/reports/{report.pk}{tail}").status_code == 404, tail
        assert Client().post(f"/reports/{report.pk}{tail}").status_code == 302, tail
    assert fresh(report).state == "DRAFT"


def test_whoever_only_looks_from_above_changes_nothing(
    report: Report, an: Person, binh: Person, dung: Person, signed_in: SignedIn
) -> None:
    submitted(report, {}, writer=an, signer=binh, now=MAY)
    looker = signed_in(dung)
    body(looker, f"/reports/{report.pk}")
    for tail in ("/accept", "/return", "/reopen", "/extend"):
        assert looker.post(f"/reports/{report.pk}{tail}", {"comment": "x"}).status_code == 403
    assert fresh(report).state == "SUBMITTED"


def test_what_is_not_submitted_yet_is_not_seen_from_above(
    report: Report, an: Person, binh: Person, dao: Person, district: Unit, signed_in: SignedIn
) -> None:
    """An office of the district's own would see drafts through its roles below; a reader of the
    unit above by no role at the unit would not: what counts is what was submitted."""
    submitted(report, {"channels.talks": 5}, writer=an, signer=binh, now=MAY)
    return_report(report=report, comment="Xem lại", remarks={}, by=dao, now=MAY)
    fill(report, {"channels.talks": 8}, by=an, now=MAY)
    save_texts(report=report, texts={"tasks": ("chưa xong", None)}, by=an, now=MAY)
    page = body(signed_in(an), f"/reports/{report.pk}?version=1")
    assert "chưa xong" not in page


def test_more_time_and_reopening_are_given_from_above(
    report: Report, an: Person, binh: Person, dao: Person, signed_in: SignedIn
) -> None:
    client = signed_in(dao)
    client.post(f"/reports/{report.pk}/extend", {"until": "2026-06-20", "reason": "bão"})
    assert "gia hạn" in body(signed_in(an), f"/reports/{report.pk}")
    submitted(report, {}, writer=an, signer=binh, now=MAY)
    client.post(f"/reports/{report.pk}/reopen", {"reason": "đếm sót"})
    assert fresh(report).state == "DRAFT"
    with refused("open-already"):
        reopen_report(report=report, reason="lại", by=dao, now=MAY)


def test_files_go_with_a_report(report: Report, an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    client.post(f"/reports/{report.pk}/begin")
    file = io.BytesIO(b"%PDF-1.7 quyet dinh")
    file.name = "quyết định.pdf"
    client.post(f"/reports/{report.pk}/files", {"attachment": file})
    current = fresh(report).current
    assert current is not None
    kept = current.attachments.get()
    sent = client.get(f"/reports/{report.pk}/files/{kept.pk}")
    assert b"".join(sent.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    client.post(f"/reports/{report.pk}/files/{kept.pk}/remove")
    assert not current.attachments.exists()


def test_a_writer_cannot_open_rounds_or_forms(
    regime: Regime, xa_a: Unit, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert client.post("/reports/forms/new", {"code": "a", "name": "b"}).status_code == 403
    assert client.post("/reports/regimes", {"name": "b"}).status_code == 403
    assert client.post(f"/reports/regimes/{regime.pk}", {"name": "b"}).status_code == 404
    far = Unit.objects.create(
        code="99", valid_from=xa_a.valid_from, level="PROVINCE", kind="TINH", name="Xa"
    )
    other = person("la", "Người Lạ", far, "READER")
    body(signed_in(other), f"/reports/regimes/{regime.pk}", 404)
