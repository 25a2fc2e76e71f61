"""Offering what was approved: to whom, on which terms, and what is refused."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.bulletins.newsroom import draft, reread, submitted
from tests.conftest import person
from tests.pool.sharing import BETTER, approved, mended, offered, terms
from vang.base.refusals import Refusal
from vang.bulletins import services as bulletins
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.orgs.reach import Aim, areas, partners
from vang.people.models import Person
from vang.pool import services
from vang.pool.models import Offer
from vang.pool.scope import offered_to


def refused(code: str, **given: object) -> None:
    with pytest.raises(Refusal) as refusal:
        services.offer_bulletin(**given)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_an_approved_item_is_offered_to_everybody_in_the_district(
    offer: Offer, station: Unit, district: Unit, xa_a: Unit, xa_b: Unit
) -> None:
    for unit in (xa_a, xa_b, district):
        assert list(offered_to(unit)) == [offer]
    assert list(offered_to(station)) == []
    assert offer.title == "Chằng chống nhà cửa trước bão"
    assert offer.duration_ms == 5000
    assert [link["name"] for link in offer.chain] == [station.full_name]
    assert Entry.objects.filter(action="offer-bulletin", unit=station).exists()


def test_chosen_units_alone_see_an_offer_to_them(
    station: Unit, xa_a: Unit, xa_b: Unit, ha: Person, lam: Person, now: datetime
) -> None:
    offer = offered(station, ha, lam, now, aims=[Aim(xa_a)])
    assert list(offered_to(xa_a)) == [offer]
    assert list(offered_to(xa_b)) == []


def test_a_commune_offers_to_its_neighbours_and_upwards(
    xa_a: Unit, xa_b: Unit, district: Unit, station: Unit, an: Person, now: datetime
) -> None:
    assert set(partners(xa_a, now.date())) == {xa_b, district, station}
    assert areas(xa_a) == [district]
    binh = person("binh2", "Bình", xa_a, "APPROVER")
    offer = offered(xa_a, an, binh, now, aims=[Aim(xa_b), Aim(station)])
    assert list(offered_to(station)) == [offer]


def test_only_what_is_approved_as_it_stands_is_offered(
    station: Unit, xa_a: Unit, ha: Person, lam: Person, now: datetime
) -> None:
    aims = [Aim(xa_a)]
    for bulletin in (draft(station, ha, now), submitted(station, ha, now)):
        refused("not-approved", bulletin=bulletin, aims=aims, terms=terms(now), by=ha, now=now)
    bulletin = approved(station, ha, lam, now)
    bulletins.save_version(bulletin=bulletin, content=BETTER, based_on=1, by=ha, now=now)
    refused("not-approved", bulletin=reread(bulletin), aims=aims, terms=terms(now), by=ha, now=now)


def test_nobody_offers_for_another_unit(
    station: Unit, xa_a: Unit, ha: Person, lam: Person, an: Person, dung: Person, now: datetime
) -> None:
    bulletin = approved(station, ha, lam, now)
    for stranger in (an, dung):
        given = {"bulletin": bulletin, "aims": [Aim(xa_a)], "terms": terms(now), "now": now}
        refused("not-in-newsroom", by=stranger, **given)
    services.offer_bulletin(bulletin=bulletin, aims=[Aim(xa_a)], terms=terms(now), by=lam, now=now)


def test_an_offer_is_made_once_within_reach_and_in_its_time(
    offer: Offer, station: Unit, xa_a: Unit, ha: Person, lam: Person, now: datetime
) -> None:
    common = {"by": ha, "now": now}
    again = {"aims": [Aim(xa_a)], "terms": terms(now)}
    refused("offered-already", bulletin=reread(offer.bulletin), **again, **common)
    bulletin = approved(station, ha, lam, now)
    far = Unit.objects.create(
        code="1", valid_from=now.date(), level="COMMUNE", kind="XA", name="Xa Lạ"
    )
    for aims, code in (([], "nobody-chosen"), ([Aim(far)], "out-of-reach"),
                       ([Aim(xa_a, below=True)], "out-of-reach")):  # fmt: skip
        refused(code, bulletin=bulletin, aims=aims, terms=terms(now), **common)
    over = terms(now, valid_to=now.date() - timedelta(days=1))
    refused("over-before-it-begins", bulletin=bulletin, aims=[Aim(xa_a)], terms=over, **common)


def test_only_who_stands_above_may_demand_that_it_be_aired(
    station: Unit, xa_a: Unit, xa_b: Unit, ha: Person, lam: Person, an: Person, binh: Person,
    now: datetime,
) -> None:  # fmt: skip
    assert offered(station, ha, lam, now, must_air=True).must_air
    refused(
        "must-air-above",
        bulletin=approved(xa_a, an, binh, now),
        aims=[Aim(xa_b)],
        terms=terms(now, must_air=True),
        by=an,
        now=now,
    )


def test_a_correction_is_offered_when_it_is_approved_and_once(
    offer: Offer, ha: Person, lam: Person, now: datetime, later: datetime
) -> None:
    with pytest.raises(Refusal) as refusal:
        services.renew_offer(offer=offer, change="x", by=ha, now=later)
    assert refusal.value.code == "nothing-newer"
    mended(offer, ha, lam, later)
    renewed = services.renew_offer(offer=offer, change="Thêm lượng nước.", by=ha, now=later)
    assert (renewed.revision, renewed.news, renewed.news_at) == (2, "CORRECTED", later)
    assert [row.change for row in renewed.revisions.all()] == ["", "Thêm lượng nước."]
    with pytest.raises(Refusal):
        services.renew_offer(offer=offer, change="x", by=ha, now=later)


def test_a_withdrawn_offer_says_why_and_is_over(
    offer: Offer, ha: Person, an: Person, now: datetime, later: datetime
) -> None:
    for by, reason, code in ((ha, " ", "comment-missing"), (an, "x", "not-in-newsroom")):
        with pytest.raises(Refusal) as refusal:
            services.withdraw_offer(offer=offer, reason=reason, by=by, now=later)
        assert refusal.value.code == code
    gone = services.withdraw_offer(offer=offer, reason="Số liệu sai.", by=ha, now=later)
    assert (gone.state, gone.news_reason) == ("WITHDRAWN", "Số liệu sai.")
    with pytest.raises(Refusal) as refusal:
        services.withdraw_offer(offer=offer, reason="x", by=ha, now=later)
    assert refusal.value.code == "offer-withdrawn"


def test_the_database_keeps_offers_in_order(offer: Offer) -> None:
    for wrong in (
        {"valid_to": offer.valid_from - timedelta(days=1)},
        {"news": "CORRECTED"},
        {"news_at": offer.offered_at},
    ):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Offer.objects.filter(pk=offer.pk).update(**wrong)
