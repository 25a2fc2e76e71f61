# ruff: noqa: E501 - quotes
"""The plan 90/KH-UBND of Quế Sơn, clause by clause as a reader numbers them."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from vang.library.formats.process import read_content
from vang.plans.recognition.recognition import draft_of, is_plan
from vang.plans.recognition.rows import Kind, Manner, PlanDraft

PLAN = Path(__file__).resolve().parents[3] / "samples" / "ke-hoach-90.txt"
CULTURE = "Phòng Văn hóa và Thông tin huyện"
FINANCE = "Phòng Tài chính – Kế hoạch huyện"
STATION = "Đài Truyền thanh – Truyền hình huyện"
BODIES = "Các Ban, Ngành, đoàn thể chính trị - xã hội huyện"
COMMUNES = "UBND các xã, thị trấn"
ACTORS = {
    "V.1": (CULTURE,),
    "V.2": (FINANCE,),
    "V.3": (STATION, "Cổng thông tin điện tử huyện"),
    "V.4": (BODIES,),
    "V.5": (COMMUNES,),
    "V.6": ("Ban Tuyên giáo Huyện ủy", "Ban Dân vận Huyện ủy"),
}
# The 34 duties of section V: how each begins.
DUTIES = """V.1.1 Là cơ quan Thường trực đôn đốc
V.1.2.a Phối hợp với Ban Tuyên giáo Huyện ủy định hướng
V.1.2.b phối hợp với Đài Truyền thanh – Truyền hình huyện hướng dẫn
V.1.2.c xây dựng, hướng dẫn, đăng bản tin trên Trang
V.1.3 Chủ trì, phối hợp với Đài Truyền thanh – Truyền hình huyện, Phòng Tài chính
V.1.4 Chủ trì, phối hợp với các đơn vị liên quan, hàng năm
V.1.5.a Tham mưu UBND huyện sơ kết, tổng kết
V.1.5.b tổng hợp, xây dựng báo cáo hoạt động
V.1.6 Thực hiện chế độ thông tin, báo cáo với Sở
V.1.7 Chủ trì, phối hợp với các cơ quan có liên quan tổ chức thực hiện công tác thi đua
V.1.8.a Phối hợp với cơ quan liên quan, thanh tra, kiểm tra
V.1.8.b giải quyết khiếu nại, tố cáo
V.1.8.c tham mưu xử lý vi phạm
V.2.a Chủ trì, phối hợp với Phòng Văn hóa và Thông tin huyện, Đài
V.2.b đồng thời hướng dẫn, đôn đốc các cơ quan
V.3.1 Căn cứ chức năng, nhiệm vụ, xây dựng kế hoạch tăng cường
V.3.2 Nâng cao chất lượng các chuyên mục
V.3.3 Thực hiện chế độ thông tin, báo cáo, thống kê
V.4.1 Căn cứ chức năng, nhiệm vụ, hàng năm có kế hoạch
V.4.2.a Phối hợp với Phòng Văn hóa và Thông tin huyện, Đài Truyền thanh – Truyền hình huyện, UBND các xã
V.4.2.b Đồng thời, đẩy mạnh thực hiện Nghị định số 09/2017/NĐ-CP
V.4.3 Thực hiện chế độ thông tin, báo cáo, thống kê
V.5.1 Tổ chức thực hiện tốt Kế hoạch đẩy mạnh
V.5.2 Tổ chức thực hiện và kiểm tra việc thực hiện các văn bản
V.5.3 Huy động sức mạnh tổ hợp
V.5.4 Chỉ đạo các lực lượng tuyên truyền
V.5.5 Tăng cường công tác quản lý, sử dụng hiệu quả hệ thống
V.5.6 Phối hợp với Phòng Văn hóa và Thông tin huyện, Đài Truyền thanh – Truyền hình huyện để được
V.5.7 Phối hợp với Phòng Tài chính – Kế hoạch huyện để được
V.5.8 Phối hợp với các Ban, Ngành, đoàn thể chính trị - xã hội để được
V.5.9 Thực hiện chế độ báo cáo theo quy định
V.6.1 Đẩy mạnh công tác tuyên truyền đưa thông tin về cơ sở
V.6.2 Căn cứ chức năng, nhiện vụ, phối hợp với các cơ quan
V.6.3 Đào tạo, tập huấn đội ngũ cán bộ""".splitlines()


@cache
def founding() -> PlanDraft:
    return draft_of(read_content(PLAN.read_bytes(), lambda _done, _total: None).lines)


def test_the_head_is_told() -> None:
    draft = founding()
    assert is_plan(draft)
    assert (draft.number, draft.issued_on) == ("90/KH-UBND", date(2017, 10, 5))
    assert (draft.issuer, draft.place) == ("Ủy ban nhân dân huyện Quế Sơn", "Quế Sơn")
    assert draft.title.startswith("Đẩy mạnh công tác thông tin cơ sở trong tình hình mới")
    assert draft.period is not None
    assert (draft.period.first, draft.period.last) == (date(2017, 1, 1), date(2020, 12, 31))


def test_it_rests_on_three_documents_and_names_three_more() -> None:
    draft = founding()
    assert [basis.split(" ngày ")[0] for basis in draft.bases] == [
        "Kế hoạch số 98-KH/TU", "Chỉ thị số 07-CT/TW", "Kế hoạch số 4317/KH-UBND",
    ]  # fmt: skip
    assert "Quyết định số 52/2016/QĐ-TTg" in draft.mentioned
    assert "Nghị định số 09/2017/NĐ-CP" in draft.mentioned


def test_section_v_has_its_six_actors_and_nobody_else() -> None:
    actors = [a for a in founding().actors if a.section.startswith("TỔ CHỨC")]
    assert [actor.organisations for actor in actors] == list(ACTORS.values())
    assert [len(actor.rows) for actor in actors] == [8, 1, 3, 3, 9, 3]


@pytest.mark.parametrize("told", DUTIES, ids=lambda told: told.split(" ")[0])
def test_every_duty_of_section_v_is_found_with_its_actor(told: str) -> None:
    code, _, words = told.partition(" ")
    actor = ".".join(code.split(".")[:2])
    rows = [r for r in founding().of(Kind.TASK) if r.leads == ACTORS[actor]]
    found = [d for row in rows for d in row.duties if d.text.startswith(words)]
    assert len(found) == 1
    duty = found[0]
    assert founding().text[duty.start : duty.end].startswith(words)


def test_requests_to_the_party_are_told_from_orders() -> None:
    requested = [row for row in founding().of(Kind.TASK) if row.manner == Manner.REQUESTED]
    assert [row.code for row in requested] == ["V.6.1", "V.6.2", "V.6.3"]


def test_who_cooperates_is_named() -> None:
    rows = {row.code: row.cooperating for row in founding().of(Kind.TASK)}
    assert rows["V.1.3"] == (STATION, FINANCE)
    assert rows["V.2.1"] == (CULTURE, STATION, "các cơ quan liên quan")
    assert rows["V.5.8"] == ("các Ban, Ngành, đoàn thể chính trị - xã hội",)


def test_both_days_of_the_reporting_regime_come_every_year() -> None:
    (reporting,) = founding().reporting
    (deadline,) = reporting.deadlines
    assert deadline.repeat == "yearly"
    assert [(p.day, p.month) for p in deadline.points] == [(10, 6), (10, 11)]
    assert reporting.to == (CULTURE,)
    assert reporting.onward == ("UBND huyện", "Sở Thông tin và Truyền Thông Quảng Nam")
    assert reporting.reporters == ("Các cơ quan, đơn vị, xã, thị trấn",)


def test_all_recipients_and_the_signer() -> None:
    draft = founding()
    assert len(draft.recipients) == 8
    assert draft.recipients[0] == "TT. Huyện ủy, TT. HĐND huyện, TT. UBMTTQVN huyện"
    assert draft.recipients[-1] == "Lưu: VT, VX"
    assert (draft.signer, draft.signer_post) == ("Nguyễn Văn Thắng", "PHÓ CHỦ TỊCH")


def test_objectives_and_contents_are_whole() -> None:
    draft = founding()
    assert [row.code for row in draft.of(Kind.OBJECTIVE)] == [
        "I.1.1", "I.1.2", "I.1.3", "I.1.4", "I.1.5", "I.2.1", "I.2.2", "I.2.3",
    ]  # fmt: skip
    contents = [row.code for row in draft.of(Kind.CONTENT)]
    assert contents[:7] == [
        "II.1.a", "II.1.b.1", "II.1.b.2", "II.1.b.3", "II.1.b.4", "II.1.b.5", "II.1.c",
    ]  # fmt: skip
    assert not draft.of(Kind.UNKNOWN)
