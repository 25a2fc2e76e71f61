# ruff: noqa: E501 - set like tables
"""Single rules of reading a plan."""

from datetime import date

import pytest

from vang.plans.recognition.deadlines import Deadline, Point, Repeat, deadlines_in, occurrences
from vang.plans.recognition.duties import cooperating_in, lead_of
from vang.plans.recognition.lists import names_listed
from vang.plans.recognition.marks import Family, mark_of
from vang.plans.recognition.parts import Part, part_of
from vang.plans.recognition.periods import period_of
from vang.plans.recognition.targets import targets_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Văn hóa, Thể thao và Du lịch", ("Sở Văn hóa, Thể thao và Du lịch",)),
        ("Giao Phòng Tài chính chủ trì lập dự toán", ("Phòng Tài chính",)),
        ("Đề nghị Ủy ban MTTQ Việt Nam xã, các đoàn thể xã:", ("Ủy ban MTTQ Việt Nam xã", "các đoàn thể xã")),
        ("Các sở, ban, ngành; UBND các xã, phường", ("Các sở, ban, ngành", "UBND các xã, phường")),
        ("UBND các xã, thị trấn cung cấp thông tin chuyên ngành", ("UBND các xã, thị trấn",)),
        ("MTTQ cùng cấp tuyên truyền", ("MTTQ cùng cấp",)),
        ("Văn phòng HĐND và UBND phường theo dõi", ("Văn phòng HĐND và UBND phường",)),
        ("Thủ trưởng các cơ quan, đơn vị chịu trách nhiệm", ("Thủ trưởng các cơ quan, đơn vị",)),
        ("Sở Xây dựng, Sở Giao thông vận tải theo chức năng hướng dẫn", ("Sở Xây dựng", "Sở Giao thông vận tải")),
        ("Ủy ban nhân dân xã Tà Năng giao Công an xã chủ trì", ("Công an xã",)),
        ("Tư pháp xã cung cấp nội dung", ("Tư pháp xã",)),
        ("Sở Dân tộc và Tôn giáo", ("Sở Dân tộc và Tôn giáo",)),
        ("Đài Truyền thanh xã đăng tin", ("Đài Truyền thanh xã",)),
        ("Trung tâm Cung ứng dịch vụ công xã", ("Trung tâm Cung ứng dịch vụ công xã",)),
        ("TTVH-TT&TT huyện", ("TTVH-TT&TT huyện",)),
        ("Trưởng Công an xã cung cấp tin", ("Trưởng Công an xã",)),
        ("Trưởng các đoàn thể, trưởng thôn căn cứ Kế hoạch", ("Trưởng các đoàn thể", "trưởng thôn")),
        ("BÁO VÀ PHÁT THANH, TRUYỀN HÌNH SÔNG LAM", ("BÁO VÀ PHÁT THANH, TRUYỀN HÌNH SÔNG LAM",)),
    ],
)  # fmt: skip
def test_who_leads(text: str, names: tuple[str, ...]) -> None:
    lead = lead_of(text)
    assert lead is not None
    assert lead.names == names


@pytest.mark.parametrize(
    "text",
    [
        "Tổ chức thực hiện tốt Kế hoạch", "Phòng, chống dịch bệnh", "Hội nghị tổng kết năm",
        "Ban hành, triển khai kế hoạch", "Đoàn kết, thống nhất", "Xã hội hóa công tác tuyên truyền",
        "Bảo trì hệ thống máy phát", "Quý I năm 2026", "Bộ sung kinh phí", "Thanh tra, kiểm tra việc thực hiện",
    ],
)  # fmt: skip
def test_a_deed_is_no_body(text: str) -> None:
    assert lead_of(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("phối hợp với cơ quan liên quan, thanh tra, kiểm tra", ("cơ quan liên quan",)),
        ("Phối hợp chặt chẽ với Công an xã, Trạm Y tế xã tuyên truyền", ("Công an xã", "Trạm Y tế xã")),
        ("phối hợp với các sở, ngành liên quan, UBND các xã tổ chức", ("các sở, ngành liên quan", "UBND các xã")),
        ("Cùng với Đoàn Thanh niên xã thành lập các tổ", ("Đoàn Thanh niên xã",)),
        ("phối hợp nhịp nhàng giữa các khâu", ()),
        ("phối hợp với Phòng Văn hóa - Xã hội, Tư pháp xã tổ chức", ("Phòng Văn hóa - Xã hội", "Tư pháp xã")),
        ("phối hợp TTVH-TT&TT, Phòng Tư pháp biên soạn", ("TTVH-TT&TT", "Phòng Tư pháp")),
        ("phối hợp với chi ủy, trưởng bản, đội ngũ người có uy tín vận động", ("chi ủy", "trưởng bản", "đội ngũ người có uy tín")),
        ("Phối hợp với Hội Đoàn kết sư sãi yêu nước, Ban Quản trị các chùa tuyên truyền", ("Hội Đoàn kết sư sãi yêu nước", "Ban Quản trị các chùa")),
        ("phối hợp với nhau trong công việc", ()),
    ],
)  # fmt: skip
def test_who_cooperates(text: str, names: tuple[str, ...]) -> None:
    assert cooperating_in(text) == names


def test_names_of_a_cell() -> None:
    assert names_listed("- Phòng Văn hóa - Xã hội\n- Công an xã") == (
        "Phòng Văn hóa - Xã hội",
        "Công an xã",
    )
    assert names_listed("VHXH; ông Bình") == ("VHXH", "ông Bình")
    assert names_listed("Bộ Chỉ huy BĐBP thành phố, Ban Quản lý các cảng cá") == (
        "Bộ Chỉ huy BĐBP thành phố",
        "Ban Quản lý các cảng cá",
    )


def test_a_deed_that_is_in_no_list_follows_whoever_is_given_duties() -> None:
    text = "Đồn Biên phòng Cửa Lạch bắn pháo hiệu"
    lead = lead_of(text, given=True)
    assert lead is not None
    assert lead.names == ("Đồn Biên phòng Cửa Lạch",)
    assert lead_of(text) is None
    assert lead_of("Đài Truyền thanh xã được nâng cấp", given=True) is None


@pytest.mark.parametrize(
    ("text", "repeat", "points"),
    [
        ("trước ngày 10/6 và 10/11 hàng năm", "yearly", [(10, 6, 0), (10, 11, 0)]),
        ("ngày 10 tháng 6 và ngày 10 tháng 11 hằng năm", "yearly", [(10, 6, 0), (10, 11, 0)]),
        ("trước ngày 15 tháng 12", "", [(15, 12, 0)]),
        ("chậm nhất ngày 05/12/2026", "", [(5, 12, 2026)]),
        ("trong quý I/2026", "", [(0, 3, 2026)]),
        ("Quý I, II năm 2026", "", [(0, 3, 2026), (0, 6, 2026)]),
        ("từ tháng 3 đến tháng 8 hằng năm", "yearly", [(0, 8, 0)]),
        ("từ ngày 10/8/2026 đến ngày 15/8/2026, hoàn thành", "", [(15, 8, 2026)]),
        ("trước ngày 20 hằng tháng", "monthly", [(20, 0, 0)]),
        ("trước ngày 15 tháng cuối quý", "quarterly", [(15, 3, 0), (15, 6, 0), (15, 9, 0), (15, 12, 0)]),
        ("đến hết năm 2028", "", [(0, 12, 2028)]),
        ("hằng năm tổ chức", "yearly", []),
        ("6 tháng đầu năm 2026", "", [(0, 6, 2026)]),
        ("trước 16h00 ngày 20/3/2026", "", [(20, 3, 2026)]),
        ("chậm nhất là ngày 30 tháng 6 năm 2026", "", [(30, 6, 2026)]),
        ("hạn cuối 20/5/2026", "", [(20, 5, 2026)]),
        ("đến trước ngày 01/9/2026", "", [(1, 9, 2026)]),
        ("trước 15/12 hằng năm", "yearly", [(15, 12, 0)]),
        ("Sáu tháng, một năm tổng hợp", "half-yearly", [(0, 6, 0), (0, 12, 0)]),
        ("trong tháng 6 và tháng 10", "", [(0, 6, 0), (0, 10, 0)]),
        ("hằng tháng (trước ngày 25) báo cáo", "monthly", [(25, 0, 0)]),
        ("hoàn thành T6/2026", "", [(0, 6, 2026)]),
        ("hoàn thành Q.II/2026", "", [(0, 6, 2026)]),
        ("Năm 2027: 90% buôn", "", [(0, 12, 2027)]),
        ("tháng 6 - 9/2026", "", [(0, 9, 2026)]),
    ],
)  # fmt: skip
def test_deadlines(text: str, repeat: str, points: list[tuple[int, int, int]]) -> None:
    (deadline,) = deadlines_in(text, told="từ ngày" in text)
    assert deadline.repeat.value == repeat
    assert [(p.day, p.month, p.year) for p in deadline.points] == points


def test_what_comes_again_by_several_periods() -> None:
    found = deadlines_in("báo cáo tháng, quý, 6 tháng và năm")
    assert [d.repeat.value for d in found] == ["monthly", "quarterly", "half-yearly", "yearly"]
    assert [d.text for d in deadlines_in("13 - 15/3/2026", told=True)] == ["13 - 15/3/2026"]


@pytest.mark.parametrize(
    "text",
    ["Chỉ thị số 07-CT/TW ngày 05/9/2016 của Ban Bí thư", "Quyết định 52/2016/QĐ-TTg", "trước ngày 31/2",
     "12/12 thôn có cụm loa", "giai đoạn 2017 - 2020"],
)  # fmt: skip
def test_a_day_that_is_no_deadline(text: str) -> None:
    assert deadlines_in(text) == ()


def test_when_a_deadline_falls_due() -> None:
    first, last = date(2017, 1, 1), date(2018, 12, 31)
    (twice,) = deadlines_in("trước ngày 10/6 và 10/11 hàng năm")
    assert occurrences(twice, first, last) == [
        date(2017, 6, 10), date(2017, 11, 10), date(2018, 6, 10), date(2018, 11, 10),
    ]  # fmt: skip
    (monthly,) = deadlines_in("ngày 31 hằng tháng")
    assert date(2018, 2, 28) in occurrences(monthly, first, last)
    assert len(occurrences(monthly, first, last)) == 24
    always = Deadline("", 0, 0, repeat=Repeat.ALWAYS)
    assert occurrences(always, first, last) == []
    assert occurrences(Deadline("", 0, 0, (Point(0, 3, 2018),)), first, last) == [date(2018, 3, 31)]


@pytest.mark.parametrize(
    ("title", "first", "last"),
    [
        ("thông tin cơ sở giai đoạn 2017 – 2020", date(2017, 1, 1), date(2020, 12, 31)),
        ("Hoạt động của Đài năm 2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("thông tin đối ngoại quý IV năm 2025", date(2025, 10, 1), date(2025, 12, 31)),
        ("chuyển đổi số đến năm 2030", date(2026, 3, 5), date(2030, 12, 31)),
        ("Tháng hành động từ ngày 15/4/2026 đến ngày 15/5/2026", date(2026, 4, 15), date(2026, 5, 15)),
        ("thông tin cơ sở các năm 2026, 2027", date(2026, 1, 1), date(2027, 12, 31)),
        ("công tác tuyên truyền 6 tháng cuối năm 2026", date(2026, 7, 1), date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_the_time_of_a_plan(title: str, first: date, last: date) -> None:
    period = period_of(title, "", date(2026, 3, 5))
    assert period is not None
    assert (period.first, period.last, period.sure) == (first, last, True)


def test_without_a_time_it_is_the_year_of_issue_and_not_sure() -> None:
    period = period_of("phòng cháy", "", date(2026, 3, 5))
    assert period is not None
    assert (period.last, period.sure) == (date(2026, 12, 31), False)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("II. NỘI DUNG", Family.ROMAN), ("I- MỤC ĐÍCH", Family.ROMAN), ("IV/ KINH PHÍ", Family.ROMAN),
        ("1. Mục đích", Family.ARABIC), ("1) Mục đích", Family.ARABIC), ("3.1.2. Phòng", Family.DECIMAL),
        ("a) Chủ trì", Family.LETTER), ("đ. Phối hợp", Family.LETTER), ("- Chủ trì", Family.DASH),
        ("+ Phát tin", Family.PLUS), ("* Nội dung:", Family.STAR), ("Điều 2. Trách nhiệm", Family.ARTICLE),
        ("PHẦN II", Family.PART), ("B. NHIỆM VỤ", Family.CAPITAL),
    ],
)  # fmt: skip
def test_marks(text: str, family: Family) -> None:
    mark = mark_of(text)
    assert mark is not None
    assert mark.family == family


@pytest.mark.parametrize(
    "text", ["2017 - 2020", "- 2020", "15/12 hằng năm", "1.5 triệu đồng", "Văn bản"]
)
def test_a_number_is_no_mark(text: str) -> None:
    assert mark_of(text) is None


def test_parts() -> None:
    assert part_of("MỤC ĐÍCH, YÊU CẦU") == Part.OBJECTIVE
    assert part_of("NHIỆM VỤ, PHÂN CÔNG VÀ TIẾN ĐỘ") == Part.DUTY
    assert part_of("TRÁCH NHIỆM CỦA CÁC CƠ QUAN") == Part.ORGANISATION
    assert part_of("Báo cáo viên cơ sở") is None
    assert part_of("Tổ chức tập huấn cán bộ") is None


def test_targets() -> None:
    found = targets_in("Đến năm 2030, ít nhất 80% hộ; mở 1.250 lớp, 03 hội nghị")
    assert [(t.number, t.unit) for t in found] == [(80, "%"), (1250, "lớp"), (3, "hội nghị")]
