"""The demonstration's plans of this year, on any day of it."""

from datetime import UTC, datetime

import pytest

from vang.base.clock import local_date
from vang.documents.models import Document
from vang.installation.demonstration import load_demonstration
from vang.plans.models import Plan
from vang.plans.queries import tasks_of
from vang.plans.standing import Standing


@pytest.mark.parametrize("now", [datetime(2026, month, 14, 2, tzinfo=UTC) for month in (3, 11)])
def test_a_plan_of_the_commune_from_the_districts(db: None, now: datetime) -> None:
    load_demonstration(nodes=1, now=now)
    plan = Plan.objects.get(unit__code="20662")
    assert plan.state == "ADOPTED"
    assert plan.parent is not None
    assert plan.parent.recipients.filter(acknowledgement__isnull=False).count() == 1
    assert plan.document == Document.objects.get(unit=plan.unit, number="12/KH-UBND")
    rows = tasks_of(plan, local_date(now))
    assert [row.standing for row in rows].count(Standing.OVERDUE) == 1
    assert plan.tasks.filter(evidence__isnull=False).exists()
