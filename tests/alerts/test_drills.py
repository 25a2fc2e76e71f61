"""The monthly drill: asked for on the first page until it was held, through the real path."""

from datetime import datetime, timedelta

import pytest

from tests.alerts.office import Keeper, loudspeakers, sent, submitted
from vang.alerts.due import _late, _unproved
from vang.alerts.models import Alert, Status
from vang.alerts.queries import DRILL_EVERY, DRILL_LATE, drills
from vang.orgs.models import Unit
from vang.people.due import Desk
from vang.people.models import Person

pytestmark = pytest.mark.django_db


def asked_for(unit: Unit, by: Person, at: datetime) -> tuple[bool, bool]:
    """Whether the first page asks for a drill then, and whether it is overdue."""
    desk = Desk(by, unit, frozenset({"WRITER"}), at)
    here = Unit.objects.filter(pk=unit.pk)
    return here.filter(_unproved(desk)).exists(), here.filter(_late(desk)).exists()


@pytest.mark.parametrize("status", [Status.TEST, Status.EXERCISE])
def test_p9_a_drill_that_was_sent_counts_for_a_month_and_is_then_asked_for_again(
    keeper: Keeper, xa_a: Unit, an: Person, binh: Person, hanh: Person, now: datetime, status: str
) -> None:
    loudspeakers(xa_a, now)
    assert asked_for(xa_a, an, now) == (True, True)
    alert = sent(submitted(xa_a, an, now, status), binh, hanh, keeper, now)
    assert Alert.objects.filter(drills()).get() == alert
    minute = timedelta(minutes=1)
    assert asked_for(xa_a, an, now + minute) == (False, False)
    assert asked_for(xa_a, an, now + DRILL_EVERY + minute) == (True, False)
    assert asked_for(xa_a, an, now + DRILL_LATE + minute) == (True, True)


def test_p9_a_real_alert_is_no_drill(
    keeper: Keeper, xa_a: Unit, an: Person, binh: Person, hanh: Person, now: datetime
) -> None:
    loudspeakers(xa_a, now)
    sent(submitted(xa_a, an, now, Status.ACTUAL), binh, hanh, keeper, now)
    assert not Alert.objects.filter(drills()).exists()
