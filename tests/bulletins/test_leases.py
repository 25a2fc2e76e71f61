"""Who is editing: told, renewed by typing, over by itself, taken over openly; nothing is lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.bulletins.newsroom import NOTICE, current
from tests.conftest import SignedIn, person
from vang.base.clock import ManualClock, use_clock
from vang.bulletins import services
from vang.bulletins.models import Bulletin, Draft, EditLease
from vang.bulletins.services.leasing import LASTS
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hand(now: datetime) -> Iterator[ManualClock]:
    clock = ManualClock(now)
    use_clock(clock)
    return clock


@pytest.fixture
def lan(xa_a: Unit) -> Person:
    return person("lan", "Đỗ Thị Lan", xa_a, "WRITER")


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def page(bulletin: Bulletin, name: str = "edit", *part: str) -> str:
    return reverse(f"bulletins:{name}", args=[bulletin.pk, *part])


def typed(text: str, **more: object) -> dict[str, object]:
    return {
        "title": NOTICE.title,
        "text": text,
        "category": "DIRECTION",
        "priority": "NORMAL",
        "version": "1",
        **more,
    }


def test_the_second_to_come_is_told_who_and_since_when(
    an: Person, lan: Person, drafted: Bulletin, hand: ManualClock, signed_in: SignedIn
) -> None:
    signed_in(an).get(page(drafted))
    hand.set(hand.now() + 3 * MINUTE)
    held = body(signed_in(lan).get(page(drafted)))
    assert "Nguyễn Văn An đang sửa từ 12:00" in held
    assert 'name="text"' not in held
    assert "đang sửa từ 12:00" in body(signed_in(lan).get(page(drafted, "detail")))
    assert 'name="text"' in body(signed_in(an).get(page(drafted)))
    assert "đang sửa từ" not in body(signed_in(an).get(page(drafted, "detail")))


def test_it_ends_by_itself(
    an: Person, lan: Person, drafted: Bulletin, hand: ManualClock, signed_in: SignedIn
) -> None:
    signed_in(an).get(page(drafted))
    hand.set(hand.now() + LASTS - timedelta(seconds=1))
    assert 'name="text"' not in body(signed_in(lan).get(page(drafted)))
    hand.set(hand.now() + timedelta(seconds=1))
    assert 'name="text"' in body(signed_in(lan).get(page(drafted)))
    assert EditLease.objects.get().holder == lan


def test_typing_renews_it(
    an: Person, lan: Person, drafted: Bulletin, hand: ManualClock, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    client.get(page(drafted))
    for _ in range(4):
        hand.set(hand.now() + LASTS - MINUTE)
        assert client.post(page(drafted, "autosave"), typed("Đang gõ")).status_code == 204
    lease = EditLease.objects.get()
    assert (lease.begun_at, lease.until) == (hand.now() - 4 * (LASTS - MINUTE), hand.now() + LASTS)
    assert 'name="text"' not in body(signed_in(lan).get(page(drafted)))


def test_saving_and_throwing_away_end_it(
    an: Person, lan: Person, drafted: Bulletin, hand: ManualClock, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    client.get(page(drafted))
    client.post(page(drafted), typed("Mới."))
    assert not EditLease.objects.exists()
    client.get(page(drafted))
    client.post(page(drafted, "discard"))
    assert 'name="text"' in body(signed_in(lan).get(page(drafted)))


def test_taking_over_is_open_and_loses_nothing(
    an: Person, lan: Person, drafted: Bulletin, hand: ManualClock, signed_in: SignedIn
) -> None:
    first, second = signed_in(an), signed_in(lan)
    first.get(page(drafted))
    first.post(page(drafted, "autosave"), typed("An gõ dở."))
    assert "An gõ dở." in body(second.get(page(drafted)))
    answer = second.post(page(drafted, "take-over"))
    assert answer["Location"] == page(drafted)
    assert 'name="text"' in body(second.get(page(drafted)))
    assert Notice.objects.get(person=an).kind == "bulletin-taken-over"
    entry = Entry.objects.get(action="take-over-edit")
    assert (entry.by, entry.detail["holder"]) == (lan, "an")

    assert first.post(page(drafted, "autosave"), typed("An gõ thêm.")).status_code == 409
    refused = first.post(page(drafted), typed("An gõ xong."))
    assert refused.status_code == 409
    assert "Đỗ Thị Lan đang sửa từ 12:00" in body(refused)
    assert "An gõ xong." in body(refused)
    assert page(drafted, "take-over") in body(refused)
    assert Draft.objects.get(person=an).fields["text"] == "An gõ xong."
    assert current(drafted).number == 1

    second.post(page(drafted), typed("Lan viết."))
    compared = body(first.get(page(drafted) + "?draft=1"))
    assert "An gõ xong." in compared
    assert "Lan viết." in compared


def test_two_languages_are_leased_apart(
    an: Person, lan: Person, drafted: Bulletin, hand: ManualClock, signed_in: SignedIn
) -> None:
    signed_in(an).get(page(drafted, "wording", "ktv"))
    assert 'name="full"' in body(signed_in(lan).get(page(drafted, "wording", "en")))
    assert 'name="text"' in body(signed_in(lan).get(page(drafted)))
    held = body(signed_in(lan).get(page(drafted, "wording", "ktv")))
    assert "Nguyễn Văn An đang sửa" in held
    answer = signed_in(lan).post(page(drafted, "take-over-wording", "ktv"))
    assert answer["Location"] == page(drafted, "wording", "ktv")
    late = {"title": "x", "full": "An", "version": "1"}
    refused = signed_in(an).post(page(drafted, "wording", "ktv"), late)
    assert refused.status_code == 409
    assert page(drafted, "take-over-wording", "ktv") in body(refused)


def test_taking_over_what_nobody_holds_is_just_beginning(
    an: Person, lan: Person, drafted: Bulletin, hand: ManualClock, signed_in: SignedIn
) -> None:
    signed_in(an).get(page(drafted))
    hand.set(hand.now() + LASTS)
    signed_in(lan).post(page(drafted, "take-over"))
    assert EditLease.objects.get().holder == lan
    assert not Notice.objects.exists()
    assert not Entry.objects.filter(action="take-over-edit").exists()


def test_a_recording_is_attached_while_somebody_writes(
    an: Person, lan: Person, drafted: Bulletin, hand: ManualClock, now: datetime
) -> None:
    """Only the writing pages wait for each other."""
    services.hold_lease(bulletin=drafted, part="", by=an, now=now)
    services.save_version(bulletin=drafted, content=NOTICE, based_on=1, by=lan, now=now)


@pytest.mark.parametrize("part", [(), ("ktv",)])
def test_strangers_signed_out_and_wrong_methods(
    part: tuple[str, ...],
    an: Person,
    chi: Person,
    drafted: Bulletin,
    signed_in: SignedIn,
    client: Client,
) -> None:
    address = page(drafted, "take-over-wording" if part else "take-over", *part)
    signed_in(an).get(page(drafted))
    assert signed_in(chi).post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert signed_in(an).get(address).status_code == 405
    assert {lease.holder for lease in EditLease.objects.all()} == {an}


def test_a_reader_cannot_take_over(
    an: Person, dung: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    signed_in(an).get(page(drafted))
    assert signed_in(dung).post(page(drafted, "take-over")).status_code == 403
    assert EditLease.objects.get().holder == an


def test_the_database_keeps_no_lease_without_an_end(
    an: Person, drafted: Bulletin, now: datetime
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EditLease.objects.create(
            bulletin=drafted, holder=an, begun_at=now, renewed_at=now, until=now
        )
