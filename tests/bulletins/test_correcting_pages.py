"""The page where a correction begins, and what the bulletin's page says of it."""

from datetime import datetime

from django.test import Client
from django.urls import reverse

from tests.bulletins.newsroom import released, reread
from tests.conftest import SignedIn
from vang.bulletins.models import Bulletin, Edition
from vang.bulletins.queries import open_correction
from vang.orgs.models import Unit
from vang.people.models import Person

WORDS = {"wrong": "Ngày 13/6, không phải 12/6.", "because": "Điện lực dời ngày."}


def address(name: str, edition: Edition) -> str:
    return reverse(f"bulletins:{name}", args=[edition.bulletin_id])


def said(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_correction_from_the_button_to_giving_it_up(
    an: Person, binh: Person, chi: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    edition = released(xa_a, an, binh, now)
    page = address("correct", edition)
    assert page in said(signed_in(an).get(address("detail", edition)))
    assert page not in said(signed_in(binh).get(address("detail", edition)))
    assert Client().get(page).status_code == 302
    assert signed_in(chi).get(page).status_code == 404
    assert signed_in(chi).post(page, WORDS).status_code == 404
    assert edition.text in said(signed_in(an).get(page))
    assert signed_in(an).post(page, {"wrong": "", "because": ""}).status_code == 409
    started = signed_in(an).post(page, WORDS)
    assert started.headers["Location"] == address("edit", edition)
    detail = said(signed_in(binh).get(address("detail", edition)))
    assert "Đang soạn đính chính" in detail
    assert WORDS["wrong"] in detail
    changed = signed_in(an).post(page, {**WORDS, "wrong": "Ngày 14/6."})
    assert changed.status_code == 302
    assert open_correction(edition.bulletin).wrong == "Ngày 14/6."  # type: ignore[union-attr]
    give_up = address("give-up", edition)
    assert signed_in(chi).post(give_up).status_code == 404
    assert signed_in(an).get(give_up).status_code == 405
    assert signed_in(an).post(give_up).status_code == 302
    assert reread(edition.bulletin).state == Bulletin.State.RELEASED


def test_residents_are_told_the_chosen_reason_of_a_withdrawal(
    an: Person, binh: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    edition = released(xa_a, an, binh, now)
    assert "phát hành nhầm" in said(signed_in(an).get(address("detail", edition))).lower()
    posted = {"comment": "Nhầm xã.", "publicly": "UNINTENDED"}
    signed_in(an).post(address("withdraw", edition), posted)
    edition.refresh_from_db()
    assert edition.withdrawn_for == "UNINTENDED"


def test_what_was_never_released_cannot_be_corrected(
    an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    page = reverse("bulletins:correct", args=[drafted.pk])
    assert signed_in(an).get(page).status_code == 404
    assert signed_in(an).post(page, WORDS).status_code == 404
