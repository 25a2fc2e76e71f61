"""What a notice of an outside body may not hold is pointed out."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.review.adverts import beyond

LAWFUL = (
    "Công ty May Quế Sơn, cụm công nghiệp Đông Phú, tuyển 50 công nhân may, "
    "tuổi từ 18 đến 35, tốt nghiệp trung học cơ sở."
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (LAWFUL, []),
        (f"{LAWFUL} Lương 8 triệu đồng/tháng.", ["Lương", "8 triệu đồng"]),
        (f"{LAWFUL} Sản phẩm của công ty chất lượng cao.", ["Sản phẩm", "chất lượng cao"]),
        ("Khuyến mãi! khuyến mãi! giá 250.000 đ", ["khuyến mãi", "250.000 đ"]),
        (
            "Mua 2 tặng 1, thương hiệu số 1 Việt Nam.",
            ["Mua 2 tặng 1", "thương hiệu", "số 1 Việt Nam"],
        ),
    ],
)
def test_wages_prices_and_praise_go_beyond_a_recruitment(text: str, found: list[str]) -> None:
    assert beyond("RECRUITMENT", text) == found
    assert beyond("RECRUITMENT", unicodedata.normalize("NFD", text)) == found


def test_charity_may_name_sums_and_our_own_notices_anything() -> None:
    text = "Ủng hộ 500 triệu đồng; ưu đãi khi mua ngay."
    assert beyond("WELFARE", text) == ["ưu đãi", "mua ngay"]
    assert beyond("ENROLMENT", text) == ["500 triệu đồng", "ưu đãi", "mua ngay"]
    assert beyond("", text) == []


@given(st.text(max_size=300))
def test_what_is_pointed_out_stands_in_the_text(text: str) -> None:
    whole = unicodedata.normalize("NFC", text)
    assert all(words in whole for words in beyond("RECRUITMENT", text))


def test_the_longest_text_takes_a_moment() -> None:
    assert beyond("RECRUITMENT", "1." * 25_000) == []
    assert beyond("RECRUITMENT", "mua " * 12_500) == []
    assert beyond("RECRUITMENT", f"1{chr(32) * 49_000}đồng") == []
