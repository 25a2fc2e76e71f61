"""Correcting what is out: written, approved and released like any bulletin."""

from datetime import datetime

import pytest

from tests.bulletins.newsroom import approved, current, make_ready, released, reread
from tests.conftest import person
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.content import Content
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Bulletin, Correction, Delivery, Edition
from vang.bulletins.queries import live_edition, open_correction
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person

WRONG, BECAUSE = "Ngày 13/6, không phải 12/6.", "Điện lực dời ngày."


@pytest.fixture
def edition(an: Person, binh: Person, xa_a: Unit, now: datetime) -> Edition:
    return released(xa_a, an, binh, now)


def start(edition: Edition, by: Person, now: datetime) -> Correction:
    return services.start_correction(
        bulletin=edition.bulletin, wrong=WRONG, because=BECAUSE, by=by, now=now
    )


def mend(bulletin: Bulletin, by: Person, now: datetime) -> None:
    services.save_version(
        bulletin=bulletin,
        content=Content(title="Đính chính: Lịch cắt điện", text="Ngày 13/6/2026."),
        based_on=current(bulletin).number,
        by=by,
        now=now,
    )
    services.submit_bulletin(bulletin=bulletin, by=by, now=now)
    make_ready(bulletin, now)


def test_the_wrong_edition_stays_out_while_its_correction_is_written(
    edition: Edition, an: Person, now: datetime
) -> None:
    start(edition, an, now)
    bulletin = reread(edition.bulletin)
    assert bulletin.state == Bulletin.State.DRAFT
    assert current(bulletin).title == f"Đính chính: {edition.title}"
    assert live_edition(bulletin) == edition
    assert bulletin.steps.latest("id").verb == "correct"


def test_the_correction_is_a_new_edition_that_names_the_wrong_one(
    edition: Edition, an: Person, binh: Person, later: datetime
) -> None:
    start(edition, an, later)
    mend(edition.bulletin, an, later)
    approved(edition.bulletin, binh, later)
    new = services.release_bulletin(bulletin=edition.bulletin, by=binh, now=later)
    assert (new.corrects, new.wrong, new.wrong_because) == (edition, WRONG, BECAUSE)
    assert new.version.number == 2 + 1  # 2 is the copy to mend
    assert live_edition(edition.bulletin) == new
    assert open_correction(edition.bulletin) is None
    acts = dict(Delivery.objects.filter(edition=new).values_list("channel", "act"))
    assert set(acts.values()) == {"CORRECT"}
    old = dict(Delivery.objects.filter(edition=edition).values_list("channel", "state"))
    assert set(old) == set(acts)
    assert set(old.values()) == {"DROPPED"}


def test_the_approver_approves_the_words_about_the_mistake_too(
    edition: Edition, an: Person, binh: Person, later: datetime
) -> None:
    start(edition, an, later)
    mend(edition.bulletin, an, later)
    seen = content_hash(current(edition.bulletin))
    Correction.objects.update(wrong="Không có gì sai.")
    assert content_hash(current(edition.bulletin)) != seen
    with pytest.raises(Refusal) as refused:
        services.approve_bulletin(bulletin=edition.bulletin, content_hash=seen, by=binh, now=later)
    assert refused.value.code == "changed-meanwhile"


def test_other_words_about_the_mistake_void_the_approval(
    edition: Edition, an: Person, binh: Person, later: datetime
) -> None:
    start(edition, an, later)
    mend(edition.bulletin, an, later)
    approved(edition.bulletin, binh, later)
    services.change_correction(
        bulletin=edition.bulletin, wrong="Ngày 14/6.", because=BECAUSE, by=an, now=later
    )
    assert reread(edition.bulletin).state == Bulletin.State.DRAFT
    with pytest.raises(Refusal) as refused:
        services.release_bulletin(bulletin=edition.bulletin, by=binh, now=later)
    assert refused.value.code == "wrong-state"


def test_whoever_started_the_correction_does_not_approve_it(
    edition: Edition, xa_a: Unit, binh: Person, later: datetime
) -> None:
    both = person("lan", "Đỗ Thị Lan", xa_a, "WRITER", "APPROVER")
    start(edition, both, later)
    mend(edition.bulletin, both, later)
    with pytest.raises(Refusal) as refused:
        approved(edition.bulletin, both, later)
    assert refused.value.code == "not-independent"
    assert approved(edition.bulletin, binh, later)


def test_a_correction_given_up_leaves_what_was(
    edition: Edition, an: Person, binh: Person, later: datetime
) -> None:
    start(edition, an, later)
    mend(edition.bulletin, an, later)
    services.give_up_correction(bulletin=edition.bulletin, by=binh, now=later)
    bulletin = reread(edition.bulletin)
    assert (bulletin.state, bulletin.current) == (Bulletin.State.RELEASED, edition.version)
    assert bulletin.search_key == "lich cat dien"
    assert open_correction(bulletin) is None
    start(edition, an, later)  # and a next one can be started
    assert current(edition.bulletin).number == 4


def test_a_correction_of_a_correction_makes_a_chain(
    edition: Edition, an: Person, binh: Person, later: datetime
) -> None:
    for _round in range(2):
        live = live_edition(edition.bulletin)
        assert live
        start(live, an, later)
        mend(edition.bulletin, an, later)
        approved(edition.bulletin, binh, later)
        services.release_bulletin(bulletin=edition.bulletin, by=binh, now=later)
    newest = live_edition(edition.bulletin)
    assert newest
    assert newest.corrects
    assert newest.corrects.corrects == edition


def test_withdrawing_ends_everything_the_open_correction_too(
    edition: Edition, an: Person, binh: Person, later: datetime
) -> None:
    start(edition, an, later)
    services.withdraw_bulletin(
        bulletin=edition.bulletin, reason="Hoãn.", by=binh, now=later, publicly="CHANGED"
    )
    edition.refresh_from_db()
    assert (edition.withdrawn_at, edition.withdrawn_for) == (later, "CHANGED")
    assert open_correction(edition.bulletin) is None
    rows = Delivery.objects.filter(edition=edition)
    assert {(one.act, one.state, one.due_at) for one in rows} == {("WITHDRAW", "QUEUED", later)}


@pytest.mark.parametrize(
    ("wrong", "because", "code"),
    [
        ("", BECAUSE, "note-missing"),
        (WRONG, " \u200b ", "note-missing"),
        ("x" * 2001, BECAUSE, "note-too-long"),
    ],
)
def test_a_correction_says_what_and_why(
    edition: Edition, an: Person, now: datetime, wrong: str, because: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        services.start_correction(
            bulletin=edition.bulletin, wrong=wrong, because=because, by=an, now=now
        )
    assert refused.value.code == code
    assert reread(edition.bulletin).state == Bulletin.State.RELEASED


def test_only_a_writer_starts_and_only_what_is_out_is_corrected(
    edition: Edition, an: Person, binh: Person, chi: Person, now: datetime
) -> None:
    for by, code in ((binh, "not-a-writer"), (chi, "not-a-writer")):
        with pytest.raises(Refusal) as refused:
            start(edition, by, now)
        assert refused.value.code == code
    start(edition, an, now)
    with pytest.raises(Refusal) as refused:
        start(edition, an, now)
    assert refused.value.code == "wrong-state"
    with pytest.raises(Refusal) as refused:
        services.give_up_correction(bulletin=edition.bulletin, by=chi, now=now)
    assert refused.value.code == "not-in-newsroom"


def test_every_step_of_a_correction_is_journalled(
    edition: Edition, an: Person, binh: Person, later: datetime
) -> None:
    start(edition, an, later)
    mend(edition.bulletin, an, later)
    approved(edition.bulletin, binh, later)
    services.release_bulletin(bulletin=edition.bulletin, by=binh, now=later)
    entries = Entry.objects.filter(subject=f"bulletin:{edition.bulletin_id}", at=later)
    assert [entry.action for entry in entries.order_by("id")] == [
        "correct-bulletin",
        "edit-bulletin",
        "submit-bulletin",
        "approve-bulletin",
        "release-bulletin",
    ]
