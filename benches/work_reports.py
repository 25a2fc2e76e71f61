"""A round of reports: opened by the district, begun in the commune."""

from datetime import datetime

from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports.models import Form, Report, Round
from vang.reports.services import begin_report
from vang.reports.services.forms import create_form
from vang.reports.services.regimes import HALF_YEARS, Duty, days_of, start_regime
from vang.reports.services.shipping import ship_forms

FORM = "TTCS-01"


def round_of(district: Unit, now: datetime) -> Round:
    """The round of June with the district's own report; the communes' follow."""
    ship_forms(now=now)
    form = Form.objects.get(unit=None, code=FORM)
    duty = Duty(form=form, name="Báo cáo thông tin cơ sở")
    regime = start_regime(unit=district, duty=duty, terms=HALF_YEARS, by=None, now=now)
    days = days_of(regime.terms.all()[0], now.year)
    made = Round.objects.create(
        regime=regime, version=form.versions.get(), name=f"Báo cáo 10/6 năm {now.year}",
        opened_at=now, **vars(days),
    )  # fmt: skip
    Report.objects.create(
        round=made, unit=district, above=None, consolidates=True, due_on=made.due_on
    )
    return made


def report_of(unit: Unit, round_: Round, writer: Person, everybody: Person, now: datetime) -> None:
    """A report that is being written, and a form of the commune's own."""
    parent = Report.objects.get(round=round_, unit=unit.parent)
    report = Report.objects.create(
        round=round_, unit=unit, above=unit.parent, parent=parent, due_on=round_.due_on
    )
    begin_report(report=report, by=writer, now=now)
    create_form(
        unit=unit, code="BC-XA", name="Báo cáo của xã", like=round_.version.form, by=everybody,
        now=now,
    )  # fmt: skip
