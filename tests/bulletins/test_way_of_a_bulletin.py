"""From the first line to the edition, as officials walk it."""

from datetime import datetime

import pytest

from tests.bulletins.newsroom import (
    NOTICE,
    allow_trial_voice,
    approved,
    current,
    draft,
    released,
    reread,
    submitted,
)
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.content import Content
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Bulletin, Edition
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person


def test_an_writes_and_a_draft_with_one_version_is_there(
    an: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = draft(xa_a, an, now)
    assert bulletin.state == Bulletin.State.DRAFT
    assert (current(bulletin).number, current(bulletin).title) == (1, NOTICE.title)


def test_submitting_freezes_the_text_and_asks_for_its_sound(
    an: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = draft(xa_a, an, now)
    services.submit_bulletin(bulletin=bulletin, by=an, now=now)
    rendition = current(bulletin).rendition
    assert reread(bulletin).state == Bulletin.State.IN_REVIEW
    assert rendition is not None
    assert (rendition.state, rendition.trial) == ("QUEUED", True)
    assert "hai nghìn không trăm hai mươi sáu" in rendition.speakable


def test_binh_approves_what_an_wrote(
    an: Person, binh: Person, xa_a: Unit, now: datetime, later: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    approval = approved(bulletin, binh, later)
    assert reread(bulletin).state == Bulletin.State.APPROVED
    assert (approval.by, approval.content_hash) == (binh, content_hash(current(bulletin)))


def test_release_freezes_an_edition_with_a_delivery_a_channel(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    version = current(edition.bulletin)
    assert (edition.title, edition.text, edition.trial_voice) == (NOTICE.title, NOTICE.text, True)
    assert version.rendition is not None
    assert edition.audio_sha256 == version.rendition.sha256
    deliveries = edition.deliveries.all()
    assert {"speaker", "portal"} <= {one.channel for one in deliveries}
    assert {(one.act, one.state, one.due_at) for one in deliveries} == {("DELIVER", "QUEUED", now)}
    assert reread(edition.bulletin).state == Bulletin.State.RELEASED


def test_a_returned_bulletin_is_mended_and_goes_the_same_way(
    an: Person, binh: Person, xa_a: Unit, now: datetime, later: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    services.return_bulletin(bulletin=bulletin, comment="Sai giờ.", by=binh, now=now)
    mended = Content(title=NOTICE.title, text="Từ 9 giờ cắt điện.")
    services.save_version(bulletin=bulletin, content=mended, based_on=1, by=an, now=later)
    services.submit_bulletin(bulletin=bulletin, by=an, now=later)
    assert (current(bulletin).number, reread(bulletin).state) == (2, Bulletin.State.IN_REVIEW)
    assert [s.verb for s in bulletin.steps.order_by("id")] == ["submit", "return", "edit", "submit"]


def test_a_withdrawn_edition_says_when(
    an: Person, binh: Person, xa_a: Unit, now: datetime, later: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    services.withdraw_bulletin(bulletin=edition.bulletin, reason="Hoãn.", by=an, now=later)
    edition.refresh_from_db()
    assert (edition.withdrawn_at, reread(edition.bulletin).state) == (
        later,
        Bulletin.State.WITHDRAWN,
    )


def test_the_trial_voice_is_not_aired_until_the_administrator_allows_it(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    approved(bulletin, binh, now)
    with pytest.raises(Refusal) as refused:
        services.release_bulletin(bulletin=bulletin, by=binh, now=now)
    assert refused.value.code == "trial-voice"
    assert not Edition.objects.exists()
    allow_trial_voice(xa_a, now)
    assert services.release_bulletin(bulletin=bulletin, by=binh, now=now).trial_voice


def test_every_step_is_journalled(an: Person, binh: Person, xa_a: Unit, now: datetime) -> None:
    edition = released(xa_a, an, binh, now)
    entries = Entry.objects.filter(subject=f"bulletin:{edition.bulletin.pk}").order_by("id")
    assert [entry.action for entry in entries] == [
        "create-bulletin",
        "submit-bulletin",
        "approve-bulletin",
        "release-bulletin",
    ]
