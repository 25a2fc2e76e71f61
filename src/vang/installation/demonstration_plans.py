"""The demonstration's plans of this year: the district's, and the home commune's made from it,
with one task overdue, one that counts by itself and one with evidence."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.plans.models import Plan
from vang.plans.services import (
    Heads,
    Work,
    acknowledge,
    add_proof,
    add_task,
    adopt_plan,
    bring_evidence,
    change_plan,
    derive_plan,
    mark_day,
    report_progress,
    start_plan,
)

_COMMUNES = "UBND các xã, thị trấn"
_OFFICE = "Phòng Văn hóa và Thông tin huyện"
_STATION = "Đài Truyền thanh – Truyền hình huyện"
_DUTIES, _MONEY = "Nội dung tuyên truyền", "Cơ sở vật chất, con người"
_LATE = timedelta(days=9)


def load_plans(district: Unit, home: Unit, people: Mapping[str, Person], *, now: datetime) -> None:
    above = _of_the_district(district, people["dao"], now)
    writer, approver = people["an"], people["binh"]
    acknowledge(plan=above, unit=home, text="Đã quán triệt", by=writer, now=now)
    plan = derive_plan(plan=above, unit=home, by=writer, now=now)
    change_plan(plan=plan, heads=_heads_of_the_commune(plan, home), by=writer, now=now)
    plan = adopt_plan(plan=plan, by=approver, now=now)
    laws, training, fees, reporting = plan.tasks.order_by("place")
    add_proof(task=laws, kind="category", value="POLICY_LAW", wanted=12, by=writer, now=now)
    report_progress(
        task=training, percent=60, text="Đã mời giảng viên, chốt danh sách", by=writer, now=now
    )
    bring_evidence(
        task=training,
        text="Giấy mời tập huấn số 31/GM-UBND, 24 người dự",
        file_name="giay-moi-tap-huan.txt",
        content="Giấy mời tập huấn nghiệp vụ truyền thanh cơ sở\n".encode(),
        by=writer,
        now=now,
    )
    for day in reporting.occurrences.filter(due_on__lt=local_date(now)):
        mark_day(day=day, done=True, by=writer, now=now)
    report_progress(task=fees, percent=30, text="Chờ dự toán được duyệt", by=writer, now=now)


def _of_the_district(district: Unit, by: Person, now: datetime) -> Plan:
    today = local_date(now)
    year = today.year
    late = vi_date(max(today - _LATE, date(year, 1, 1)))
    heads = Heads(
        title=f"Công tác thông tin cơ sở trên địa bàn huyện Quế Sơn năm {year}",
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        number="05/KH-UBND",
        issuer="UBND huyện Quế Sơn",
        issued_on=date(year, 1, 5),
        bases="Nghị định số 49/2024/NĐ-CP ngày 10/5/2024 của Chính phủ",
        signer="Ngô Thị Đào",
    )
    plan = start_plan(unit=district, heads=heads, by=by, now=now)
    for work in (
        Work(
            "Phát tin, bài phổ biến chính sách, pháp luật trên hệ thống loa của xã",
            leads=_COMMUNES,
            deadlines=f"trước ngày 31/12/{year}",
            section=_DUTIES,
        ),
        Work(
            "Cử người dự tập huấn nghiệp vụ truyền thanh cơ sở",
            leads=_COMMUNES,
            cooperating=_STATION,
            deadlines=f"trước ngày 15/12/{year}",
            product="Danh sách người dự",
            section=_MONEY,
        ),
        Work(
            "Bố trí kinh phí sửa chữa, bảo dưỡng cụm loa",
            leads=_COMMUNES,
            deadlines=f"trước ngày {late}",
            section=_MONEY,
        ),
        Work(
            "Báo cáo kết quả công tác thông tin cơ sở",
            leads=_COMMUNES,
            deadlines="trước ngày 10/6 và 10/11 hằng năm",
            section=_MONEY,
        ),
        Work(
            "Mở lớp tập huấn nghiệp vụ cho cán bộ truyền thanh xã",
            leads=_OFFICE,
            cooperating=_STATION,
            deadlines=f"quý IV/{year}",
            section=_MONEY,
        ),
    ):
        add_task(plan=plan, work=work, by=by, now=now)
    return adopt_plan(plan=plan, to_communes=True, by=by, now=now)


def _heads_of_the_commune(plan: Plan, home: Unit) -> Heads:
    """Of the plan that stands in the commune's register already."""
    year = plan.starts_on.year
    return Heads(
        title=f"Công tác thông tin cơ sở trên địa bàn xã năm {year}",
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        number="12/KH-UBND",
        issuer=f"UBND xã {home.name}",
        issued_on=date(year, 1, 12),
        bases="\n".join(plan.bases),
        signer="Lý Thị Hạnh",
    )
