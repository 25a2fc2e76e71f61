"""The title of an official document, guessed from its text. Pure."""

import re

from vang.base.text import fold

LONGEST = 200
_HEAD_LINES = 40
_KINDS = (
    *("thông báo", "thông cáo", "kế hoạch", "quyết định", "công điện", "công văn", "chỉ thị"),
    *("báo cáo", "tờ trình", "giấy mời", "thư mời", "thư kêu gọi", "lời kêu gọi", "hướng dẫn"),
    *("chương trình", "lịch", "quy chế", "nghị quyết", "bản tin", "tin"),
)
_KIND_ALONE = re.compile(f"(?:{'|'.join(map(fold, _KINDS))})")
# The head of an official document (decree 30/2020/NĐ-CP): who, the state's name, number, place.
_HEAD = re.compile(
    r"(?:dang cong san|cong hoa xa hoi|doc lap ?-|uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd"
    r"|so ?:|so \d|\(|[\w ]{2,40}, ?ngay|huyen |xa |phuong |thi tran |tinh |thanh pho |kinh gui"
    r"|v/v|[\W_]*$)"
)
_ABOUT = re.compile(r"^(?:v/v|ve viec)[ :]*")


def guess_title(text: str) -> str:
    """At most 200 characters on one line, empty for an empty text."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    lines = [line for line in lines if line]
    for place, line in enumerate(lines[:_HEAD_LINES]):
        if _KIND_ALONE.fullmatch(fold(line).strip(" :.-*")):
            return _shortened(_with_subject(line.strip(" :.-*"), lines[place + 1 :]))
    told = next((line for line in lines[:_HEAD_LINES] if not _HEAD.match(fold(line))), "")
    return _shortened(told or next(iter(lines), ""))


def _with_subject(kind: str, following: list[str]) -> str:
    """ "THÔNG BÁO" and the line below it: "Thông báo: Lịch cắt điện"."""
    name = kind[:1].upper() + kind[1:].lower()
    subject = next(iter(following), "")
    if not subject:
        return name
    if _ABOUT.match(fold(subject)):
        return f"{name} {subject[:1].lower()}{subject[1:]}"
    return f"{name}: {subject}"


def _shortened(title: str) -> str:
    """Up to the first sentence's end, or to a whole word."""
    title = title.strip(" :-*")
    if len(title) > LONGEST:
        title = re.split(r"(?<=\w[.;!?]) ", title)[0]
    if len(title) > LONGEST:
        title = title[: LONGEST - 1].rpartition(" ")[0] + "…"
    return title.rstrip(" .:;-")
