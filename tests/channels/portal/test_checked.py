"""The public register of claims that were checked."""

import json
import re
from datetime import datetime

import pytest

from tests.bulletins import newsroom
from tests.channels.portal.publishing import folder, index, released, write_pages
from tests.claims.register import OFFICE, TITLE, TRUTH, answered, noted
from vang.bulletins.models import Edition
from vang.bulletins.services import withdraw_bulletin
from vang.channels.portal import paths
from vang.claims.models import Published
from vang.orgs.models import Unit
from vang.people.models import Person


def register(unit: Unit) -> str:
    return (folder(unit) / paths.CHECKED).read_text()


def reviews(html: str) -> list[dict[str, object]]:
    found = re.findall(r'ld\+json">(.*?)</script>', html)
    told: list[dict[str, object]] = json.loads(found[0])["@graph"] if found else []
    return told


@pytest.fixture
def answer(xa_a: Unit, an: Person, binh: Person, now: datetime) -> Edition:
    edition = answered(noted(xa_a, an, now), an, binh, now)
    write_pages(xa_a, now=now)
    return edition


def test_it_lists_claim_verdict_finding_and_sources(answer: Edition) -> None:
    html = register(answer.unit)
    assert f"“{TITLE}”" in html
    assert "Sai sự thật" in html
    assert TRUTH in html
    assert OFFICE in html
    assert f'href="{paths.edition_path(answer)}"' in html
    (review,) = reviews(html)
    assert review["@type"] == "ClaimReview"
    assert str(review["url"]).endswith(paths.edition_path(answer))
    assert paths.CHECKED in index(answer.unit)


def test_a_withdrawn_answer_leaves_it(answer: Edition, binh: Person, now: datetime) -> None:
    bulletin = newsroom.reread(answer.bulletin)
    withdraw_bulletin(bulletin=bulletin, reason="Sai số liệu.", by=binh, now=now)
    write_pages(answer.unit, now=now)
    html = register(answer.unit)
    assert TITLE not in html
    assert reviews(html) == []
    assert paths.CHECKED not in index(answer.unit)


def test_where_nothing_was_checked_there_is_no_page(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    assert not (folder(xa_a) / paths.CHECKED).exists()
    assert paths.CHECKED not in index(xa_a)


def test_hostile_words_of_a_claim_stay_words(answer: Edition) -> None:
    hostile = "</script><script>alert(1)</script>"
    Published.objects.all().delete()
    claim = noted(answer.unit, answer.released_by, answer.released_at)
    Published.objects.create(
        edition=answer, claim=claim, title=hostile, where="MESSAGES",
        seen_on=answer.released_at.date(), verdict="FALSE", finding=hostile,
        sources=[{"name": hostile, "url": ""}],
    )  # fmt: skip
    write_pages(answer.unit, now=answer.released_at, everything=True)
    assert "<script>alert" not in register(answer.unit)
    assert reviews(register(answer.unit))[0]["claimReviewed"] == hostile
