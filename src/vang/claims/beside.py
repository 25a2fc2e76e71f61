"""Beside the answering bulletin: the claim, its verdict and its sources, as they are published."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef

from vang.bulletins.companions import Part, Sight
from vang.bulletins.present import Question, has
from vang.claims.models import Claim

QUESTIONS: Mapping[str, Question] = {
    "claims.claim": lambda: Exists(Claim.objects.filter(bulletin=OuterRef("pk")))
}


def beside_bulletin(sight: Sight) -> list[Part]:
    """For the approver above the text: it is published with it."""
    if not has(sight.bulletin, "claims.claim"):
        return []
    rows = Claim.objects.filter(bulletin=sight.bulletin).prefetch_related("sources")
    claim = rows.first()
    if claim is None:
        return []
    place = "top" if sight.deciding else "side"
    return [Part(place, "claims/parts/beside.html", {"claim": claim})]
