# ruff: noqa: E501, ISC004 - patterns set like tables
"""What a part of a plan is about, told by its heading. Pure."""

import re
from enum import StrEnum

from vang.library.official.folding import flat, phrases, squeezed


class Part(StrEnum):
    """The parts that plans have, in whatever order."""

    OBJECTIVE = "objective"
    SITUATION = "situation"
    CONTENT = "content"
    DUTY = "duty"
    SOLUTION = "solution"
    MONEY = "money"
    TIME = "time"
    SCOPE = "scope"
    ORGANISATION = "organisation"
    REPORTING = "reporting"


_PATTERNS = (
    (Part.REPORTING, "che do bao cao, che do thong tin bao cao, thong tin bao cao, che do thong tin"
     ", bao cao ket qua, cong tac bao cao, che do kiem tra bao cao, bao cao, thoi gian bao cao"
     ", che do so ket tong ket va bao cao, bao cao dinh ky, so ket tong ket bao cao"
     ", kiem tra bao cao"),
    (Part.MONEY, "kinh phi, nguon kinh phi, nguon luc, nguon von, du toan, kinh phi thuc hien"
     ", ve kinh phi, bao dam kinh phi, dam bao kinh phi, tai chinh"),
    (Part.OBJECTIVE, "phuong huong, muc dich, yeu cau, muc tieu, chi tieu, quan diem, muc dich yeu cau"),
    (Part.SITUATION, "thuc trang, tinh hinh, danh gia, ket qua dat duoc, ket qua thuc hien"
     ", ket qua, su can thiet, boi canh, dac diem, ton tai han che, han che, nguyen nhan, can cu, co so xay dung, co so phap ly"),
    (Part.TIME, "thoi gian, tien do, lo trinh, thoi gian thuc hien, thoi gian dia diem"),
    (Part.SCOPE, "doi tuong, pham vi, dia diem, dia ban, doi tuong va pham vi, doi tuong pham vi"),
    (Part.SOLUTION, "giai phap, bien phap, cac giai phap, giai phap thuc hien, mot so giai phap"),
    (Part.DUTY, "nhiem vu, cac nhiem vu, noi dung nhiem vu, nhiem vu trong tam, nhiem vu va giai"
     " phap, nhiem vu giai phap, mot so nhiem vu, nhung nhiem vu, nhiem vu cu the, cong viec"
     ", noi dung cong viec, noi dung thuc hien, cac hoat dong, hoat dong"),
    (Part.CONTENT, "noi dung, hinh thuc, noi dung va hinh thuc, chu de, cac noi dung"
     ", noi dung trong tam, noi dung tuyen truyen, noi dung hoat dong, noi dung chu yeu"),
)  # fmt: skip
_ORGANISATION = re.compile(
    phrases(
        "to chuc thuc hien, phan cong, to chuc trien khai, trach nhiem cua, trach nhiem thuc hien,"
        "trach nhiem cac, phan cong nhiem vu, phan cong trach nhiem, phan cong to chuc,"
        "to chuc va phan cong, trach nhiem to chuc thuc hien"
    )
    + r"\b"
)
_ANYWHERE = re.compile(r"\b(?:to chuc thuc hien|phan cong (?:nhiem vu|thuc hien|trach nhiem))\b")
_STARTS = tuple((part, re.compile(phrases(words) + r"\b(?! vien)")) for part, words in _PATTERNS)
_ALONE = tuple((part, re.compile(phrases(words))) for part, words in _PATTERNS)
_REPORTS = re.compile(r"che do .*\bbao cao\b")
_DUTIES = re.compile(r"\bnhiem vu\b")
_LONGEST = 160


def part_of(title: str, *, alone: bool = False) -> Part | None:
    """``alone`` takes a title only if it says nothing else than the part's name."""
    told = " ".join(re.sub(r"[^\w]+", " ", flat(squeezed(title))).split())
    if not told or len(told) > _LONGEST:
        return None
    if alone:
        if told in {"to chuc thuc hien", "phan cong thuc hien", "phan cong nhiem vu"}:
            return Part.ORGANISATION
        found = (part for part, pattern in _ALONE if pattern.fullmatch(told))
        return next(found, None)
    if _ORGANISATION.match(told) or _ANYWHERE.search(told):
        return Part.ORGANISATION
    starts = (part for part, pattern in _STARTS if pattern.match(told))
    part = Part.REPORTING if _REPORTS.match(told) else next(starts, None)
    if part == Part.CONTENT and _DUTIES.search(told):
        return Part.DUTY
    return part
