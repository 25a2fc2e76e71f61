"""Beside the answering bulletin: the claim, its verdict and its sources, as they are published."""

from vang.bulletins.companions import Part, Sight
from vang.claims.models import Claim


def beside_bulletin(sight: Sight) -> list[Part]:
    """For the approver above the text: it is published with it."""
    rows = Claim.objects.filter(bulletin=sight.bulletin).prefetch_related("sources")
    claim = rows.first()
    if claim is None:
        return []
    place = "top" if sight.deciding else "side"
    return [Part(place, "claims/parts/beside.html", {"claim": claim})]
