"""A cited number is found in any line and is the same however it is spelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.documents.citing import key_of, number_in


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Căn cứ Nghị định số 49/2024/NĐ-CP ngày 10/5/2024 của Chính phủ;", "49/2024/NĐ-CP"),
        ("Thực hiện Chỉ thị số 07-CT/TW ngày 05/9/2016 của Ban Bí thư", "07-CT/TW"),
        ("Kế hoạch số 4317/KH-UBND ngày 15/8/2017 của UBND tỉnh", "4317/KH-UBND"),
        ("Căn cứ Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15", "91/2025/QH15"),
        ("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015", ""),
        ("Theo đề nghị của Trưởng phòng Văn hóa – Xã hội", ""),
    ],
)
def test_the_number_that_a_line_cites(words: str, number: str) -> None:
    assert number_in(words) == number


@pytest.mark.parametrize("spelt", ["52/2016/QĐ-TTg", "52 / 2016 / QĐ–TTG", "052/2016/qd-ttg"])
def test_spellings_of_one_number_are_the_same(spelt: str) -> None:
    assert key_of(spelt) == "52/2016/qd-ttg"


@given(st.text(max_size=300))
def test_any_line_gives_a_number_or_none(words: str) -> None:
    assert len(key_of(number_in(words))) <= 60
