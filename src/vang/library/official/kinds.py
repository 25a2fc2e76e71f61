"""Kinds of documents and their signs: decree 30/2020/NĐ-CP annex III, guidance 36-HD/VPTW, and
law 64/2025/QH15 for legal texts. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from vang.library.official.folding import flat, is_capitals, phrases, squeezed

_STATE = (
    "Nghị quyết=NQ Quyết định=QĐ Chỉ thị=CT Quy chế=QC Quy định=QyĐ Thông cáo=TC Thông báo=TB "
    "Hướng dẫn=HD Chương trình=CTr Kế hoạch=KH Phương án=PA Đề án=ĐA Dự án=DA Báo cáo=BC "
    "Biên bản=BB Tờ trình=TTr Hợp đồng=HĐ Công văn= Công điện=CĐ Bản ghi nhớ=BGN "
    "Bản thỏa thuận=BTT Giấy ủy quyền=GUQ Giấy mời=GM Giấy giới thiệu=GGT Giấy nghỉ phép=GNP "
    "Phiếu gửi=PG Phiếu chuyển=PC Phiếu báo=PB Thư công="
)
_PARTY = "Kết luận=KL Thông tri= Tuyên bố=TBo Lời kêu gọi=LKG Công văn=CV"
_LEGAL = "Luật= Pháp lệnh=PL Lệnh=L Nghị định=NĐ Thông tư liên tịch=TTLT Thông tư=TT"
_OTHERS = (
    "Thư mời= Thư kêu gọi= Thư ngỏ= Thư chúc mừng= Lịch= Thông điệp= Danh sách= Quy hoạch= "
    "Nội quy= Điều lệ= Cam kết= Giấy xác nhận= Giấy phép=GP Công bố=CB Đề cương= Kịch bản="
)
_PAIR = re.compile(r"([^=]+)=(\S*)\s*")


@dataclass(frozen=True)
class Kind:
    """``sign`` is its abbreviation in a document's number."""

    name: str
    sign: str


KINDS = tuple(
    Kind(name.strip(), sign)
    for name, sign in _PAIR.findall(f"{_STATE} {_PARTY} {_LEGAL} {_OTHERS}")
)
LETTER = "Công văn"
"""The only kind that bears no name of its kind in its head."""

_BY_NAME = {flat(kind.name): kind.name for kind in KINDS}
_BY_SIGN = {kind.sign.lower(): kind.name for kind in reversed(KINDS) if kind.sign}
_NAMES = "|".join(sorted(map(re.escape, _BY_NAME), key=len, reverse=True)).replace("\\ ", r"\s*")
_RESTS = phrases(
    "khan, hoa toc, thuong khan, lien tich, chung, noi bo, bao chi, phoi hop, nhiem vu, cong tac,"
    "lien nganh, thang, tuan, nam, quy, so, dot, lan"
)
_ALONE = re.compile(
    rf"[\W_]*(?P<name>{_NAMES})(?P<rest>\s+(?:{_RESTS}|\d|[./-])[^:]{{0,40}})?[\W_]*"
)
_LEADING = re.compile(rf"[\W_]*(?P<name>{_NAMES})\b\s*")


def kind_alone(text: str) -> str | None:
    """The kind's name when the line says nothing else: "KẾ HOẠCH", "CÔNG ĐIỆN KHẨN"."""
    found = _ALONE.fullmatch(flat(squeezed(text)))
    if found is None or (found["rest"] and not is_capitals(text)):
        return None
    return named(found["name"])


def kind_resembling(text: str) -> str | None:
    """A short line in capitals with slips of text recognition: "K ÉT LUẬN"."""
    told = re.sub(r"[\W_]+", "", flat(text))
    if not 4 < len(told) < 20 or not is_capitals(text):
        return None
    alike = ((SequenceMatcher(None, told, key.replace(" ", "")).ratio(), name)
             for key, name in _BY_NAME.items() if len(key) > 6)  # fmt: skip
    ratio, name = max(alike)
    return name if ratio > 0.87 else None


def kind_leading(text: str) -> tuple[str, int] | None:
    """The kind in capitals at the beginning of a line that goes on, and where the rest begins."""
    found = _LEADING.match(flat(text))
    if found is None or not is_capitals(text[found.start("name") : found.end("name")]):
        return None
    name = named(found["name"])
    return (name, found.end()) if name else None


def named(folded: str) -> str | None:
    """A kind by its name without marks; spaces may be lost."""
    wanted = folded.replace(" ", "")
    return next((name for key, name in _BY_NAME.items() if key.replace(" ", "") == wanted), None)


def kind_of_sign(sign: str, *, party: bool) -> str | None:
    """The kind for "KH" or "TTr". "TT" and "QĐ" mean other things in the Party's documents."""
    if party and sign == "TT":
        return "Thông tri"
    if party and sign in {"QĐi", "QĐI"}:
        return "Quy định"
    return _BY_SIGN.get(sign.lower())
