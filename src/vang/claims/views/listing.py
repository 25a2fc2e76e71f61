"""The register: open claims by what is due first, overdue and closed ones."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from vang.base.clock import now
from vang.base.tabs import tabs
from vang.claims.access import DECIDERS, NEWSROOM
from vang.claims.forms import (
    FilterForm,
)
from vang.claims.models import Claim
from vang.claims.queries import (
    VIEWS,
    counts,
    deadlines,
    listed,
    stage,
)
from vang.people.access import current_unit, here, signed_in

PER_PAGE = 20


@require_safe
@signed_in
def claim_list(request: HttpRequest) -> HttpResponse:
    """Open claims by what is due first; overdue and closed ones."""
    unit, moment = current_unit(request), now()
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    words = request.GET.get("q", "")[:200]
    found = listed(unit, view, words, moment)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    held = here(request).roles
    context = {
        "unit": unit,
        "view": view,
        "words": words,
        "tabs": _tabs(view, *counts(unit, moment)),
        "page": page,
        "rows": [_row(claim, moment) for claim in page.object_list],
        "form": FilterForm(initial={"q": words}),
        "newsroom": not held.isdisjoint(NEWSROOM),
        "decider": not held.isdisjoint(DECIDERS),
    }
    return render(request, "claims/list.html", context)


def _row(claim: Claim, moment: datetime) -> dict[str, object]:
    """One line: how far it is, and what of it is due next."""
    answered = claim.answered_at  # type: ignore[attr-defined]
    waits = [one for one in deadlines(claim, answered).values() if one.waiting]
    due_at = waits[0].due_at if waits else None
    return {
        "claim": claim,
        "stage": stage(claim, answered),
        "due_at": due_at,
        "late": due_at is not None and due_at < moment,
    }


def _tabs(view: str, waiting: int, late: int) -> list[dict[str, object]]:
    labels = {
        "open": pgettext("claims", "Open"),
        "overdue": pgettext("claims", "Overdue"),
        "closed": pgettext("claims", "Closed"),
        "all": pgettext("claims", "All"),
    }
    return tabs(labels, view, {"open": waiting, "overdue": late})
