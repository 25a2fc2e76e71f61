"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

import re
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import (
    NOTICE,
    allow_trial_voice,
    approved,
    current,
    draft,
    make_ready,
    released,
    reread,
)
from tests.conftest import BEGIN, SignedIn
from vang.base.clock import local_date
from vang.bulletins import services
from vang.bulletins.access import open_bulletin
from vang.bulletins.content import Content
from vang.bulletins.dossiers import dossier_of
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.review.verbs import VERBS

READ = ["detail", "review", "sound"]
ACTS = ["submit", "approve", "return", "withdraw", "make-sound", "autosave", "discard"]


def address(name: str, *args: object) -> str:
    return reverse(f"bulletins:{name}", args=args)


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("name", [*READ, "edit"])
def test_a_page_of_a_bulletin_opens_for_its_writer_and_not_for_chi(
    name: str, an: Person, chi: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    assert signed_in(an).get(address(name, drafted.pk)).status_code == 200
    assert signed_in(chi).get(address(name, drafted.pk)).status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_chi_can_do_nothing_to_a_bulletin_of_another_commune(
    name: str, chi: Person, in_review: Bulletin, signed_in: SignedIn
) -> None:
    posted = {"content_hash": content_hash(current(in_review)), "comment": "x", "title": "x"}
    assert signed_in(chi).post(address(name, in_review.pk), posted).status_code == 404
    assert reread(in_review).state == Bulletin.State.IN_REVIEW


@pytest.mark.parametrize("name", [*READ, "edit", "version"])
def test_a_page_leads_a_signed_out_person_to_sign_in(
    name: str, drafted: Bulletin, client: Client
) -> None:
    args = (drafted.pk, 1) if name == "version" else (drafted.pk,)
    response = client.get(address(name, *args))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("people:sign-in"))


@pytest.mark.parametrize("name", [n for n in ACTS if n != "autosave"])
def test_an_act_leads_a_signed_out_person_to_sign_in(
    name: str, drafted: Bulletin, client: Client
) -> None:
    assert client.post(address(name, drafted.pk)).status_code == 302


@pytest.mark.parametrize("name", ACTS)
def test_acts_are_not_done_by_following_a_link(
    name: str, an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    assert signed_in(an).get(address(name, drafted.pk)).status_code == 405


@pytest.mark.parametrize("name", READ)
def test_pages_that_only_show_take_no_post(
    name: str, an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    assert signed_in(an).post(address(name, drafted.pk)).status_code == 405
    assert signed_in(an).post(address("list")).status_code == 405


def test_a_reader_of_the_district_reads_but_does_not_write(
    dung: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    client = signed_in(dung)
    assert client.get(address("detail", drafted.pk)).status_code == 200
    assert client.get(address("edit", drafted.pk)).status_code == 403
    assert client.post(address("autosave", drafted.pk)).status_code == 403


# budgets: a session, the person, the units of the switcher, the roles, then the page's own


def test_the_budget_of_the_list(
    an: Person,
    xa_a: Unit,
    now: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        draft(xa_a, an, now, Content(title=f"Tin {number}", text="Nội dung."))
    client = signed_in(an)
    with django_assert_max_num_queries(10):
        assert client.get(address("list")).status_code == 200
    with django_assert_max_num_queries(12):
        asked = {"q": "tin", "view": "with-me", "category": "DIRECTION"}
        assert client.get(address("list"), asked).status_code == 200


@pytest.mark.parametrize(("name", "most"), [("detail", 10), ("review", 10), ("sound", 5)])
def test_the_budget_of_the_pages_of_a_bulletin(
    name: str,
    most: int,
    binh: Person,
    in_review: Bulletin,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(binh)
    with django_assert_max_num_queries(most):
        assert client.get(address(name, in_review.pk)).status_code == 200


@pytest.mark.parametrize(("again", "most"), [(0, 13), (1, 12)])
def test_the_budget_of_the_writing_page(
    again: int,
    most: int,
    an: Person,
    drafted: Bulletin,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(an)
    url = address("edit", drafted.pk) if again else address("new")
    with django_assert_max_num_queries(most):
        assert client.get(url).status_code == 200


# the list


def test_the_list_finds_titles_without_marks(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    draft(xa_a, an, now)
    draft(xa_a, an, now, Content(title="Họp thôn Đông", text="Nội dung."))
    found = body(signed_in(an).get(address("list"), {"q": "dong thon"}))
    assert "Họp thôn Đông" in found
    assert NOTICE.title not in found


def test_the_list_filters_by_state_and_turns_pages(
    an: Person, xa_a: Unit, in_review: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    for number in range(21):
        draft(xa_a, an, now, Content(title=f"Bản nháp {number:02}", text="Nội dung."))
    client = signed_in(an)
    waiting = body(client.get(address("list"), {"view": "waiting"}))
    assert NOTICE.title in waiting
    assert "Bản nháp" not in waiting
    second = body(client.get(address("list"), {"view": "drafts", "page": "2"}))
    assert second.count("Bản nháp") == 1


def test_the_list_shows_only_the_commune_of_the_person(
    chi: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    assert NOTICE.title not in body(signed_in(chi).get(address("list")))


def test_an_approver_is_offered_no_writing(binh: Person, signed_in: SignedIn) -> None:
    assert address("new") not in body(signed_in(binh).get(address("list")))
    assert signed_in(binh).get(address("new")).status_code == 403


# the page of a bulletin


def test_the_writer_of_a_draft_may_edit_and_submit(
    an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    page = body(signed_in(an).get(address("detail", drafted.pk)))
    assert address("edit", drafted.pk) in page
    assert address("submit", drafted.pk) in page
    assert address("review", drafted.pk) not in page


def test_submitting_leads_back_to_the_page(
    an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    response = signed_in(an).post(address("submit", drafted.pk))
    assert (response.status_code, response["Location"]) == (302, address("detail", drafted.pk))
    assert reread(drafted).state == Bulletin.State.IN_REVIEW


def test_an_emergency_is_refused_with_advice(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    urgent = draft(xa_a, an, now, Content(title="Lũ", text="Nước lên.", priority="EMERGENCY"))
    page = body(signed_in(an).get(address("detail", urgent.pk)))
    assert address("submit", urgent.pk) not in page
    assert "khóa cá nhân" in page
    assert signed_in(an).post(address("submit", urgent.pk)).status_code == 409
    assert reread(urgent).state == Bulletin.State.DRAFT


def test_the_writer_reads_why_it_was_returned(
    an: Person, binh: Person, in_review: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    services.return_bulletin(bulletin=in_review, comment="Sai giờ cắt.", by=binh, now=now)
    page = body(signed_in(an).get(address("detail", in_review.pk)))
    assert "Sai giờ cắt." in page
    assert "Trần Thị Bình" in page


def test_an_approved_bulletin_leads_to_the_choice_of_the_time(
    an: Person, binh: Person, xa_a: Unit, in_review: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    approved(in_review, binh, now)
    place = reverse("airtime:place", args=[in_review.pk])
    assert place not in body(signed_in(an).get(address("detail", in_review.pk)))
    allow_trial_voice(xa_a, now)
    assert place in body(signed_in(an).get(address("detail", in_review.pk)))


def test_withdrawing_needs_a_reason(an: Person, drafted: Bulletin, signed_in: SignedIn) -> None:
    client = signed_in(an)
    assert client.post(address("withdraw", drafted.pk), {"comment": " "}).status_code == 409
    assert reread(drafted).state == Bulletin.State.DRAFT
    assert client.post(address("withdraw", drafted.pk), {"comment": "Trùng."}).status_code == 302
    assert reread(drafted).state == Bulletin.State.WITHDRAWN


def test_versions_are_held_against_each_other(
    an: Person, drafted: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    second = Content(title=NOTICE.title, text=NOTICE.text.replace("8 giờ", "9 giờ"))
    services.save_version(bulletin=drafted, content=second, based_on=1, by=an, now=now)
    page = body(signed_in(an).get(address("version", drafted.pk, 2)))
    assert re.search(r"<del>(?:(?!</del>).)*8(?:(?!</del>).)*</del>", page)
    assert re.search(r"<ins>(?:(?!</ins>).)*9(?:(?!</ins>).)*</ins>", page)
    assert signed_in(an).get(address("version", drafted.pk, 3)).status_code == 404


# the approver's page


def test_the_approver_sees_text_speakable_text_and_sound(
    binh: Person, in_review: Bulletin, signed_in: SignedIn
) -> None:
    page = body(signed_in(binh).get(address("review", in_review.pk)))
    rendition = current(in_review).rendition
    assert rendition is not None
    assert NOTICE.text in page
    assert "hai nghìn không trăm hai mươi sáu" in page
    assert f'src="{reverse("voice:sound", args=[rendition.pk])}"' in page
    assert content_hash(current(in_review)) in page
    assert "Giọng thử" in page


def test_approving_on_the_page(binh: Person, in_review: Bulletin, signed_in: SignedIn) -> None:
    seen = {"content_hash": content_hash(current(in_review))}
    assert signed_in(binh).post(address("approve", in_review.pk), seen).status_code == 302
    assert reread(in_review).state == Bulletin.State.APPROVED


def test_approving_what_was_changed_meanwhile_is_refused_in_words(
    an: Person, binh: Person, in_review: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    seen = {"content_hash": content_hash(current(in_review))}
    other = Content(title="Khác", text="Khác.")
    services.save_version(bulletin=in_review, content=other, based_on=1, by=an, now=now)
    response = signed_in(binh).post(address("approve", in_review.pk), seen)
    assert response.status_code == 409
    assert "thay đổi" in body(response)
    assert reread(in_review).state == Bulletin.State.DRAFT


def test_returning_without_a_comment_is_refused_and_with_one_done(
    binh: Person, in_review: Bulletin, signed_in: SignedIn
) -> None:
    client = signed_in(binh)
    assert client.post(address("return", in_review.pk), {"comment": ""}).status_code == 409
    assert client.post(address("return", in_review.pk), {"comment": "Sửa."}).status_code == 302
    assert reread(in_review).state == Bulletin.State.RETURNED


def test_the_approver_who_wrote_it_is_told_why_not(
    an: Person, xa_a: Unit, in_review: Bulletin, signed_in: SignedIn
) -> None:
    Membership.objects.create(person=an, unit=xa_a, role="APPROVER", valid_from=BEGIN)
    page = body(signed_in(an).get(address("review", in_review.pk)))
    assert address("approve", in_review.pk) not in page
    assert "người khác" in page


def test_while_the_sound_is_made_the_page_asks_again(
    binh: Person, an: Person, drafted: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    services.submit_bulletin(bulletin=drafted, by=an, now=now)
    page = body(signed_in(binh).get(address("review", drafted.pk)))
    assert f'hx-get="{address("sound", drafted.pk)}?review=1"' in page
    assert address("approve", drafted.pk) not in page


def test_a_failed_sound_shows_the_sentence_and_lets_the_writer_try_again(
    an: Person, drafted: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    rendition = services.make_sound(bulletin=drafted, by=an, now=now)
    rendition.state, rendition.failure = "FAILED", "synthesis"
    rendition.failed_sentence = "Câu khó đọc."
    rendition.save()
    client = signed_in(an)
    page = body(client.get(address("detail", drafted.pk)))
    assert "Câu khó đọc." in page
    assert address("make-sound", drafted.pk) in page
    assert client.post(address("make-sound", drafted.pk)).status_code == 302
    rendition.refresh_from_db()
    assert rendition.state == "QUEUED"


def test_a_released_bulletin_tells_by_whom(
    an: Person, binh: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    edition = released(xa_a, an, binh, now)
    page = body(signed_in(an).get(address("detail", edition.bulletin.pk)))
    assert "Người phát hành" in page
    assert address("withdraw", edition.bulletin.pk) in page
    assert address("edit", edition.bulletin.pk) not in page


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_withdrawn_bulletin_shows_how_far_it_had_come(
    steps: int, an: Person, binh: Person, drafted: Bulletin, now: datetime
) -> None:
    if steps > 0:
        services.submit_bulletin(bulletin=drafted, by=an, now=now)
        make_ready(drafted, now)
    if steps > 1:
        approved(drafted, binh, now)
    services.withdraw_bulletin(bulletin=drafted, reason="Hoãn.", by=an, now=now)
    way = dossier_of(open_bulletin(an, drafted.pk, local_date(now)), an).way
    assert [mark for _word, mark in way] == (
        ["done"] * steps + ["problem"] + ["todo"] * (3 - steps)
    )


# the help


def test_the_help_tells_every_verb_of_the_table(
    dung: Person,
    xa_a: Unit,
    client: Client,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    reader = signed_in(dung)
    with django_assert_max_num_queries(10):
        page = body(reader.get(address("help")))
    for verb in VERBS:
        assert str(verb.label) in page
        assert str(verb.help) in page
    assert client.get(address("help")).status_code == 302
    assert reader.post(address("help")).status_code == 405
