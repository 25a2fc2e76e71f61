"""Numbers, dates, names and sections, each by its own rule; and nothing breaks on any text."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vang.library.formats.lines import Line
from vang.library.official.casing import cased
from vang.library.official.dates import place_and_date, signing_day
from vang.library.official.folding import flat
from vang.library.official.names import name_in
from vang.library.official.numbers import find_number
from vang.library.official.recognition import recognise
from vang.library.official.sections import sections_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Số: 90/KH-UBND", "90/KH-UBND"),
        ("Số 07-CT/TW", "07-CT/TW"),
        ("Số: 52/2016/QĐ-TTg", "52/2016/QĐ-TTg"),
        ("Số : 2917 /SGDĐT-VP Phan Rang", "2917/SGDĐT-VP"),
        ("Số: 333 /TB- CAH", "333/TB-CAH"),
        ("SỐ: 12/CĐ.UBND", "12/CĐ.UBND"),
        ("Nghị quyết số: 653/2019/UBTVQH14", "653/2019/UBTVQH14"),
        ("Số:      /UBND-VX", "/UBND-VX"),
        ("Số: ....../TB-UBND", "/TB-UBND"),
        ("Số: 41/MTTQ-BTT", "41/MTTQ-BTT"),
    ],
)
def test_numbers_and_symbols(text: str, number: str) -> None:
    found = find_number(text)
    assert found is not None
    assert found.text == number


@pytest.mark.parametrize(
    "text", ["Số 10/2017", "Số hộ: 12", "Số nhà 12/4 đường Lê Lợi", "ngày 5/6"]
)
def test_what_is_no_document_number(text: str) -> None:
    assert find_number(text) is None


@pytest.mark.parametrize(
    ("text", "place", "on"),
    [
        ("Quế Sơn, ngày 05  tháng 10 năm 2017.", "Quế Sơn", date(2017, 10, 5)),
        ("Quế Xuân 1, ngày 08 tháng 6 năm 2026", "Quế Xuân 1", date(2026, 6, 8)),
        ("Đà Nẵng, ngày 05/10/2017", "Đà Nẵng", date(2017, 10, 5)),
        ("TP. Hồ Chí Minh, ngày 1 tháng 2 năm 2020", "TP. Hồ Chí Minh", date(2020, 2, 1)),
        ("XÃ EA H'LEO Ea H'Leo, ngày 01 tháng 7 năm 2025", "Ea H'Leo", date(2025, 7, 1)),
        ("Phan Rang-Tháp Chàm, ngày 05 tháng11 năm 2010", "Phan Rang-Tháp Chàm",
         date(2010, 11, 5)),
        ("Dân Lực, ngày 31 tháng 02 năm 2021", "Dân Lực", None),
        ("Prao, ngày .... tháng 5 năm 2023", "Prao", None),
    ],
)  # fmt: skip
def test_places_and_dates(text: str, place: str, on: date | None) -> None:
    found = place_and_date(text)
    assert found is not None
    assert (found.place, found.on) == (place, on)


def test_the_stamp_of_a_signature_tells_a_day() -> None:
    assert signing_day("Thời gian ký: 10:21:33, 08/06/2026") == date(2026, 6, 8)
    assert signing_day("Thời gian họp: 08/06/2026") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ThS. Trần Thị Thu", "Trần Thị Thu"),
        ("Thượng tá Nguyễn Văn Chiến", "Nguyễn Văn Chiến"),
        ("Rơ Châm H'Nhung", "Rơ Châm H'Nhung"),
        ("Ngô Thị Thanh Tâm", "Ngô Thị Thanh Tâm"),
        ("- Lưu VPHU;", None),
        ("Ban Tuyên giáo Huyện ủy", None),
        ("Trung tâm Y tế", None),
    ],
)
def test_names_of_persons(text: str, name: str | None) -> None:
    assert name_in(text) == name


@pytest.mark.parametrize(
    ("shouted", "name"),
    [
        ("ỦY BAN NHÂN DÂN HUYỆN QUẾ SƠN", "Ủy ban nhân dân huyện Quế Sơn"),
        ("SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "Sở Văn hóa, Thể thao và Du lịch"),
        ("PHÒNG NÔNG NGHIỆP VÀ PTNT", "Phòng Nông nghiệp và PTNT"),
        ("VĂN PHÒNG CHÍNH PHỦ - BỘ NỘI VỤ", "Văn phòng Chính phủ - Bộ Nội vụ"),
        ("HUYỆN ỦY THẠCH HÀ", "Huyện ủy Thạch Hà"),
        ("UBND xã Cẩm Thanh", "UBND xã Cẩm Thanh"),
    ],
)
def test_names_in_capitals_are_written_as_in_running_text(shouted: str, name: str) -> None:
    assert cased(shouted) == name


def test_sections_know_their_depth_and_their_end() -> None:
    texts = ["Chương I", "QUY ĐỊNH CHUNG", "Điều 1. Phạm vi", "1. Một", "a) nhỏ", "Điều 2. Hai"]
    found = sections_of([Line(text) for text in texts], 0, 5)
    assert [(s.depth, s.mark, s.line, s.last) for s in found] == [
        (0, "Chương I", 0, 5),
        (1, "Điều 1.", 2, 4),
        (2, "1.", 3, 4),
        (3, "a)", 4, 4),
        (1, "Điều 2.", 5, 5),
    ]
    assert found[0].title == "QUY ĐỊNH CHUNG"


words = st.sampled_from(
    ["Số:", "90/KH-UBND", "ngày 05 tháng", "năm", "V/v", "Kính gửi:", "KẾ HOẠCH", "TM.", "\t", "|",
     "   ", "ỦY BAN NHÂN DÂN", "Nơi nhận:", "- Lưu", "Căn cứ", "PHỤ LỤC", "Nguyễn Văn A",
     "CHỦ TỊCH", "CỘNG HÒA XÃ HỘI", "(Kèm theo", "Điều 1.", "ĐẢNG CỘNG SẢN VIỆT NAM"]
)  # fmt: skip
scrambled = st.lists(words, max_size=12).map(" ".join) | st.text(max_size=30)


@settings(max_examples=150)
@given(st.lists(scrambled, max_size=12))
def test_any_lines_give_fields_whose_passages_are_theirs(texts: list[str]) -> None:
    found = recognise([Line(text) for text in texts])
    assert 0 <= found.first <= found.last
    for field in found.fields:
        assert 0 <= field.line < max(len(texts), 1)
        assert 0 < field.confidence <= 1


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(flat(text)) == len(text)
