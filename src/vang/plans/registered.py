"""Documents of the register as proofs: sent ones of a kind, such as reports."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.documents.models import Document
from vang.library.official.kinds import KINDS
from vang.orgs.models import Unit
from vang.plans.proofs import Found, ProofKind, register

_MOST = 500


def _kinds(_unit: Unit) -> list[tuple[str, str]]:
    return [(kind.name, kind.name) for kind in KINDS[:30]]


def _found(unit: Unit, value: str, first: date, last: date) -> Sequence[Found]:
    rows = Document.objects.filter(
        unit=unit, way=Document.Way.OUT, kind=value, issued_on__gte=first, issued_on__lte=last
    )
    told = rows.order_by("-issued_on", "-pk").values_list("pk", "number", "abstract", "issued_on")
    return [
        Found(f"{number} {abstract}".strip(), reverse("documents:document", args=[pk]), on)
        for pk, number, abstract, on in told[:_MOST]
        if on is not None
    ]


def register_all() -> None:
    """Called when the process starts."""
    register(ProofKind("document", _("Documents sent, of a kind"), _kinds, _found))
