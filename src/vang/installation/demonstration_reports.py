"""The round of June in the demonstration, so that a commune reports and the district takes it."""

from dataclasses import replace
from datetime import datetime, timedelta

from vang.base.clock import local_date
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports.models import Form
from vang.reports.services.opening import Days, open_round
from vang.reports.services.regimes import HALF_YEARS, Duty, days_of, start_regime
from vang.reports.services.shipping import ship_forms

_FORM = "BC-TTCS"
_BASIS = "Kế hoạch đẩy mạnh công tác thông tin cơ sở trong tình hình mới trên địa bàn huyện"
_RECIPIENTS = ("UBND huyện Quế Sơn", "Sở Thông tin và Truyền thông Quảng Nam")
_AT_LEAST = timedelta(days=10)


def load_reports(district: Unit, by: Person, now: datetime) -> None:
    """The regime of section VI of the founding plan, with its June round open today."""
    ship_forms(now=now)
    form = Form.objects.get(unit=None, code=_FORM)
    duty = Duty(form=form, name="Báo cáo công tác thông tin cơ sở", basis=_BASIS)
    regime = start_regime(
        unit=district, duty=duty, terms=HALF_YEARS, recipients=_RECIPIENTS, by=by, now=now
    )
    june = regime.terms.get(due_month=6)
    year = local_date(now).year
    days = days_of(june, year)
    if days.opens_on > local_date(now):
        days = days_of(june, year - 1)
    name = f"{june.name} năm {days.due_on.year}"
    open_round(regime=regime, name=name, days=_open_today(days, now), by=by, now=now)


def _open_today(days: Days, now: datetime) -> Days:
    """On its own days in May and June; at any other time with ten days left, to be tried."""
    today = local_date(now)
    if days.opens_on <= today <= days.due_on:
        return days
    due = today + _AT_LEAST
    return replace(days, opens_on=today, due_on=due, locks_on=due + _AT_LEAST)
