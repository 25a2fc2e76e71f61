# ruff: noqa: E501, ISC004 - patterns set like tables
"""The heads of tables of tasks: which column tells what. Pure."""

import re
from collections.abc import Sequence
from enum import StrEnum

from vang.library.official.folding import flat


class Column(StrEnum):
    """What a column tells."""

    NUMBER = "number"
    TASK = "task"
    LEAD = "lead"
    COOPERATING = "cooperating"
    TIME = "time"
    PRODUCT = "product"
    OTHER = "other"


_HEADERS = (
    (Column.NUMBER, r"(?:stt|tt|so\s+tt|so\s+thu\s+tu)\b"),
    (Column.COOPERATING, r".*\b(?:phoi\s+hop|cung\s+(?:lam|thuc\s+hien)|lam\s+cung|ho\s+tro)\b"),
    (Column.LEAD, r".*\bchu\s+tri\b|(?:co\s+quan|don\s+vi|bo\s+phan|nguoi|ca\s+nhan|to\s+chuc|phong).*\b(?:thuc\s+hien|phu\s+trach|trach\s+nhiem"
     r"|tham\s+muu|dau\s+moi|duoc\s+giao|lam)\b|trach\s+nhiem\b|phan\s+cong\b|phu\s+trach|thuc\s+hien$|don\s+vi$|co\s+quan$|nguoi\s+lam$|ai\s+lam|dau\s+moi"),
    (Column.TIME, r".*\b(?:thoi\s+gian|thoi\s+han|thoi\s+diem|tien\s+do|han|thang|ngay|khi\s+nao)\b|(?:hoan\s+thanh|xong)(?:\s+truoc)?"),
    (Column.PRODUCT, r".*\b(?:san\s+pham|ket\s+qua|dau\s+ra)\b"),
    (Column.OTHER, r".*\b(?:kinh\s+phi|du\s+toan|ghi\s+chu|so\s+luong|don\s+gia|thanh\s+tien|dia\s+diem|doi\s+tuong|nguon)\b"),
    (Column.TASK, r".*\b(?:noi\s+dung|nhiem\s+vu|cong\s+viec|hoat\s+dong|giai\s+phap|ten\s+viec|chu\s+de|viec)\b"),
)  # fmt: skip
_COLUMNS = tuple((column, re.compile(pattern)) for column, pattern in _HEADERS)
_LONGEST_HEADER = 60


def column_of(text: str) -> Column | None:
    folded = " ".join(re.sub(r"[^\w]+", " ", flat(text)).split())
    return next((column for column, pattern in _COLUMNS if pattern.match(folded)), None)


def columns_of(titles: Sequence[str]) -> list[Column] | None:
    """What the columns tell when this is the head of a table of tasks."""
    if any(len(title) > _LONGEST_HEADER or title.strip(" .").isdigit() for title in titles):
        return None
    told = [column_of(title) for title in titles]
    if Column.TASK not in told or not {Column.LEAD, Column.TIME, Column.COOPERATING} & set(told):
        return None
    first = told.index(Column.TASK)
    return [
        Column.OTHER if column is None or (column == Column.TASK and n != first) else column
        for n, column in enumerate(told)
    ]
