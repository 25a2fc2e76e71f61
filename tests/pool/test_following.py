"""When the origin corrects or withdraws, whoever took it is told at once and follows by one act."""

from datetime import datetime

import pytest
from django_tasks_db.models import DBTaskResult

from tests.bulletins.newsroom import approved as approve
from tests.bulletins.newsroom import current, make_ready, released, reread
from tests.conftest import person
from tests.pool.sharing import BETTER, again, aired, renewed, taken, terms
from vang.base.refusals import Refusal
from vang.bulletins import services as bulletins
from vang.bulletins.models import Bulletin
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.orgs.reach import Aim
from vang.people.models import Person
from vang.pool import services
from vang.pool.models import Offer, Taking
from vang.pool.notices import told_takers
from vang.pool.queries import with_news


@pytest.fixture
def taking(offer: Offer, xa_a: Unit, an: Person, now: datetime) -> Taking:
    return taken(offer, xa_a, an, now)


def bulletin_of(taking: Taking) -> Bulletin:
    assert taking.bulletin_id is not None
    return Bulletin.objects.get(pk=taking.bulletin_id)


def test_a_withdrawal_is_news_to_every_taker_and_to_nobody_else(
    taking: Taking, offer: Offer, xa_a: Unit, xa_b: Unit, an: Person, binh: Person, chi: Person,
    ha: Person, later: datetime,
) -> None:  # fmt: skip
    assert list(with_news(xa_a)) == []
    gone = services.withdraw_offer(offer=offer, reason="Lịch đã đổi.", by=ha, now=later)
    assert list(with_news(xa_a)) == [taking]
    assert list(with_news(xa_b)) == []
    assert DBTaskResult.objects.filter(task_path__endswith="tell_takers").count() == 1
    told_takers(gone, now=later)
    told_takers(gone, now=later)
    assert {n.person for n in Notice.objects.filter(kind="pool-news")} == {an, binh}
    assert Notice.objects.filter(kind="pool-news").count() == 2
    notice = Notice.objects.filter(kind="pool-news").first()
    assert notice is not None
    assert "Lịch đã đổi." in notice.text


def test_following_a_withdrawal_stops_the_own_bulletin_with_the_origins_reason(
    taking: Taking, offer: Offer, xa_a: Unit, an: Person, binh: Person, ha: Person,
    now: datetime, later: datetime,
) -> None:  # fmt: skip
    edition = aired(bulletin_of(taking), binh, now)
    services.withdraw_offer(offer=offer, reason="Lịch đã đổi.", by=ha, now=later)
    services.follow_withdrawal(taking=taking, by=an, now=later)
    edition.refresh_from_db()
    assert edition.withdrawn_at == later
    assert "Lịch đã đổi." in (bulletin_of(taking).steps.last() or taking).comment  # type: ignore[union-attr]
    assert list(with_news(xa_a)) == []
    with pytest.raises(Refusal) as refused:
        services.follow_withdrawal(taking=taking, by=binh, now=later)
    assert refused.value.code == "no-news"


def test_a_correction_replaces_what_is_not_out_yet(
    taking: Taking, offer: Offer, xa_a: Unit, an: Person, ha: Person, lam: Person, later: datetime
) -> None:
    fresh = renewed(offer, ha, lam, later)
    assert [row.offer.news for row in with_news(xa_a)] == ["CORRECTED"]
    services.follow_correction(taking=taking, by=an, now=later)
    version = current(bulletin_of(taking))
    assert (version.number, version.text) == (2, BETTER.text)
    assert version.rendition == fresh.version.rendition
    assert bulletin_of(taking).state == Bulletin.State.IN_REVIEW
    assert (again(taking).revision, again(taking).kind) == (2, "TAKEN")
    assert list(with_news(xa_a)) == []


def test_a_correction_of_what_is_out_becomes_a_correction_there(
    taking: Taking, offer: Offer, an: Person, binh: Person, ha: Person, lam: Person,
    now: datetime, later: datetime,
) -> None:  # fmt: skip
    first = aired(bulletin_of(taking), binh, now)
    renewed(offer, ha, lam, later)
    services.follow_correction(taking=taking, by=an, now=later)
    second = aired(bulletin_of(taking), binh, later)
    assert second.corrects == first
    assert second.text == BETTER.text
    assert "lượng nước" in second.wrong
    assert again(taking).kind == "TAKEN"


def test_what_was_adapted_or_kept_stays_with_a_reason(
    offer: Offer, xa_a: Unit, an: Person, ha: Person, lam: Person, now: datetime, later: datetime
) -> None:
    bulletin = services.adapt_offer(offer=offer, unit=xa_a, by=an, now=now)
    renewed(offer, ha, lam, later)
    given = {"taking": bulletin.taking, "by": an, "now": later}
    with pytest.raises(Refusal) as refused:
        services.keep_as_is(reason=" ", **given)
    assert refused.value.code == "comment-missing"
    services.keep_as_is(reason="Xã đã sửa đoạn này.", **given)
    assert list(with_news(xa_a)) == []
    assert again(bulletin.taking).settled_reason == "Xã đã sửa đoạn này."
    assert again(bulletin.taking).revision == 1


def test_only_the_unit_that_took_it_follows(
    taking: Taking, offer: Offer, chi: Person, ha: Person, later: datetime
) -> None:
    services.withdraw_offer(offer=offer, reason="Sai.", by=ha, now=later)
    for stranger in (chi, ha):
        with pytest.raises(Refusal) as refused:
            services.follow_withdrawal(taking=taking, by=stranger, now=later)
        assert refused.value.code == "not-in-newsroom"


def test_news_of_the_origin_reaches_every_hop_at_once(
    taking: Taking, offer: Offer, xa_a: Unit, xa_b: Unit, an: Person, binh: Person, ha: Person,
    now: datetime, later: datetime,
) -> None:  # fmt: skip
    approve(bulletin_of(taking), binh, now)
    onward = services.offer_bulletin(
        bulletin=bulletin_of(taking), aims=[Aim(xa_b)], terms=terms(now), by=an, now=now
    )
    writer = person("b1", "B Một", xa_b, "WRITER")
    second = taken(onward, xa_b, writer, now)
    services.withdraw_offer(offer=offer, reason="Sai số liệu.", by=ha, now=later)
    assert [row.offer.news for row in with_news(xa_b)] == ["ORIGIN_WITHDRAWN"]
    with pytest.raises(Refusal) as refused:
        services.follow_correction(taking=second, by=writer, now=later)
    assert refused.value.code == "nothing-newer"
    services.follow_withdrawal(taking=second, by=writer, now=later)
    assert bulletin_of(second).state == Bulletin.State.WITHDRAWN


def test_what_the_origin_releases_corrected_or_withdraws_is_offered_so_by_itself(
    xa_a: Unit, xa_b: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    bulletin = reread(edition.bulletin)
    offer = services.offer_bulletin(
        bulletin=bulletin, aims=[Aim(xa_b)], terms=terms(now), by=an, now=now
    )
    assert services.follow_origins_due(now=now) == 0
    bulletins.start_correction(
        bulletin=bulletin, wrong="Sai giờ.", because="Gõ nhầm.", by=an, now=later
    )
    bulletins.save_version(bulletin=reread(bulletin), content=BETTER, based_on=2, by=an, now=later)
    bulletins.submit_bulletin(bulletin=reread(bulletin), by=an, now=later)
    make_ready(bulletin, later)
    approve(reread(bulletin), binh, later)
    assert services.follow_origins_due(now=later) == 0  # approved, and not out yet
    bulletins.release_bulletin(bulletin=reread(bulletin), by=binh, now=later)
    assert services.follow_origins_due(now=later) == 1
    offer.refresh_from_db()
    assert (offer.revision, offer.news, offer.news_reason) == (2, "CORRECTED", "Sai giờ.")
    bulletins.withdraw_bulletin(bulletin=reread(bulletin), reason="Hoãn họp.", by=an, now=later)
    assert services.follow_origins_due(now=later) == 1
    offer.refresh_from_db()
    assert (offer.state, offer.news_reason) == ("WITHDRAWN", "Hoãn họp.")
    assert services.follow_origins_due(now=later) == 0
