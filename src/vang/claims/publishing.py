"""What the public page of an answer says of the claim: data, and a part of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from vang.base.clock import local_date
from vang.bulletins.models import Edition
from vang.claims.models import Claim, Published

_RATINGS = {
    Claim.Verdict.FALSE: 1,
    Claim.Verdict.MISLEADING: 2,
    Claim.Verdict.OUT_OF_CONTEXT: 2,
    Claim.Verdict.UNPROVEN: 3,
    Claim.Verdict.TRUE: 5,
}


@dataclass(frozen=True)
class Review:
    """What residents read of the claim and of what was found out (claims/public_part.html)."""

    published: Published

    @property
    def verdict(self) -> str:
        with translation.override("vi"):
            return str(self.published.get_verdict_display())

    def json_ld(self, *, responsible: str, url: str) -> dict[str, Any]:
        """schema.org ClaimReview, without @context. The claim has no author: none is kept."""
        row = self.published
        found: dict[str, Any] = {
            "@type": "ClaimReview",
            "datePublished": local_date(row.edition.released_at).isoformat(),
            "author": {"@type": "GovernmentOrganization", "name": responsible},
            "claimReviewed": row.title,
            "reviewBody": row.finding,
            "itemReviewed": {"@type": "Claim", "datePublished": row.seen_on.isoformat()},
            "reviewRating": {
                "@type": "Rating",
                "ratingValue": _RATINGS[Claim.Verdict(row.verdict)],
                "bestRating": 5,
                "worstRating": 1,
                "alternateName": self.verdict,
            },
        }
        if url:
            found["url"] = url
        if row.sources:
            found["citation"] = [_citation(source) for source in row.sources]
        return found


def _citation(source: Mapping[str, str]) -> dict[str, str]:
    cited = {"@type": "CreativeWork", "name": source["name"]}
    return {**cited, "url": source["url"]} if source["url"] else cited


def keep_published(edition: Edition) -> Published | None:
    """Freeze what the edition says of its claim; None when it answers none."""
    known = Published.objects.filter(edition=edition).select_related("edition").first()
    if known is not None:
        return known
    claim = Claim.objects.filter(bulletin=edition.bulletin_id).exclude(verdict="").first()
    if claim is None:
        return None
    sources = [{"name": row.name, "url": row.url} for row in claim.sources.all()]
    row, _created = Published.objects.get_or_create(
        edition=edition,
        defaults={
            "claim": claim,
            "title": claim.title,
            "where": claim.where,
            "seen_on": local_date(claim.seen_at),
            "verdict": claim.verdict,
            "finding": claim.finding,
            "sources": sources,
        },
    )
    return row


def on_release(edition: Edition) -> None:
    """Listener of a release."""
    keep_published(edition)


def review_of(edition: Edition) -> Review | None:
    """What the public page of the edition says of a claim; None when it answers none."""
    row = keep_published(edition)
    return Review(row) if row else None
