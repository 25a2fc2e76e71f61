# ruff: noqa: E501
"""A review as an office document (vang.base.papers), in Vietnamese."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from vang.base.clock import local_date
from vang.base.display import vi_date, vi_number
from vang.base.papers import Block, Grid, Heading, Paper, Paragraph
from vang.base.pdf import Head, Signature, TableColumn, office_lines, place_and_date
from vang.orgs.models import Unit
from vang.plans.models import Plan, Review

_TITLES = {"INTERIM": "Sơ kết", "FINAL": "Tổng kết"}


def file_name(review: Review) -> str:
    """ "so ket ke hoach 90 KH-UBND 2026"."""
    plan = review.plan
    return f"{_TITLES[review.kind]} kế hoạch {plan.number or plan.pk} {review.last_on.year}"


def paper_of(review: Review, now: datetime) -> Paper:
    """What the review says, with its tables. Nothing is in it that is not in the review."""
    plan = review.plan
    unit = plan.unit
    issued_on = local_date(review.finished_at or now)
    return Paper(
        Head(
            issuer=office_lines(_body(unit)),
            number="     /BC-UBND",
            dated=place_and_date(unit.name, issued_on),
            title="Báo cáo",
            abstract=_abstract(review),
        ),
        blocks=(
            *_opening(plan),
            Heading("I. KẾT QUẢ THỰC HIỆN"),
            *_words(review.results),
            *_objectives(review.facts),
            *_changes(review.facts),
            *_leads(review.facts),
            *_below(review.facts),
            Heading("II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN"),
            *_words(review.causes),
            Heading("III. BÀI HỌC KINH NGHIỆM"),
            *_words(review.lessons),
            Heading("IV. ĐỀ XUẤT, KIẾN NGHỊ"),
            *_words(review.proposals),
        ),
        signature=Signature("Chủ tịch", "", "TM. Ủy ban nhân dân", hint=""),
        made_at=now,
        recipients=("Như trên", "Lưu: VT."),
    )


def _abstract(review: Review) -> str:
    plan = review.plan
    number = f" số {plan.number}" if plan.number else ""
    days = f"từ ngày {vi_date(review.first_on)} đến ngày {vi_date(review.last_on)}"
    return f"{_TITLES[review.kind]} thực hiện Kế hoạch{number} ({days})"


def _opening(plan: Plan) -> tuple[Block, ...]:
    number = f" số {plan.number}" if plan.number else ""
    day = f" ngày {vi_date(plan.issued_on)}" if plan.issued_on else ""
    issuer = f" của {plan.issuer}" if plan.issuer else ""
    told = f"Thực hiện Kế hoạch{number}{day}{issuer} về {plan.title[:1].lower()}{plan.title[1:]}"
    return (Paragraph(f"{told}, {_body(plan.unit)} báo cáo kết quả như sau:"),)


def _body(unit: Unit) -> str:
    """Who reports: the committee of a territory, an office by its own name."""
    if unit.level == Unit.Level.OFFICE:
        return unit.name
    return f"Ủy ban nhân dân {unit.full_name[:1].lower()}{unit.full_name[1:]}"


def _words(text: str) -> tuple[Block, ...]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return tuple(Paragraph(line) for line in lines) or (Paragraph("(Không có.)"),)


def _objectives(facts: dict[str, Any]) -> tuple[Block, ...]:
    rows = [
        (str(n), one["text"], figure(one["target"], one["unit"]), figure(one["reached"], one["unit"]),
         _remark(one))
        for n, one in enumerate(filter(_measured, facts["objectives"]), start=1)
    ]  # fmt: skip
    if not rows:
        return ()
    columns = (
        TableColumn("TT", "10mm", "center"), TableColumn("Mục tiêu", "3fr"),
        TableColumn("Chỉ tiêu", "1fr", "right"), TableColumn("Đạt được", "1fr", "right"),
        TableColumn("Ghi chú", "1fr"),
    )  # fmt: skip
    return (Grid(columns, tuple(rows), "Kết quả so với mục tiêu"),)


_CHANGED = {"ADDED": "Bổ sung", "REWORDED": "Điều chỉnh", "ENDED": "Kết thúc"}


def _changes(facts: dict[str, Any]) -> tuple[Block, ...]:
    """Reviews begun before objectives could change tell of none."""
    rows = [
        (one["day"], _CHANGED[one["kind"]], _changed(one), one["why"])
        for one in facts.get("changes", ())
    ]
    columns = (
        TableColumn("Ngày", "24mm", "center"), TableColumn("Nội dung", "24mm"),
        TableColumn("Mục tiêu", "3fr"), TableColumn("Lý do", "2fr"),
    )  # fmt: skip
    return (
        (Grid(columns, tuple(rows), "Mục tiêu bổ sung, điều chỉnh, kết thúc trong kỳ"),)
        if rows
        else ()
    )


def _changed(one: dict[str, Any]) -> str:
    if one["kind"] != "REWORDED":
        return str(one["text"])
    return f"{one['text']} (trước đó: {one['before']})"


def _measured(one: dict[str, Any]) -> bool:
    """Something can be said of it beside its words."""
    return bool(one["target"] or one["reached"] or one["note"] or one.get("ended"))


def _remark(one: dict[str, Any]) -> str:
    ended = f"Kết thúc ngày {one['ended']}." if one.get("ended") else ""
    return " ".join(filter(None, (ended, str(one["note"]))))


def figure(number: str, unit: str) -> str:
    return f"{vi_number(Decimal(number))} {unit}".strip() if number else ""


def _leads(facts: dict[str, Any]) -> tuple[Block, ...]:
    rows = [
        (str(n), one["lead"] or "(chưa ghi)", vi_number(one["tasks"]), vi_number(one["done"]),
         f"{one['percent']} %")
        for n, one in enumerate(facts["by_lead"], start=1)
    ]  # fmt: skip
    columns = (
        TableColumn("TT", "10mm", "center"), TableColumn("Cơ quan chủ trì", "3fr"),
        TableColumn("Nhiệm vụ", "1fr", "right"), TableColumn("Hoàn thành", "1fr", "right"),
        TableColumn("Tiến độ", "1fr", "right"),
    )  # fmt: skip
    return (Grid(columns, tuple(rows), "Nhiệm vụ theo cơ quan chủ trì"),) if rows else ()


def _below(facts: dict[str, Any]) -> tuple[Block, ...]:
    rows = [
        (str(n), one["unit"], vi_number(one["tasks"]), vi_number(one["done"]), vi_number(one["late"]),
         f"{one['percent']} %")
        for n, one in enumerate(facts["below"], start=1)
    ]  # fmt: skip
    columns = (
        TableColumn("TT", "10mm", "center"), TableColumn("Đơn vị", "2fr"),
        TableColumn("Nhiệm vụ", "1fr", "right"), TableColumn("Hoàn thành", "1fr", "right"),
        TableColumn("Quá hạn", "1fr", "right"), TableColumn("Tiến độ", "1fr", "right"),
    )  # fmt: skip
    return (Grid(columns, tuple(rows), "Kế hoạch của các đơn vị cấp dưới"),) if rows else ()
