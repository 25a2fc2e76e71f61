"""What residents read of a claim, and what search engines are told."""

import json
import re
from datetime import datetime

from tests.bulletins import newsroom
from tests.channels.portal.publishing import page, released, write_pages
from tests.claims.register import OFFICE, TITLE, TRUTH, answered, judged
from vang.bulletins import services as bulletins
from vang.bulletins.models import Edition
from vang.claims.models import Claim, Published
from vang.claims.publishing import keep_published, review_of
from vang.orgs.models import Unit
from vang.people.models import Person


def graph(html: str) -> list[dict[str, object]]:
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    whole = json.loads(told)
    assert whole["@context"] == "https://schema.org"
    found: list[dict[str, object]] = whole.get("@graph", [whole])
    return found


def test_the_public_page_of_an_answer_shows_claim_verdict_and_sources(
    claim: Claim, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = answered(claim, an, binh, now)
    plain = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    html = page(edition)
    assert f"“{TITLE}”" in html
    assert "Sai sự thật" in html
    assert f'<a href="https://quangnam.gov.vn" rel="noopener noreferrer nofollow">{OFFICE}' in html
    reviews = [one for one in graph(html) if one["@type"] == "ClaimReview"]
    assert reviews[0]["claimReviewed"] == TITLE
    assert reviews[0]["reviewBody"] == TRUTH
    assert reviews[0]["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 1,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "sai sự thật",
    }
    assert "author" not in reviews[0]["itemReviewed"]  # type: ignore[operator]
    assert "kiem-chung" not in page(plain)
    assert [one["@type"] for one in graph(page(plain))] == ["NewsArticle"]


def test_a_withdrawn_answer_no_longer_reviews_the_claim(
    claim: Claim, xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    edition = answered(claim, an, binh, now)
    bulletins.withdraw_bulletin(
        bulletin=newsroom.reread(edition.bulletin), reason="Sai số liệu.", by=binh, now=later
    )
    write_pages(xa_a, now=later)
    assert "ClaimReview" not in page(edition)
    assert "kiem-chung" not in page(edition)


def test_what_was_published_stays_as_it_was(
    claim: Claim, an: Person, binh: Person, now: datetime
) -> None:
    edition = answered(claim, an, binh, now)
    kept = keep_published(edition)
    assert kept is not None
    Claim.objects.update(title="Khác hẳn")
    review = review_of(Edition.objects.get(pk=edition.pk))
    assert review is not None
    assert review.published.title == TITLE
    assert Published.objects.get().sources == [{"name": OFFICE, "url": "https://quangnam.gov.vn"}]


def test_other_bulletins_review_nothing(
    claim: Claim, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    judged(claim, an, now)
    assert review_of(newsroom.released(xa_a, an, binh, now)) is None
