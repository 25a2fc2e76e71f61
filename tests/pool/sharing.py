"""Builders for what is shared between units."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.bulletins import newsroom
from tests.conftest import BEGIN
from vang.base.clock import local_date
from vang.bulletins import services as bulletins
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Edition
from vang.orgs.models import Organisation, Unit
from vang.orgs.queries import territory
from vang.orgs.reach import Aim
from vang.people.models import Person
from vang.pool import services
from vang.pool.models import Offer, Order, Request, Taking
from vang.pool.services.offering import Terms

STORM = Content(
    title="Chằng chống nhà cửa trước bão",
    text="Bà con chằng chống mái tôn, chặt tỉa cành cây và dự trữ nước sạch.",
    category="DISASTER",
)
BETTER = replace(STORM, text="Bà con chằng chống mái tôn và dự trữ nước sạch cho ba ngày.")


def office(unit: Unit, name: str = "Đài Truyền thanh – Truyền hình huyện", code: str = "") -> Unit:
    """A desk of an organisation of the unit."""
    desk = Unit.objects.create(
        code=code or f"{unit.code}-CQ01",
        valid_from=BEGIN,
        level="OFFICE",
        kind="CO_QUAN",
        name=name,
        parent=unit,
    )
    Organisation.objects.create(unit=unit, kind="STATION", name=name, desk=desk, valid_from=BEGIN)
    return desk


def approved(
    unit: Unit, writer: Person, approver: Person, now: datetime, content: Content = STORM
) -> Bulletin:
    bulletin = newsroom.submitted(unit, writer, now, content)
    newsroom.approved(bulletin, approver, now)
    return newsroom.reread(bulletin)


def terms(now: datetime, **more: object) -> Terms:
    return Terms(valid_from=local_date(now), **more)  # type: ignore[arg-type]


def offered(unit: Unit, writer: Person, approver: Person, now: datetime, **more: object) -> Offer:
    """To the whole district, unless ``aims`` say otherwise."""
    content = more.pop("content", STORM)
    whole = [Aim(_district(unit), below=True)]
    aims = more.pop("aims", whole)
    assert isinstance(content, Content)
    assert isinstance(aims, list)
    return services.offer_bulletin(
        bulletin=approved(unit, writer, approver, now, content),
        aims=aims,
        terms=terms(now, **more),
        by=writer,
        now=now,
    )


def _district(unit: Unit) -> Unit:
    place = territory(unit)
    return place if place.level == "DISTRICT" else place.parent or place


def taken(offer: Offer, unit: Unit, by: Person, now: datetime) -> Taking:
    bulletin = services.take_offer(offer=offer, unit=unit, by=by, now=now)
    return bulletin.taking


def aired(bulletin: Bulletin, approver: Person, now: datetime) -> Edition:
    """Approved by the unit's own approver and released."""
    newsroom.allow_trial_voice(bulletin.unit, now)
    newsroom.approved(newsroom.reread(bulletin), approver, now)
    return bulletins.release_bulletin(bulletin=newsroom.reread(bulletin), by=approver, now=now)


def mended(offer: Offer, writer: Person, approver: Person, now: datetime) -> Bulletin:
    """The origin's bulletin with better words, approved again."""
    bulletin = newsroom.reread(offer.bulletin)
    number = newsroom.current(bulletin).number
    bulletins.save_version(bulletin=bulletin, content=BETTER, based_on=number, by=writer, now=now)
    bulletins.submit_bulletin(bulletin=bulletin, by=writer, now=now)
    newsroom.make_ready(bulletin, now)
    newsroom.approved(newsroom.reread(bulletin), approver, now)
    return newsroom.reread(bulletin)


def renewed(offer: Offer, writer: Person, approver: Person, now: datetime) -> Offer:
    mended(offer, writer, approver, now)
    change = "Thêm lượng nước cần dự trữ."
    return services.renew_offer(offer=offer, change=change, by=approver, now=now)


def asked(unit: Unit, whom: Unit, by: Person, now: datetime, **more: object) -> Order:
    """One request to one unit, due in three days."""
    request: Request = services.ask_for_content(
        unit=unit,
        title="Lịch tiêm phòng dại cho chó",
        text="Cần lịch theo từng thôn để phát từ thứ hai.",
        due_at=now + timedelta(days=3),
        asked=[whom],
        by=by,
        now=now,
        **more,  # type: ignore[arg-type]
    )
    return request.orders.get()


def again(row: Taking) -> Taking:
    return Taking.objects.select_related("offer", "bulletin").get(pk=row.pk)
