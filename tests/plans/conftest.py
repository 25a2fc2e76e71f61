"""The founding plan read in An's commune, and one adopted by the district."""

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import person
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.plans.models import Draft, Plan
from vang.plans.services import Heads, Work, add_task, adopt_plan, start_plan, take_document

FOUNDING = Path(__file__).resolve().parents[2] / "samples" / "ke-hoach-90.txt"


@pytest.fixture
def _still(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def draft(xa_a: Unit, an: Person, now: datetime) -> Draft:
    """The founding plan as read for the commune."""
    return take_document(
        unit=xa_a, file_name="ke-hoach-90.txt", content=FOUNDING.read_bytes(), by=an, now=now
    )


def begun(unit: Unit, by: Person, now: datetime) -> Plan:
    """A plan of 2026 with one task of the communes and one of an office."""
    heads = Heads(
        "Thông tin cơ sở năm 2026", date(2026, 1, 1), date(2026, 12, 31), number="7/KH-UBND"
    )
    plan = start_plan(unit=unit, heads=heads, by=by, now=now)
    add_task(
        plan=plan,
        work=Work(
            "Phát bản tin phòng, chống thiên tai",
            leads="UBND các xã, thị trấn",
            deadlines="trước ngày 10/6 và 10/11 hằng năm",
        ),
        by=by,
        now=now,
    )
    add_task(
        plan=plan,
        work=Work("Mở lớp tập huấn", leads="Phòng Văn hóa", deadlines="quý III/2026"),
        by=by,
        now=now,
    )
    return plan


@pytest.fixture
def plan(xa_a: Unit, an: Person, binh: Person, now: datetime) -> Plan:
    """The commune's own, adopted."""
    return adopt_plan(plan=begun(xa_a, an, now), by=binh, now=now)


@pytest.fixture
def hoa(district: Unit) -> Person:
    """Writes and approves for the district."""
    return person("hoa", "Trần Hòa", district, "WRITER", "APPROVER")


@pytest.fixture
def from_above(district: Unit, xa_a: Unit, xa_b: Unit, hoa: Person, now: datetime) -> Plan:
    """The district's, sent to its two communes."""
    return adopt_plan(plan=begun(district, hoa, now), to_communes=True, by=hoa, now=now)
