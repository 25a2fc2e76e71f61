"""Remarks about passages: said, answered, settled, found again in edited texts."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import NOTICE, co_tu, current, draft, reread
from tests.conftest import SignedIn
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.models import Bulletin, Remark
from vang.bulletins.talk import Talk, wording_of
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person

PASSAGE = "cắt điện thôn Thuận 1"


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def address(name: str, *args: object) -> str:
    return reverse(f"bulletins:{name}", args=args)


def said(bulletin: Bulletin, by: Person, now: datetime, **more: object) -> Remark:
    given: dict[str, object] = {"quote": PASSAGE, "text": "Ghi rõ mấy giờ.", **more}
    return services.add_remark(bulletin=bulletin, by=by, now=now, **given)  # type: ignore[arg-type]


def edited(bulletin: Bulletin, text: str, by: Person, now: datetime) -> None:
    number = current(bulletin).number
    content = replace(NOTICE, text=text)
    services.save_version(bulletin=bulletin, content=content, based_on=number, by=by, now=now)


def talk(bulletin: Bulletin) -> Talk:
    return Talk(current(bulletin), bulletin.created_by, may_say=True)


def test_a_remark_marks_its_passage(binh: Person, in_review: Bulletin, now: datetime) -> None:
    remark = said(in_review, binh, now)
    marked = [(piece.text, piece.remark) for piece in talk(in_review).main]
    assert (PASSAGE, remark.pk) in marked
    assert "".join(text for text, _remark in marked) == NOTICE.text


def test_it_follows_its_passage_through_edits_and_says_when_that_was_edited(
    an: Person, binh: Person, in_review: Bulletin, now: datetime
) -> None:
    remark = said(in_review, binh, now)
    for text, marked, state in (
        ("Thông báo mới. " + NOTICE.text, PASSAGE, ""),
        (NOTICE.text.replace(PASSAGE, "cúp điện toàn xã"), "cúp điện toàn xã", "passage_edited"),
        ("Văn bản khác hẳn.", None, "passage_edited"),
    ):
        edited(in_review, text, an, now)
        seen = talk(in_review)
        places = {p.remark: p.text for p in seen.main if p.remark}
        assert places.get(remark.pk) == marked
        assert seen.thread[0].state == state


def test_of_the_same_words_the_marked_ones_are_meant(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    twice = "Họp thôn 1. Họp thôn 2. Họp thôn 3."
    bulletin = draft(xa_a, an, now, replace(NOTICE, text=twice))
    remark = said(bulletin, binh, now, quote="Họp thôn", near=20)
    assert remark.position == 24


def test_a_further_wording_may_be_spoken_of(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = draft(xa_a, an, now, replace(NOTICE, wordings=(co_tu(None),)))
    remark = said(bulletin, binh, now, quote="Prá", wording=wording_of("ktv.FULL"))
    assert [p.remark for p in talk(bulletin).pieces(("ktv", "FULL", "")) if p.remark] == [remark.pk]
    assert not any(piece.remark for piece in talk(bulletin).main)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"quote": " "}, "quote-missing"),
        ({"quote": "không có trong bài"}, "quote-not-there"),
        ({"quote": "x" * 501}, "quote-too-long"),
        ({"text": " \u200b"}, "remark-missing"),
        ({"text": "x" * 2001}, "remark-too-long"),
        ({"wording": ("sed", "FULL", "")}, "quote-not-there"),
    ],
)
def test_what_makes_no_sense_is_refused(
    wrong: dict[str, object], code: str, binh: Person, in_review: Bulletin, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        said(in_review, binh, now, **wrong)
    assert refused.value.code == code
    assert not Remark.objects.exists()


@pytest.mark.parametrize("who", ["dung", "tech", "quan", "chi"])
def test_only_the_newsroom_speaks(
    who: str, in_review: Bulletin, now: datetime, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(Refusal) as refused:
        said(in_review, request.getfixturevalue(who), now)
    assert refused.value.code == "not-in-newsroom"


def test_answers_stand_below_and_those_who_talked_are_told(
    an: Person, binh: Person, in_review: Bulletin, now: datetime, later: datetime
) -> None:
    remark = said(in_review, binh, now)
    assert Notice.objects.filter(person=an, kind="bulletin-remark").count() == 1
    reply = services.answer_remark(remark=remark, text="Đã sửa.", by=an, now=later)
    services.answer_remark(remark=reply, text="Cảm ơn.", by=binh, now=later)
    (thread,) = talk(in_review).thread
    assert [answer.text for answer in thread.replies] == ["Đã sửa.", "Cảm ơn."]
    assert Notice.objects.filter(person=binh, kind="bulletin-remark").count() == 1


def test_a_settled_remark_is_no_longer_marked_and_can_be_opened_again(
    an: Person, binh: Person, in_review: Bulletin, now: datetime
) -> None:
    remark = said(in_review, binh, now)
    services.settle_remark(remark=remark, by=an, now=now)
    seen = talk(in_review)
    assert (seen.open, seen.thread[0].state) == ([], "settled")
    assert not any(piece.remark for piece in seen.main)
    services.settle_remark(remark=remark, by=binh, now=now)
    assert len(talk(in_review).open) == 1
    actions = Entry.objects.filter(action__contains="remark").order_by("id")
    assert [entry.action for entry in actions] == ["add-remark", "settle-remark", "reopen-remark"]


def test_a_return_without_a_comment_sends_the_approvers_open_remarks(
    an: Person, binh: Person, in_review: Bulletin, now: datetime
) -> None:
    said(in_review, an, now, text="Lời của người viết.")
    settled = said(in_review, binh, now, text="Đã nói xong.")
    services.settle_remark(remark=settled, by=an, now=now)
    with pytest.raises(Refusal):
        services.return_bulletin(bulletin=in_review, comment=" ", by=binh, now=now)
    said(in_review, binh, now)
    services.return_bulletin(bulletin=in_review, comment=" ", by=binh, now=now)
    step = in_review.steps.get(verb="return")
    assert step.comment == f"“{PASSAGE}”: Ghi rõ mấy giờ."
    assert reread(in_review).state == "RETURNED"


def test_the_database_refuses_a_remark_about_nothing(
    binh: Person, in_review: Bulletin, now: datetime
) -> None:
    row = {"bulletin": in_review, "version": current(in_review), "text": "x", "by": binh, "at": now}
    for wrong in ({}, {"quote": "x", "settled_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Remark.objects.create(**row, **wrong)


# the pages


def test_every_paragraph_can_be_spoken_of_without_a_script(
    binh: Person, in_review: Bulletin, signed_in: SignedIn
) -> None:
    client = signed_in(binh)
    review = address("review", in_review.pk)
    assert "?wording=vi.FULL&amp;passage=1#say" in body(client.get(review))
    opened = body(client.get(review, {"passage": "1", "wording": "vi.FULL"}))
    assert f'name="quote" rows="3" required>{NOTICE.text}</textarea>' in opened
    posted = {"quote": PASSAGE, "text": "Mấy giờ?", "near": "0", "wording": "vi.FULL"}
    answer = client.post(address("add-remark", in_review.pk), {**posted, "from": "review"})
    remark = Remark.objects.get()
    assert answer["Location"] == f"{review}#remark-{remark.pk}"
    shown = body(client.get(review))
    assert f'<mark class="passage"><a href="#remark-{remark.pk}">{PASSAGE}</a></mark>' in shown
    client.post(address("answer-remark", in_review.pk, remark.pk), {"text": "Sửa rồi."})
    client.post(address("settle-remark", in_review.pk, remark.pk))
    assert "Sửa rồi." in body(client.get(address("detail", in_review.pk)))
    assert Remark.objects.get(pk=remark.pk).settled_by == binh


def test_a_refused_remark_comes_back_as_it_was_typed(
    binh: Person, in_review: Bulletin, signed_in: SignedIn
) -> None:
    posted = {"quote": "chữ không có", "text": "Lời dài.", "near": "x", "wording": "??"}
    answer = signed_in(binh).post(address("add-remark", in_review.pk), posted)
    assert answer.status_code == 409
    assert "Hãy chép đúng đoạn" in body(answer)
    assert "Lời dài.</textarea>" in body(answer)
    assert "chữ không có</textarea>" in body(answer)


def test_hostile_words_are_words(binh: Person, in_review: Bulletin, signed_in: SignedIn) -> None:
    posted = {"quote": PASSAGE, "text": "<script>alert(1)</script>"}
    client = signed_in(binh)
    client.post(address("add-remark", in_review.pk), posted)
    assert "<script>alert" not in body(client.get(address("detail", in_review.pk)))


@pytest.mark.parametrize("name", ["add-remark", "answer-remark", "settle-remark"])
def test_strangers_signed_out_and_wrong_methods(
    name: str,
    binh: Person,
    chi: Person,
    in_review: Bulletin,
    now: datetime,
    signed_in: SignedIn,
    client: Client,
) -> None:
    remark = said(in_review, binh, now)
    args = (in_review.pk,) if name == "add-remark" else (in_review.pk, remark.pk)
    posted = {"quote": PASSAGE, "text": "x"}
    assert signed_in(chi).post(address(name, *args), posted).status_code == 404
    assert client.post(address(name, *args), posted).status_code == 302
    assert signed_in(binh).get(address(name, *args)).status_code == 405
    assert Remark.objects.count() == 1
    assert Remark.objects.get().settled_at is None


def test_many_remarks_cost_no_more_queries(
    an: Person,
    binh: Person,
    in_review: Bulletin,
    now: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(20):
        services.answer_remark(remark=said(in_review, binh, now), text="Vâng.", by=an, now=now)
    client = signed_in(binh)
    with django_assert_max_num_queries(12):
        assert client.get(address("review", in_review.pk)).status_code == 200
