"""Taking, adapting and declining; the chain of origin over several hops."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.bulletins.newsroom import approved as approve
from tests.bulletins.newsroom import co_tu, current, make_ready, reread, take
from tests.conftest import person
from tests.pool.sharing import BETTER, STORM, again, aired, offered, taken, terms
from vang.base.refusals import Refusal
from vang.bulletins import services as bulletins
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin
from vang.bulletins.wordings import wordings_of
from vang.orgs.models import Unit
from vang.orgs.reach import Aim
from vang.people.models import Person
from vang.pool import services
from vang.pool.models import Offer, Taking
from vang.pool.origins import chain_of, relayed, source_of
from vang.voice.access import open_rendition
from vang.voice.models import Rendition


def refusal(act: object, **given: object) -> str:
    with pytest.raises(Refusal) as refused:
        act(**given)  # type: ignore[operator]
    return refused.value.code


def test_taking_keeps_text_and_sound_and_asks_the_own_approver(
    offer: Offer, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    made = Rendition.objects.count()
    bulletin = services.take_offer(offer=offer, unit=xa_a, by=an, now=now)
    version = current(bulletin)
    assert (version.title, version.text, version.category) == (
        STORM.title, STORM.text, "DISASTER",
    )  # fmt: skip
    assert version.rendition == offer.version.rendition
    assert Rendition.objects.count() == made
    assert reread(bulletin).state == Bulletin.State.IN_REVIEW
    assert open_rendition(binh, version.rendition_id or 0, now.date()) == version.rendition
    edition = aired(bulletin, binh, now)
    assert edition.audio_sha256 == offer.version.rendition.sha256


def test_the_one_who_took_it_cannot_approve_it(offer: Offer, xa_a: Unit, now: datetime) -> None:
    both = person("x", "X", xa_a, "WRITER", "APPROVER")
    bulletin = services.take_offer(offer=offer, unit=xa_a, by=both, now=now)
    with pytest.raises(Refusal) as refused:
        approve(bulletin, both, now)
    assert refused.value.code == "not-independent"


def test_without_its_sound_the_own_voice_speaks(
    station: Unit, xa_a: Unit, ha: Person, lam: Person, an: Person, now: datetime
) -> None:
    offer = offered(station, ha, lam, now, with_sound=False, content=BETTER)
    bulletin = services.take_offer(offer=offer, unit=xa_a, by=an, now=now)
    sound = current(bulletin).rendition
    assert sound is not None
    assert xa_a in sound.units.all()


def test_a_persons_recording_and_every_language_come_along(
    station: Unit, xa_a: Unit, ha: Person, lam: Person, an: Person, now: datetime
) -> None:
    spoken = Content(
        title=STORM.title,
        text=STORM.text,
        recording=take(station, ha, now, "tieng-viet.mp3"),
        wordings=(co_tu(take(station, ha, now)),),
    )
    offer = offered(station, ha, lam, now, content=spoken)
    bulletin = services.take_offer(offer=offer, unit=xa_a, by=an, now=now)
    version = current(bulletin)
    assert version.recording is not None
    assert version.recording.unit == xa_a
    assert version.recording.sha256 == spoken.recording.sha256  # type: ignore[union-attr]
    assert version.rendition == offer.version.rendition
    (further,) = wordings_of(version)
    assert (further.language, further.recording.unit) == ("ktv", xa_a)  # type: ignore[union-attr]


def test_adapting_begins_a_draft_whose_words_are_ones_own(
    offer: Offer, xa_a: Unit, an: Person, now: datetime
) -> None:
    bulletin = services.adapt_offer(offer=offer, unit=xa_a, by=an, now=now)
    assert reread(bulletin).state == Bulletin.State.DRAFT
    assert current(bulletin).rendition is None
    bulletins.save_version(bulletin=bulletin, content=BETTER, based_on=1, by=an, now=now)
    assert bulletin.taking.kind == Taking.Kind.ADAPTED


def test_changing_the_words_of_a_taken_item_adapts_it_and_villages_do_not(
    offer: Offer, xa_a: Unit, an: Person, now: datetime
) -> None:
    taking = taken(offer, xa_a, an, now)
    bulletin = reread(taking.bulletin)  # type: ignore[arg-type]
    village = Content(
        title=STORM.title, text=STORM.text, category="DISASTER", audience=("20662.01",)
    )
    bulletins.save_version(bulletin=bulletin, content=village, based_on=1, by=an, now=now)
    bulletins.submit_bulletin(bulletin=bulletin, by=an, now=now)
    assert again(taking).kind == Taking.Kind.TAKEN
    assert current(bulletin).rendition == offer.version.rendition
    bulletins.save_version(bulletin=bulletin, content=BETTER, based_on=2, by=an, now=now)
    bulletins.submit_bulletin(bulletin=bulletin, by=an, now=now)
    assert again(taking).kind == Taking.Kind.ADAPTED
    assert current(bulletin).rendition != offer.version.rendition


def test_what_may_not_be_adapted_is_neither_adapted_nor_edited(
    station: Unit, xa_a: Unit, ha: Person, lam: Person, an: Person, now: datetime
) -> None:
    offer = offered(station, ha, lam, now, may_adapt=False)
    given = {"offer": offer, "unit": xa_a, "by": an, "now": now}
    assert refusal(services.adapt_offer, **given) == "not-to-be-adapted"
    bulletin = services.take_offer(**given)
    edit = {"bulletin": bulletin, "based_on": 1, "by": an, "now": now}
    assert refusal(bulletins.save_version, content=BETTER, **edit) == "not-to-be-adapted"
    village = Content(
        title=STORM.title, text=STORM.text, category="DISASTER", audience=("20662.02",)
    )
    assert bulletins.save_version(content=village, **edit).number == 2


def test_declining_needs_a_reason_and_may_be_thought_over(
    offer: Offer, xa_a: Unit, an: Person, now: datetime, later: datetime
) -> None:
    given = {"offer": offer, "unit": xa_a, "by": an}
    assert refusal(services.decline_offer, reason=" ", now=now, **given) == "comment-missing"
    first = services.decline_offer(reason="Xã không có sông.", now=now, **given)
    services.take_offer(now=later, **given)
    assert again(first).ended_at == later
    assert Taking.objects.get(offer=offer, unit=xa_a, ended_at=None).kind == "TAKEN"


def test_an_item_is_taken_once_by_its_writers_while_it_is_offered(
    offer: Offer, xa_a: Unit, xa_b: Unit, an: Person, binh: Person, ha: Person, now: datetime
) -> None:
    given = {"offer": offer, "unit": xa_a, "now": now}
    assert refusal(services.take_offer, by=binh, **given) == "not-a-writer"
    stranger = person("b1", "B", xa_b, "WRITER")
    assert refusal(services.take_offer, by=stranger, **given) == "not-a-writer"
    bulletin = services.take_offer(by=an, **given)
    assert refusal(services.take_offer, by=an, **given) == "taken-already"
    bulletins.withdraw_bulletin(bulletin=reread(bulletin), reason="Nhầm.", by=an, now=now)
    assert services.take_offer(by=an, **given)
    services.withdraw_offer(offer=offer, reason="Sai.", by=ha, now=now)
    assert refusal(services.take_offer, by=an, **given) == "offer-withdrawn"


def test_what_is_over_or_not_offered_here_is_not_taken(
    station: Unit, xa_a: Unit, xa_b: Unit, ha: Person, lam: Person, an: Person, now: datetime
) -> None:
    short = offered(station, ha, lam, now, valid_to=now.date() + timedelta(days=1))
    late = now + timedelta(days=2)
    given = {"unit": xa_a, "by": an}
    assert refusal(services.take_offer, offer=short, now=late, **given) == "offer-over"
    other = offered(station, ha, lam, now, aims=[Aim(xa_b)], content=BETTER)
    assert refusal(services.take_offer, offer=other, now=now, **given) == "not-offered"


def test_the_chain_of_origin_survives_several_hops(
    offer: Offer, district: Unit, station: Unit, xa_a: Unit, xa_b: Unit,
    an: Person, binh: Person, now: datetime,
) -> None:  # fmt: skip
    """The station → xã A, which edits it → xã B → the district."""
    hop = services.adapt_offer(offer=offer, unit=xa_a, by=an, now=now)
    bulletins.save_version(bulletin=hop, content=BETTER, based_on=1, by=an, now=now)
    bulletins.submit_bulletin(bulletin=hop, by=an, now=now)
    make_ready(hop, now)
    approve(reread(hop), binh, now)
    onward = services.offer_bulletin(
        bulletin=reread(hop), aims=[Aim(xa_b)], terms=terms(now), by=an, now=now
    )
    assert onward.above == offer
    writer = person("b1", "B Một", xa_b, "WRITER")
    last = taken(onward, xa_b, writer, now).bulletin
    assert last is not None
    names = [(link.name, link.adapted) for link in chain_of(last)]
    assert names == [(station.full_name, False), (xa_a.full_name, True)]
    assert source_of(last.pk) == f"{station.full_name}; qua {xa_a.full_name}; có biên tập lại"
    assert source_of(hop.pk) == f"{station.full_name}; có biên tập lại"
    assert relayed([hop.pk, last.pk]) == {last.pk}
    assert source_of(offer.bulletin_id) == ""


def test_nobody_takes_back_what_went_through_their_own_hands(
    offer: Offer, station: Unit, xa_a: Unit, an: Person, binh: Person, ha: Person, now: datetime
) -> None:
    bulletin = taken(offer, xa_a, an, now).bulletin
    assert bulletin is not None
    approve(reread(bulletin), binh, now)
    back = services.offer_bulletin(
        bulletin=reread(bulletin), aims=[Aim(station)], terms=terms(now), by=an, now=now
    )
    given = {"offer": back, "unit": station, "by": ha, "now": now}
    assert refusal(services.take_offer, **given) == "own-item"


def test_the_database_keeps_takings_whole(
    offer: Offer, xa_a: Unit, an: Person, now: datetime
) -> None:
    taking = taken(offer, xa_a, an, now)
    for wrong in ({"bulletin": None}, {"kind": "DECLINED"}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Taking.objects.filter(pk=taking.pk).update(**wrong)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Taking.objects.create(
            offer=offer, unit=xa_a, kind="DECLINED", revision=1, reason="x", by=an, at=now,
            settled_at=now,
        )  # fmt: skip
