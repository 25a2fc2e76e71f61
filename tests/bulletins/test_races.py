"""Two people at once, on a real database with real threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection

from tests.bulletins.newsroom import (
    NOTICE,
    allow_trial_voice,
    approved,
    current,
    draft,
    reread,
    submitted,
)
from tests.conftest import person
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.content import Content, Words
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Approval, Bulletin
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice.models import Rendition
from vang.voice.services import request_rendition

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together; "done" or the code of the refusal of each."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait(timeout=30)
            act()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_approvers_at_once_exactly_one_counts(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "APPROVER")
    bulletin = submitted(xa_a, an, now)
    seen = content_hash(current(bulletin))
    outcomes = at_once(
        *(
            lambda by=by: services.approve_bulletin(
                bulletin=bulletin, content_hash=seen, by=by, now=now
            )
            for by in (binh, lan)
        )
    )
    assert sorted(outcomes) == ["already-approved", "done"]
    assert Approval.objects.filter(bulletin=bulletin).count() == 1
    assert reread(bulletin).state == Bulletin.State.APPROVED


def test_an_edit_racing_an_approval_is_never_approved_unseen(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    seen = content_hash(current(bulletin))
    other = Content(title=NOTICE.title, text="Một văn bản khác hẳn.")
    edit, approval = at_once(
        lambda: services.save_version(bulletin=bulletin, content=other, based_on=1, by=an, now=now),
        lambda: services.approve_bulletin(bulletin=bulletin, content_hash=seen, by=binh, now=now),
    )
    assert edit == "done"
    assert approval in {"done", "changed-meanwhile"}
    assert reread(bulletin).state == Bulletin.State.DRAFT
    assert not Approval.objects.filter(version=current(bulletin)).exists()


def test_of_two_edits_at_once_the_slower_is_told_and_nothing_is_lost(
    an: Person, xa_a: Unit, now: datetime
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    bulletin = draft(xa_a, an, now)
    outcomes = at_once(
        *(
            lambda by=by: services.save_version(
                bulletin=bulletin,
                content=Content(title=NOTICE.title, text=f"Văn bản của {by.full_name}."),
                based_on=1,
                by=by,
                now=now,
            )
            for by in (an, lan)
        )
    )
    assert sorted(outcomes) == ["changed-meanwhile", "done"]
    assert current(bulletin).number == 2


def test_of_two_releases_at_once_there_is_one_edition(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    allow_trial_voice(xa_a, now)
    bulletin = submitted(xa_a, an, now)
    approved(bulletin, binh, now)
    outcomes = at_once(
        *(
            lambda by=by: services.release_bulletin(bulletin=bulletin, by=by, now=now)
            for by in (an, binh)
        )
    )
    assert sorted(outcomes) == ["done", "wrong-state"]
    assert bulletin.editions.count() == 1


def test_the_same_sound_asked_for_twice_at_once_is_one_rendition(xa_a: Unit, now: datetime) -> None:
    outcomes = at_once(
        *(lambda: request_rendition(unit=xa_a, text="Xin chào.", now=now) for _ in range(3))
    )
    assert outcomes == ["done"] * 3
    assert Rendition.objects.count() == 1


def test_of_two_who_open_it_at_once_one_edits_and_both_are_told_the_same(
    an: Person, xa_a: Unit, now: datetime
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    bulletin = draft(xa_a, an, now)
    told: list[int] = []

    def opened(by: Person) -> None:
        other = services.hold_lease(bulletin=bulletin, part="", by=by, now=now)
        told.append(other.holder_id if other else by.pk)

    assert at_once(lambda: opened(an), lambda: opened(lan)) == ["done", "done"]
    assert len(told) == 2
    assert len(set(told)) == 1


def test_two_parts_saved_at_once_are_both_there(an: Person, xa_a: Unit, now: datetime) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    bulletin = draft(xa_a, an, now)
    english = Words("en", "FULL", title="Power cut", text="No power.")
    outcomes = at_once(
        lambda: services.save_version(
            bulletin=bulletin,
            content=Content(title="Mất điện", text="Từ 9 giờ."),
            based_on=1,
            by=an,
            now=now,
            part="",
        ),
        lambda: services.save_version(
            bulletin=bulletin,
            content=Content(title="", text="", wordings=(english,)),
            based_on=1,
            by=lan,
            now=now,
            part="en",
        ),
    )
    assert outcomes == ["done", "done"]
    version = current(bulletin)
    assert (version.number, version.title) == (3, "Mất điện")
    assert version.wordings.get().text == "No power."
