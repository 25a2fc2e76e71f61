"""Bringing a document to people: starting, confirming, sessions, who is missing."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.documents import services
from vang.documents.access import CLERKS, STARTERS, CampaignSight, open_campaign, open_document
from vang.documents.forms import CampaignForm, MeetingForm
from vang.documents.queries import missing, reached, total_of, with_reach
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it is brought to."""
    person, moment = person_of(request), now()
    today = local_date(moment)
    sight = open_document(person, current_unit(request), pk, today)
    require(person, STARTERS, sight.unit, today)
    form = CampaignForm(request.POST or None, unit=sight.unit, on=today)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start_campaign(
                document=sight.document,
                unit=sight.unit,
                text=form.cleaned_data["text"],
                due_on=form.cleaned_data["due_on"],
                aims=form.aims(),
                by=person,
                now=moment,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("documents:campaign", made.pk)
    context = {"form": form, "document": sight.document, "unit": sight.unit}
    return render(request, "documents/start.html", context)


def _sight(request: HttpRequest, pk: int) -> CampaignSight:
    return open_campaign(person_of(request), current_unit(request), pk, local_date(now()))


@require_safe
@signed_in
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """For who holds it, how far it came; for who is reached, what to read and to confirm."""
    return _page(request, _sight(request, pk))


def _page(
    request: HttpRequest,
    sight: CampaignSight,
    refusal: str = "",
    form: MeetingForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    one, today = sight.campaign, local_date(now())
    mine = one.confirmations.filter(person=person_of(request), unit=sight.unit).first()
    sessions = one.sessions.select_related("unit", "noted_by").order_by("-held_on", "-pk")
    context = {
        "sight": sight,
        "campaign": one,
        "document": one.document,
        "attachments": one.document.attachments.all(),
        "mine": mine,
        "late": one.closed_at is None and one.due_on < today,
        "sessions": sessions[:50] if sight.own else sessions.filter(unit=sight.unit)[:50],
        "form": form or MeetingForm(),
        "refusal": refusal,
    }
    if sight.own:
        only, total = request.GET.get("view") == "missing", total_of(one, today)
        rows = missing(one, today) if only else reached(one, today)
        paginator = Paginator(with_reach(rows, one), PER_PAGE)
        paginator.count = total.missing if only else total.units
        page = paginator.get_page(request.GET.get("page"))
        context |= {"total": total, "page": page}
    return render(request, "documents/campaign.html", context, status=status)


def _done(
    request: HttpRequest, sight: CampaignSight, act: Callable[[], object], said: str
) -> HttpResponse:
    def refused(refusal: Refusal) -> HttpResponse:
        return _page(request, sight, str(refusal), status=409)

    return done(request, act, said, "documents:campaign", sight.campaign.pk, refused=refused)


@require_POST
@signed_in
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """I have read and understood it."""
    sight = _sight(request, pk)
    return _done(
        request,
        sight,
        lambda: services.confirm(
            campaign=sight.campaign, unit=sight.unit, by=person_of(request), now=now()
        ),
        _("Noted that you have read it."),
    )


@require_POST
@signed_in
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """A session was held."""
    sight = _sight(request, pk)
    require(person_of(request), CLERKS, sight.unit, local_date(now()))
    form = MeetingForm(request.POST)
    if not form.is_valid():
        return _page(request, sight, form=form, status=422)
    return _done(
        request,
        sight,
        lambda: services.note_session(
            campaign=sight.campaign,
            unit=sight.unit,
            meeting=form.meeting(),
            by=person_of(request),
            now=now(),
        ),
        _("Noted."),
    )


@require_POST
@signed_in
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody is reminded any more."""
    sight = _sight(request, pk)
    require(person_of(request), STARTERS, sight.campaign.unit, local_date(now()))
    return _done(
        request,
        sight,
        lambda: services.close_campaign(campaign=sight.campaign, by=person_of(request), now=now()),
        _("Closed."),
    )


@require_POST
@signed_in
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell every unit in which nobody has confirmed."""
    sight = _sight(request, pk)
    require(person_of(request), STARTERS, sight.campaign.unit, local_date(now()))
    return _done(
        request,
        sight,
        lambda: services.remind_missing(campaign=sight.campaign, by=person_of(request), now=now()),
        _("Every unit in which nobody has confirmed is reminded."),
    )
