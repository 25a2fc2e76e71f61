"""What others offer: the list, one offer, taking it, and what its origin did since."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.files import FileStore
from vang.base.refusals import Refusal
from vang.base.tabs import tabs
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.access import current_unit, may, require, roles, signed_in
from vang.people.people import person_of
from vang.pool import services
from vang.pool.access import NEWSROOM, Sight, open_offer, open_taking
from vang.pool.chains import read_chain
from vang.pool.forms import FilterForm, ReasonForm
from vang.pool.models import Offer
from vang.pool.queries import Wanted, incoming, takers, takings_of, undecided
from vang.pool.services.taking import in_force
from vang.voice.models import Rendition
from vang.voice.serving import sound_response

PER_PAGE = 20


@require_safe
@signed_in
def offer_list(request: HttpRequest) -> HttpResponse:
    """Offers made to the unit, by what was decided, category and words."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    form = FilterForm(request.GET)
    wanted = form.wanted(request.GET.get("view", "new"))
    page = Paginator(incoming(unit, wanted, today), PER_PAGE).get_page(request.GET.get("page"))
    decided = takings_of(unit, list(page.object_list))
    context = {
        "unit": unit,
        "form": form,
        "view": wanted.view,
        "tabs": _tabs(wanted.view, _new(unit, wanted, page.paginator.count, today)),
        "page": page,
        "rows": [(offer, decided.get(offer.pk)) for offer in page.object_list],
        "filtered": bool(wanted.words or wanted.category or wanted.must_air),
        "may_write": may(person, NEWSROOM, unit, today),
    }
    return render(request, "pool/list.html", context)


def _new(unit: Unit, wanted: Wanted, shown: int, today: date) -> int:
    """How many wait for a decision: those shown, unless the list shows something else."""
    return shown if wanted == Wanted() else undecided(unit, today)


def _tabs(view: str, new: int) -> list[dict[str, object]]:
    labels = {
        "new": pgettext("offers", "To decide"),
        "taken": pgettext("offers", "Taken"),
        "declined": pgettext("offers", "Not used"),
        "all": pgettext("offers", "All"),
    }
    return tabs(labels, view, {"new": new})


def _sight(request: HttpRequest, pk: int) -> Sight:
    return open_offer(person_of(request), current_unit(request), pk, local_date(now()))


@require_safe
@signed_in
def offer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Words, sound, source and terms; what we did with it, or who took it."""
    return _offer_page(request, _sight(request, pk))


def _offer_page(
    request: HttpRequest, sight: Sight, refusal: str = "", *, status: int = 200
) -> HttpResponse:
    offer, today = sight.offer, local_date(now())
    taken = takers(offer) if sight.own else takers(offer).none()
    context = {
        "sight": sight,
        "offer": offer,
        "version": offer.version,
        "chain": read_chain(offer.chain),
        "revisions": offer.revisions.select_related("by").order_by("-number"),
        "taking": None if sight.own else in_force(offer, sight.unit),
        "takeable": offer.is_takeable(today),
        "newer": sight.own and _has_newer(offer),
        "takers": Paginator(taken, PER_PAGE).get_page(request.GET.get("page")),
        "reason": ReasonForm(request.POST or None),
        "refusal": refusal,
    }
    return render(request, "pool/offer.html", context, status=status)


def _has_newer(offer: Offer) -> bool:
    """Another text of the bulletin is approved than the one that is offered."""
    states = [Bulletin.State.APPROVED, Bulletin.State.RELEASED]
    newer = Bulletin.objects.filter(pk=offer.bulletin_id, state__in=states)
    return offer.state == Offer.State.OPEN and newer.exclude(current=offer.version_id).exists()


@require_safe
@signed_in
def sound(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The offered sound, for whoever may read the offer."""
    offer = _sight(request, pk).offer
    rendition = offer.version.rendition
    if not offer.with_sound or rendition is None or rendition.state != Rendition.State.READY:
        raise Http404
    path = FileStore(Path(settings.DATA) / "files").path(rendition.sha256)
    return sound_response(request, path, rendition.sha256)


@require_POST
@signed_in
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it as it is and ask the approver."""
    sight = _sight(request, pk)
    try:
        bulletin = services.take_offer(
            offer=sight.offer, unit=sight.unit, by=person_of(request), now=now()
        )
    except Refusal as refusal:
        return _offer_page(request, sight, str(refusal), status=409)
    return _told(request, bulletin, _("Taken. An approver of your unit decides on it now."))


@require_POST
@signed_in
def adapt(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy the words into a draft."""
    sight = _sight(request, pk)
    try:
        bulletin = services.adapt_offer(
            offer=sight.offer, unit=sight.unit, by=person_of(request), now=now()
        )
    except Refusal as refusal:
        return _offer_page(request, sight, str(refusal), status=409)
    return redirect("bulletins:edit", bulletin.pk)


@require_POST
@signed_in
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Not used, and why."""
    sight = _sight(request, pk)
    try:
        services.decline_offer(
            offer=sight.offer,
            unit=sight.unit,
            reason=request.POST.get("reason", ""),
            by=person_of(request),
            now=now(),
        )
    except Refusal as refusal:
        return _offer_page(request, sight, str(refusal), status=409)
    return done(request, lambda: None, _("Noted. You may still take it later."), "pool:list")


def _told(request: HttpRequest, bulletin: Bulletin, said: str) -> HttpResponse:
    return done(request, lambda: None, said, "bulletins:detail", bulletin.pk)


# what the origin did since


@require_safe
@signed_in
def news_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the origin corrected or why it withdrew, beside our own bulletin."""
    person, today = person_of(request), local_date(now())
    taking = open_taking(person, pk, today)
    bulletin = taking.bulletin
    if bulletin is None:
        raise Http404
    rows = Bulletin.objects.select_related("current")
    news_at = taking.offer.news_at
    held = taking.offer.revisions.select_related("version").filter(number=taking.revision).first()
    context = {
        "taking": taking,
        "offer": taking.offer,
        "ours": rows.get(pk=bulletin.pk),
        "held": held.version if held else None,
        "offered": Offer.objects.select_related("version").get(pk=taking.offer_id).version,
        "open": news_at is not None and news_at > taking.settled_at,
        "corrected": taking.offer.revision > taking.revision
        and taking.offer.state == Offer.State.OPEN,
        "gone": bulletin.state == Bulletin.State.WITHDRAWN,
        "newsroom": not roles(person, taking.unit, today).isdisjoint(NEWSROOM),
        "reason": ReasonForm(),
    }
    return render(request, "pool/news.html", context)


@require_POST
@signed_in
def follow_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw ours too."""
    taking = open_taking(person_of(request), pk, local_date(now()))
    require(person_of(request), NEWSROOM, taking.unit, local_date(now()))
    return done(
        request,
        lambda: services.follow_withdrawal(taking=taking, by=person_of(request), now=now()),
        _("Withdrawn. It stops on every channel."),
        "pool:news",
        pk,
    )


@require_POST
@signed_in
def follow_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the corrected text over."""
    taking = open_taking(person_of(request), pk, local_date(now()))
    require(person_of(request), NEWSROOM, taking.unit, local_date(now()))
    return done(
        request,
        lambda: services.follow_correction(taking=taking, by=person_of(request), now=now()),
        _("The corrected text is taken over. An approver of your unit decides on it now."),
        "pool:news",
        pk,
    )


@require_POST
@signed_in
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Ours stays as it is."""
    taking = open_taking(person_of(request), pk, local_date(now()))
    require(person_of(request), NEWSROOM, taking.unit, local_date(now()))
    return done(
        request,
        lambda: services.keep_as_is(
            taking=taking,
            reason=request.POST.get("reason", ""),
            by=person_of(request),
            now=now(),
        ),
        _("Noted: yours stays as it is."),
        "pool:news",
        pk,
    )
