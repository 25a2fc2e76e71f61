"""Builders for plans and series."""

from datetime import datetime

from vang.editorial import services
from vang.editorial.models import Plan, Series
from vang.editorial.services.planning import Theme
from vang.editorial.services.series import Idea
from vang.orgs.models import Unit
from vang.people.models import Person

DISASTERS = Theme("Phòng, chống thiên tai", category="DISASTER", items=8, minutes=120)


def begun(unit: Unit, by: Person, now: datetime, *themes: Theme) -> Plan:
    plan = services.start_plan(
        unit=unit, year=2026, title="Kế hoạch tuyên truyền năm 2026", by=by, now=now
    )
    for theme in themes or (DISASTERS,):
        services.add_line(plan=plan, theme=theme, by=by, now=now)
    return plan


def opened(unit: Unit, by: Person, now: datetime, name: str = "Nhà nông cần biết") -> Series:
    idea = Idea(
        name,
        "WEEKLY",
        description="Lịch thời vụ.",
        category="SCIENCE",
        responsible=by,
        target_s=300,
    )
    return services.start_series(unit=unit, idea=idea, by=by, now=now)
