"""The title guessed from an imported text."""

import pytest

from vang.library.titles import LONGEST, guess_title

HEAD = "UBND XÃ QUẾ THUẬN   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("THÔNG BÁO\nVề việc tiêm phòng\nNội dung", "Thông báo về việc tiêm phòng"),
        (f"{HEAD}Số: 12/TB-UBND\nQuế Thuận, ngày 01 tháng 6 năm 2026\nTHÔNG BÁO\nV/v họp dân\n",
         "Thông báo v/v họp dân"),
        ("KẾ HOẠCH\nĐẩy mạnh thông tin cơ sở\n", "Kế hoạch: Đẩy mạnh thông tin cơ sở"),
        (f"{HEAD}Mời bà con họp thôn.\nLúc 19 giờ.", "Mời bà con họp thôn"),
        ("Tin vắn.\nNội dung.", "Tin vắn"),
        ("GIẤY MỜI", "Giấy mời"),
        (HEAD, "UBND XÃ QUẾ THUẬN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("", ""),
    ],
)  # fmt: skip
def test_titles_of_official_documents(text: str, title: str) -> None:
    assert guess_title(text) == title


def test_a_long_first_line_gives_its_first_sentence() -> None:
    assert guess_title("Mời bà con họp. " + "Nội dung rất dài " * 30) == "Mời bà con họp"


def test_a_long_sentence_is_cut_at_a_word() -> None:
    title = guess_title("chữ " * 100)
    assert len(title) <= LONGEST
    assert title.endswith("chữ…")
