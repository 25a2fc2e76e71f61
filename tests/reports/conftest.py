"""A round of June in a district of two communes, on the form that comes with the system."""

from datetime import date, datetime

import pytest

from tests.conftest import person
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports.models import Form, Regime, Report, Round
from vang.reports.services.opening import Days, open_round
from vang.reports.services.regimes import HALF_YEARS, Duty, start_regime
from vang.reports.services.shipping import ship_forms

JUNE = Days(
    covers_from=date(2025, 11, 1),
    covers_to=date(2026, 5, 31),
    opens_on=date(2026, 5, 11),
    due_on=date(2026, 6, 10),
    locks_on=date(2026, 6, 30),
)


@pytest.fixture
def form(db: None, now: datetime) -> Form:
    ship_forms(now=now)
    return Form.objects.get(unit=None, code="BC-TTCS")


@pytest.fixture
def dao(district: Unit) -> Person:
    """Writes and approves in the office of the district: takes the communes' reports."""
    return person("dao", "Ngô Thị Đào", district, "WRITER", "APPROVER", "LEADER")


@pytest.fixture
def regime(form: Form, district: Unit, dao: Person, now: datetime) -> Regime:
    duty = Duty(form=form, name="Báo cáo kết quả thực hiện Kế hoạch")
    recipients = ["UBND huyện Quế Sơn", "Sở Văn hóa, Thể thao và Du lịch"]
    return start_regime(
        unit=district, duty=duty, terms=HALF_YEARS, recipients=recipients, by=dao, now=now
    )


@pytest.fixture
def june(regime: Regime, xa_a: Unit, xa_b: Unit, dao: Person, now: datetime) -> Round:
    return open_round(regime=regime, name="Báo cáo 10/6 năm 2026", days=JUNE, by=dao, now=now)


@pytest.fixture
def report(june: Round, xa_a: Unit) -> Report:
    """What commune A owes."""
    return Report.objects.get(round=june, unit=xa_a)


@pytest.fixture
def report_b(june: Round, xa_b: Unit) -> Report:
    return Report.objects.get(round=june, unit=xa_b)


@pytest.fixture
def above(june: Round, district: Unit) -> Report:
    """What the district puts together."""
    return Report.objects.get(round=june, unit=district)
