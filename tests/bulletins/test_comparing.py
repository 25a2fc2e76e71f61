"""Versions side by side on the page."""

from dataclasses import replace
from datetime import date, datetime

from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import NOTICE, co_tu, current, draft, reread, submitted
from tests.conftest import SignedIn
from vang.bulletins import services
from vang.bulletins.comparing import Comparison
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.models import Person


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def page(bulletin: Bulletin, number: int) -> str:
    return reverse("bulletins:version", args=[bulletin.pk, number])


def saved(bulletin: Bulletin, content: Content, by: Person, now: datetime) -> None:
    number = current(bulletin).number
    services.save_version(bulletin=bulletin, content=content, based_on=number, by=by, now=now)


def test_a_version_is_held_against_the_one_before_or_any_other(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = draft(xa_a, an, now)
    saved(bulletin, replace(NOTICE, text=NOTICE.text.replace("8 giờ", "9 giờ")), an, now)
    saved(bulletin, replace(NOTICE, title="Mất điện", priority="PRIORITY"), an, now)
    client = signed_in(an)
    before = body(client.get(page(bulletin, 2)))
    assert "<del><span" in before
    assert "Từ phiên bản 1 đến phiên bản 2" in before
    first = body(client.get(page(bulletin, 3), {"with": "1"}))
    assert "Từ phiên bản 1 đến phiên bản 3" in first
    assert "ưu tiên" in first
    assert "Mất" in first
    assert "Từ phiên bản 2 đến phiên bản 3" in body(client.get(page(bulletin, 3), {"with": "9"}))


def test_the_first_version_stands_alone(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    shown = body(signed_in(an).get(page(draft(xa_a, an, now), 1)))
    assert NOTICE.text in shown
    assert "So với" not in shown


def test_what_an_outside_body_asks_and_the_last_day_are_compared(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = draft(xa_a, an, now)
    asked = {"advert": "RECRUITMENT", "advert_by": "Công ty May Quế Sơn", "fee": True}
    saved(bulletin, replace(NOTICE, valid_until=date(2026, 6, 30), **asked), an, now)
    facts = Comparison(*bulletin.versions.order_by("number")).facts
    told = {fact.label: (fact.before, fact.after) for fact in facts}
    assert told == {
        "Có hiệu lực đến hết ngày": ("–", "30/06/2026"),
        "Tin của tổ chức, cá nhân bên ngoài": (
            "không, tin của xã",
            "Tuyển dụng: Công ty May Quế Sơn (có thu phí)",
        ),
    }
    assert "30/06/2026" in body(signed_in(an).get(page(bulletin, 2)))


def test_a_changed_wording_is_compared_too(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = draft(xa_a, an, now, replace(NOTICE, wordings=(co_tu(None),)))
    other = replace(co_tu(None), text="Prá khác.")
    saved(bulletin, replace(NOTICE, wordings=(other,)), an, now)
    shown = body(signed_in(an).get(page(bulletin, 2)))
    assert "Tiếng Cơ Tu: toàn văn" in shown
    assert "không thay đổi" in shown


def test_old_and_new_tone_marks_are_told_and_shown_when_asked(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = draft(xa_a, an, now, replace(NOTICE, text="Hoà giải ở xã."))
    saved(bulletin, replace(NOTICE, text="Hòa giải ở xã."), an, now)
    client = signed_in(an)
    quiet = body(client.get(page(bulletin, 2)))
    assert "1 từ chỉ khác chỗ đặt dấu thanh." in quiet
    assert "respelled" not in quiet.partition("<main")[2].replace("compare-respelled", "")
    assert 'class="respelled"' in body(client.get(page(bulletin, 2), {"marks": "1"}))


def test_the_approver_sees_first_what_changed_since_the_last_decision(
    an: Person, binh: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = submitted(xa_a, an, now)
    services.return_bulletin(bulletin=bulletin, comment="Sai giờ.", by=binh, now=now)
    saved(bulletin, replace(NOTICE, text="Từ 9 giờ."), an, now)
    services.submit_bulletin(bulletin=bulletin, by=an, now=now)
    shown = body(signed_in(binh).get(reverse("bulletins:review", args=[bulletin.pk])))
    assert f"{page(bulletin, 2)}?with=1" in shown
    assert reread(bulletin).state == "IN_REVIEW"


def test_fifty_thousand_characters_are_compared_within_the_budget(
    an: Person,
    xa_a: Unit,
    now: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lines = [f"Đoạn {n}: từ 8 giờ cắt điện thôn Thuận {n % 3}." for n in range(1000)]
    bulletin = draft(xa_a, an, now, replace(NOTICE, text="\n".join(lines)))
    changed = [line.replace("8", "9") if n % 7 == 0 else line for n, line in enumerate(lines)]
    saved(bulletin, replace(NOTICE, text="\n".join(changed)), an, now)
    client = signed_in(an)
    with django_assert_max_num_queries(12):
        shown = body(client.get(page(bulletin, 2)))
    assert shown.count("<ins>") >= 100
    assert "6 đoạn không đổi" in shown


def test_the_page_is_for_the_communes_own_people(
    chi: Person, xa_a: Unit, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = draft(xa_a, an, now)
    assert signed_in(chi).get(page(bulletin, 1)).status_code == 404
    assert signed_in(an).get(page(bulletin, 2)).status_code == 404
    assert signed_in(an).post(page(bulletin, 1)).status_code == 405
