"""What is recognised as personal data, and what is not."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.claims.personal import Kind, looks_like_names, personal_data

DIGITS = st.text(alphabet=string.digits, min_size=7, max_size=7)
GAPS = st.sampled_from(["", " ", ".", "-"])


@given(start=st.sampled_from(["03", "05", "07", "08", "09", "+849", "849"]), rest=DIGITS, gap=GAPS)
def test_every_mobile_number_is_found_however_it_is_written(
    start: str, rest: str, gap: str
) -> None:
    number = f"{start}{rest[0]}{gap}{rest[1:4]}{gap}{rest[4:]}{gap}5"
    (found,) = personal_data(f"Gọi số {number} để nhận tiền.")
    assert found.kind in {Kind.PHONE, Kind.IDENTITY}
    assert found.words.replace(" ", "").endswith("5")


@given(st.text(alphabet=string.digits, min_size=9, max_size=9))
def test_every_citizen_number_is_found(rest: str) -> None:
    assert personal_data(f"người mang số 048{rest} nói")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("liên hệ 0235.3851.234", Kind.PHONE),
        ("liên hệ +84 905 123 456 ngay", Kind.PHONE),
        ("CMND 201234567", Kind.IDENTITY),
        ("số tài khoản: 0041000123456", Kind.IDENTITY),
        ("thư về nguyen.van.a+1@gmail.com nhé", Kind.EMAIL),
        ("https://www.facebook.com/nguyen.van.a.99", Kind.PROFILE),
        ("m.facebook.com/profile.php?id=100012345", Kind.PROFILE),
        ("https://zalo.me/0905123456", Kind.PROFILE),
        ("https://www.tiktok.com/@ten.nguoi/video/1", Kind.PROFILE),
        ("t.me/ten_nguoi", Kind.PROFILE),
        ("https://x.com/ten_nguoi/status/1", Kind.PROFILE),
    ],
)
def test_what_is_certain_is_found_once(text: str, kind: Kind) -> None:
    assert [found.kind for found in personal_data(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Gọi 112, 113, 114 hoặc 115.",
        "Tổng đài 1800 1091 và 19001560.",
        "Lượng mưa 1.250.000 mm, mực nước 0,35 m lúc 05:30 ngày 10/06/2026.",
        "Nghị định 49/2024/NĐ-CP, Quyết định 1234/QĐ-UBND",
        "https://www.facebook.com/groups/tin-xa",
        "https://quangnam.gov.vn/tin/2026/0612345",
        "",
    ],
)
def test_what_belongs_to_the_public_is_left_alone(text: str) -> None:
    assert personal_data(text) == []


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(found.words for found in personal_data(text))
    assert all(looks_like_names(text))


def test_names_after_a_form_of_address_are_pointed_out() -> None:
    assert looks_like_names("Theo ông Nguyễn Văn Tư và bà Lê Thị Năm thì") == [
        "Nguyễn Văn Tư",
        "Lê Thị Năm",
    ]
    assert looks_like_names("Tài khoản “Tin Nóng Xã” đăng") == ["Tin Nóng Xã"]
    assert looks_like_names("tài khoản Facebook, nhóm Zalo; bà con đi ngay") == []
