"""Names of persons as they stand below a signature. Pure."""

import re

from vang.library.official.folding import flat, phrases

_TITLES = (
    r"(?:(?:PGS|GS|ThS|Ths|TS|BS|KS|CN|DS|BSCK\w*|CKI+)\b\.?|Đ/c|Ông|Bà"
    r"|(?:Đại|Thượng|Trung|Thiếu|Chuẩn)\s+(?:tướng|tá|úy|uý))"
)
_WORD = r"[^\W\d_](?:['’]?[^\W\d_])*"
_NAME = re.compile(rf"(?:{_TITLES}\s*[.,]?\s*)*(?P<name>{_WORD}(?:[ -]{_WORD}){{1,6}})\W*")
# How names of bodies begin that look like names of persons.
_BODY = re.compile(
    phrases(
        "uy ban, nhan dan, ban, phong, so, hoi dong, van phong, trung tam, huyen uy, tinh uy,"
        "dang uy, thuong truc, nhu tren, nhu dieu, luu, kinh gui, noi nhan, chu tich, dai truyen,"
        "cong an, don vi, co quan, truong phong, truong ban, hoi nong, hoi lien, hoi cuu,"
        "doan thanh"
    )
    + r"\b"
)
# The first words of names of all the peoples of Vietnam, without marks.
_FAMILIES = (
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao doan dinh trinh "
    "truong mai ha luong luu cao chau ta phung to thai lam tong quach vuong la khuat kieu nghiem "
    "bach thach kim mac tang van ong than diep tu giang an chu tieu quan ninh ngan lo hua vi nong "
    "hoanh be ma giap danh thi son sung hau cu trang thao tham tan blinh alang a zoram bnuoch coor "
    "bling zo poloong arat ploong y dieu kpa ksor rcom siu nay hoa ung khong phu am au viet lai "
    "lieu dam hac dong lanh mau thieu ton lu vang moong xeo cam khieu tao trieu ban chao sin cho "
    "lau ket luc loc ngu nu nhan sam suu thuong tien tri tuong vien xa hien rah lan ro mah romah "
    "hmok nie eban mlo kbuor brui bhling hien pham riah zuong"
)
_SURNAMES = frozenset(_FAMILIES.split())


def name_in(text: str) -> str | None:
    """A person's name if the text is nothing else: "ThS. Trần Thị Thu" gives "Trần Thị Thu"."""
    found = _NAME.fullmatch(text.strip())
    if found is None:
        return None
    words = re.split(r"[ -]", found["name"])
    shouted = found["name"].isupper()
    if not all(word[0].isupper() and (shouted or not word[1:].isupper()) for word in words):
        return None
    if flat(words[0]) not in _SURNAMES or _BODY.match(flat(found["name"])):
        return None
    return found["name"]
