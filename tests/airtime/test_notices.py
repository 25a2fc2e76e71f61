"""Writers are told when their bulletin will be heard."""

from datetime import datetime, timedelta

from tests.airtime.factories import daily, edition, three_clusters
from tests.airtime.wanting import LONG_BEFORE
from vang.airtime import services
from vang.base.clock import local_date
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person


def test_the_writer_is_told_the_time_unless_they_chose_it(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    three_clusters(xa_a)
    afternoon = now + timedelta(hours=5)
    made = edition(xa_a, an, at=LONG_BEFORE)
    services.place_once(edition=made, start=afternoon, by=an, now=now)
    assert not Notice.objects.filter(person=an).exists()
    other = edition(xa_a, an, title="Tiêm chủng", at=LONG_BEFORE)
    services.place_once(edition=other, start=afternoon + timedelta(minutes=10), by=binh, now=now)
    notice = Notice.objects.get(person=an)
    assert notice.title == "Đã xếp lịch phát: Tiêm chủng"
    assert notice.text == "Lúc 17:10 10/06/2026."


def test_a_programme_is_named_with_its_first_day(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    three_clusters(xa_a)
    made = edition(xa_a, an)
    services.place_in_programme(
        edition=made,
        programme=daily(xa_a, binh),
        from_day=local_date(now) + timedelta(days=1),
        to_day=None,
        by=binh,
        now=now,
    )
    assert Notice.objects.get(person=an).text == (
        "Trong chương trình “Tin chiều” từ ngày 11/06/2026."
    )
