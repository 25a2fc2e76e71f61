"""What needs more than an approver: sensitive topics, confirmations by name, outside bodies."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.bulletins.newsroom import (
    NOTICE,
    allow_trial_voice,
    approved,
    current,
    draft,
    make_ready,
    reread,
    submitted,
)
from tests.conftest import SignedIn, person
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.content import Content
from vang.bulletins.due import waiting_for
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Approval, Bulletin, Confirmation, SensitiveTopic
from vang.bulletins.queries import checklists_at, topics_of
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.review.verbs import APPROVE, SUBMIT, Verb

LAND = replace(NOTICE, text="Thông báo về việc thu hồi đất làm đường.")
JOBS = replace(NOTICE, advert="RECRUITMENT", advert_by="Công ty May Quế Sơn", fee=True)


@pytest.fixture
def hanh(xa_a: Unit) -> Person:
    """Leads commune A."""
    return person("hanh", "Lý Thị Hạnh", xa_a, "LEADER")


def call(bulletin: Bulletin, by: Person, now: datetime, *, sensitive: bool = True) -> None:
    services.decide_sensitivity(bulletin=bulletin, sensitive=sensitive, by=by, now=now)


def keys(verb: Verb, bulletin: Bulletin) -> list[str]:
    fresh = reread(bulletin)
    lists = checklists_at(verb, fresh, current(fresh))
    return [item.key for one in lists for item in one.items]


def refusal(act: object, *args: object, **given: object) -> str:
    with pytest.raises(Refusal) as refused:
        act(*args, **given)  # type: ignore[operator]
    return refused.value.code


def confirmed_approval(bulletin: Bulletin, by: Person, now: datetime) -> Approval:
    return services.approve_bulletin(
        bulletin=bulletin,
        content_hash=content_hash(current(bulletin)),
        by=by,
        now=now,
        confirmed=keys(APPROVE, bulletin),
    )


def in_review_sensitive(unit: Unit, by: Person, now: datetime) -> Bulletin:
    bulletin = draft(unit, by, now)
    call(bulletin, by, now)
    services.submit_bulletin(bulletin=bulletin, by=by, now=now, confirmed=keys(SUBMIT, bulletin))
    make_ready(bulletin, now)
    return reread(bulletin)


# sensitive topics


def test_what_the_list_proposes_must_be_answered(an: Person, xa_a: Unit, now: datetime) -> None:
    bulletin = draft(xa_a, an, now, LAND)
    submit = {"bulletin": bulletin, "by": an, "now": now}
    assert refusal(services.submit_bulletin, **submit) == "sensitive-undecided"
    call(bulletin, an, now, sensitive=False)
    services.submit_bulletin(**submit)
    assert reread(bulletin).state == "IN_REVIEW"


def test_a_category_proposes_it_too(an: Person, xa_a: Unit, now: datetime) -> None:
    bulletin = draft(xa_a, an, now, replace(NOTICE, category="SECURITY"))
    code = refusal(services.submit_bulletin, bulletin=bulletin, by=an, now=now)
    assert code == "sensitive-undecided"


def test_only_a_leader_approves_a_sensitive_topic(
    an: Person, binh: Person, hanh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = in_review_sensitive(xa_a, an, now)
    assert refusal(confirmed_approval, bulletin, binh, now) == "needs-leader"
    assert not Approval.objects.exists()
    assert confirmed_approval(bulletin, hanh, now).as_leader


def test_a_leader_approves_nothing_of_their_own(
    hanh: Person, xa_a: Unit, an: Person, now: datetime
) -> None:
    person_too = person("le", "Lê Văn Lễ", xa_a, "LEADER", "WRITER")
    bulletin = in_review_sensitive(xa_a, person_too, now)
    assert refusal(confirmed_approval, bulletin, person_too, now) == "not-independent"
    assert confirmed_approval(bulletin, hanh, now)


def test_the_district_s_leader_may_too(
    an: Person, district: Unit, xa_a: Unit, now: datetime
) -> None:
    above = person("huyen", "Chủ tịch huyện", district, "LEADER")
    assert confirmed_approval(in_review_sensitive(xa_a, an, now), above, now).as_leader


def test_the_database_refuses_another_s_approval(
    an: Person, binh: Person, hanh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = in_review_sensitive(xa_a, an, now)
    row = {"bulletin": bulletin, "version": current(bulletin), "content_hash": "0" * 64, "at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(**row, by=binh)
    assert Approval.objects.create(**row, by=hanh, as_leader=True).pk


def test_an_approver_passes_it_on_to_the_leader(
    an: Person, binh: Person, hanh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    assert list(waiting_for(binh, xa_a)) == [bulletin]
    call(bulletin, binh, now)
    assert list(waiting_for(binh, xa_a)) == []
    assert list(waiting_for(hanh, xa_a)) == [bulletin]
    told = Notice.objects.filter(kind="bulletin-waits", person=hanh).latest("pk")
    assert told.read_at is None
    assert not Notice.objects.filter(kind="bulletin-waits", person=binh, read_at=None).exists()


def test_what_is_called_sensitive_after_its_approval_is_not_released(
    an: Person, binh: Person, hanh: Person, xa_a: Unit, now: datetime
) -> None:
    allow_trial_voice(xa_a, now)
    bulletin = submitted(xa_a, an, now)
    approved(bulletin, binh, now)
    call(bulletin, an, now)
    release = {"bulletin": bulletin, "by": an, "now": now}
    assert refusal(services.release_bulletin, **release) == "needs-leader"
    call(bulletin, hanh, now, sensitive=False)
    assert services.release_bulletin(**release)


def test_who_may_take_it_back(
    an: Person, binh: Person, hanh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = draft(xa_a, an, now)
    call(bulletin, an, now)
    assert refusal(call, bulletin, binh, now, sensitive=False) == "needs-leader"
    call(bulletin, an, now, sensitive=False)
    call(bulletin, binh, now)
    assert refusal(call, bulletin, an, now, sensitive=False) == "needs-leader"
    call(bulletin, hanh, now, sensitive=False)
    assert (reread(bulletin).sensitive, reread(bulletin).sensitive_by) == (False, hanh)


@pytest.mark.parametrize("who", ["dung", "tech", "quan", "chi"])
def test_only_the_newsroom_judges(
    who: str, an: Person, xa_a: Unit, now: datetime, request: pytest.FixtureRequest
) -> None:
    bulletin = draft(xa_a, an, now)
    assert refusal(call, bulletin, request.getfixturevalue(who), now) == "not-in-newsroom"


def test_the_unit_keeps_its_own_list(
    an: Person, binh: Person, xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    services.add_topic(unit=xa_a, words=" Mỏ  Đá ", by=binh, now=now)
    services.leave_out_topic(unit=xa_a, words="tôn giáo", by=binh, now=now)
    assert "mỏ đá" in topics_of(xa_a)
    assert "tôn giáo" not in topics_of(xa_a)
    assert "tôn giáo" in topics_of(xa_b)
    services.add_topic(unit=xa_a, words="tôn giáo", by=binh, now=now)
    services.leave_out_topic(unit=xa_a, words="mỏ đá", by=binh, now=now)
    assert topics_of(xa_a) == topics_of(xa_b)
    for words, code in ((" ", "topic-missing"), ("x" * 61, "topic-too-long")):
        assert refusal(services.add_topic, unit=xa_a, words=words, by=binh, now=now) == code
    assert refusal(services.add_topic, unit=xa_a, words="x", by=an, now=now) == "not-an-approver"
    assert SensitiveTopic.objects.count() == 1


# confirmations


def test_what_is_confirmed_is_kept_by_name_with_the_version(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = draft(xa_a, an, now, JOBS)
    submit = {"bulletin": bulletin, "by": an, "now": now}
    asked = keys(SUBMIT, bulletin)
    assert refusal(services.submit_bulletin, **submit) == "not-confirmed"
    assert refusal(services.submit_bulletin, **submit, confirmed=asked[1:]) == "not-confirmed"
    assert reread(bulletin).state == "DRAFT"
    services.submit_bulletin(**submit, confirmed=asked)
    make_ready(bulletin, now)
    assert refusal(approved, bulletin, binh, now) == "not-confirmed"
    assert reread(bulletin).state == "IN_REVIEW"
    confirmed_approval(bulletin, binh, now)
    kept = Confirmation.objects.values_list("verb", "by__username", "item")
    assert sorted(kept) == sorted(
        [("submit", "an", item) for item in asked] + [("approve", "binh", item) for item in asked]
    )
    assert "vị trí, số lượng, yêu cầu" in Confirmation.objects.filter(verb="submit").last().words


def test_another_version_is_confirmed_anew(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = draft(xa_a, an, now, JOBS)
    asked = keys(SUBMIT, bulletin)
    services.submit_bulletin(bulletin=bulletin, by=an, now=now, confirmed=asked)
    services.return_bulletin(bulletin=bulletin, comment="Sửa.", by=binh, now=now)
    other = replace(JOBS, text="Tuyển 5 công nhân may.")
    services.save_version(bulletin=bulletin, content=other, based_on=1, by=an, now=now)
    submit = {"bulletin": bulletin, "by": an, "now": now}
    assert refusal(services.submit_bulletin, **submit) == "not-confirmed"
    services.submit_bulletin(**submit, confirmed=asked)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"advert": "SALE"}, "advert-unknown"),
        ({"advert_by": " "}, "body-missing"),
        ({"advert_by": "x" * 201}, "body-too-long"),
    ],
)
def test_an_outside_body_is_named_and_has_three_things_announced(
    wrong: dict[str, str], code: str, an: Person, xa_a: Unit, now: datetime
) -> None:
    assert refusal(draft, xa_a, an, now, replace(JOBS, **wrong)) == code
    own = current(draft(xa_a, an, now, replace(JOBS, advert="")))
    assert (own.advert_by, own.fee) == ("", False)


def test_kind_body_fee_and_validity_are_part_of_what_is_approved(
    an: Person, xa_a: Unit, now: datetime
) -> None:
    plain = content_hash(current(draft(xa_a, an, now, JOBS)))
    for change in ({"fee": False}, {"advert_by": "Công ty khác"}, {"valid_until": now.date()}):
        assert content_hash(current(draft(xa_a, an, now, replace(JOBS, **change)))) != plain


# the pages


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def address(name: str, *args: object) -> str:
    return reverse(f"bulletins:{name}", args=args)


def typed(content: Content, **more: str) -> dict[str, str]:
    return {
        "title": content.title,
        "text": content.text,
        "category": content.category,
        "priority": content.priority,
        "advert": content.advert,
        "advert_by": content.advert_by,
        **more,
    }


def test_the_writer_is_asked_and_answers_in_the_form(an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    shown = body(client.post(address("new"), typed(LAND, act="preview")))
    assert "Có thể là chủ đề nhạy cảm: thu hồi đất" in shown
    live = body(client.post(address("preview"), typed(LAND)))
    assert "Có thể là chủ đề nhạy cảm: thu hồi đất" in live
    answer = client.post(address("new"), typed(LAND, act="submit", sensitive="no"), follow=True)
    assert "Gửi duyệt xong" in body(answer) or Bulletin.objects.get().state == "IN_REVIEW"
    assert Bulletin.objects.get().sensitive is False
    assert "không, Nguyễn Văn An xác định" in body(answer)


def test_an_unanswered_proposal_is_saved_and_told(an: Person, signed_in: SignedIn) -> None:
    answer = signed_in(an).post(address("new"), typed(LAND, act="submit"), follow=True)
    assert Bulletin.objects.get().state == "DRAFT"
    assert "Có thể là chủ đề nhạy cảm (thu hồi đất)" in body(answer)


def test_confirming_and_submitting_on_the_page(
    an: Person, binh: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    client.post(address("new"), typed(JOBS, fee="on"))
    bulletin = Bulletin.objects.get()
    page = body(client.get(address("detail", bulletin.pk)))
    assert "Công ty May Quế Sơn" in page
    assert "có thu phí" in page
    asked = keys(SUBMIT, bulletin)
    assert all(f'value="{key}"' in page for key in asked)
    refused = client.post(address("submit", bulletin.pk), {"confirmed": asked[:1]})
    assert refused.status_code == 409
    assert "Chưa xác nhận" in body(refused)
    client.post(address("submit", bulletin.pk), {"confirmed": asked})
    make_ready(bulletin, now)
    review = body(signed_in(binh).get(address("review", bulletin.pk)))
    assert "Đã xác nhận" in review
    seen = {"content_hash": content_hash(current(bulletin)), "confirmed": asked}
    signed_in(binh).post(address("approve", bulletin.pk), seen)
    assert reread(bulletin).state == "APPROVED"


def test_passing_it_on_to_the_leader_on_the_page(
    binh: Person, hanh: Person, in_review: Bulletin, signed_in: SignedIn
) -> None:
    client = signed_in(binh)
    client.post(address("sensitive", in_review.pk), {"sensitive": "yes"})
    assert reread(in_review).sensitive
    review = body(client.get(address("review", in_review.pk)))
    assert "chỉ lãnh đạo đơn vị được duyệt" in review
    assert 'name="content_hash"' not in review
    assert 'name="content_hash"' in body(signed_in(hanh).get(address("review", in_review.pk)))
    refused = client.post(address("sensitive", in_review.pk), {"sensitive": "no"})
    assert refused.status_code == 409


def test_the_list_of_topics_is_read_by_all_and_changed_by_approvers(
    an: Person, binh: Person, xa_a: Unit, signed_in: SignedIn
) -> None:
    client = signed_in(binh)
    client.post(address("topics"), {"words": "Mỏ đá", "act": "add"})
    client.post(address("topics"), {"words": "tôn giáo", "act": "leave-out"})
    page = body(signed_in(an).get(address("topics")))
    assert "mỏ đá" in page
    assert "Đã bỏ khỏi danh sách chung" in page
    assert 'value="add"' not in page
    refused = signed_in(an).post(address("topics"), {"words": "x", "act": "add"})
    assert refused.status_code == 409
    assert client.delete(address("topics")).status_code == 405


def test_strangers_signed_out_and_wrong_methods(
    chi: Person, an: Person, drafted: Bulletin, signed_in: SignedIn, client: Client
) -> None:
    url = address("sensitive", drafted.pk)
    assert signed_in(chi).post(url, {"sensitive": "yes"}).status_code == 404
    assert client.post(url).status_code == 302
    assert client.get(address("topics")).status_code == 302
    assert signed_in(an).get(url).status_code == 405
    assert reread(drafted).sensitive is None


def test_the_table_of_verbs_tells_of_leaders(an: Person, signed_in: SignedIn) -> None:
    page = body(signed_in(an).get(address("help")))
    assert "Chủ đề nhạy cảm do lãnh đạo đơn vị duyệt." in page
    assert "tự động" in page
