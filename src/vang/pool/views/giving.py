"""Offering an approved item, and what became of it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.access import open_bulletin
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.pool import services
from vang.pool.access import NEWSROOM, open_offer
from vang.pool.forms import OfferForm
from vang.pool.models import Offer
from vang.pool.origins import chain_of
from vang.pool.queries import approved_unoffered, made_by, with_counts
from vang.pool.views.taking import PER_PAGE


@require_safe
@signed_in
def given(request: HttpRequest) -> HttpResponse:
    """The unit's own offers, with who took them."""
    unit, today = current_unit(request), local_date(now())
    page = Paginator(made_by(unit), PER_PAGE).get_page(request.GET.get("page"))
    may_write = may(person_of(request), NEWSROOM, unit, today)
    context = {
        "unit": unit,
        "page": page,
        "rows": with_counts(list(page.object_list)),
        "ready": approved_unoffered(unit)[:PER_PAGE] if may_write else [],
        "may_write": may_write,
    }
    return render(request, "pool/given.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, bulletin_pk: int) -> HttpResponse:
    """Offer an approved bulletin."""
    person, moment = person_of(request), now()
    today = local_date(moment)
    bulletin = open_bulletin(person, bulletin_pk, today).bulletin
    require(person, NEWSROOM, bulletin.unit, today)
    known = Offer.objects.filter(bulletin=bulletin).first()
    if known is not None:
        return redirect("pool:offer", known.pk)
    form = OfferForm(
        request.POST or None, unit=bulletin.unit, on=today, initial={"valid_from": today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            offer = services.offer_bulletin(
                bulletin=bulletin, aims=form.aims(), terms=form.terms(), by=person, now=moment
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Offered."), "pool:offer", offer.pk)
    context = {
        "form": form,
        "bulletin": bulletin,
        "version": bulletin.current,
        "chain": chain_of(bulletin),
        "unit": bulletin.unit,
    }
    return render(request, "pool/new.html", context)


@require_POST
@signed_in
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the corrected text."""
    sight = open_offer(person_of(request), current_unit(request), pk, local_date(now()))
    require(person_of(request), NEWSROOM, sight.offer.unit, local_date(now()))
    return done(
        request,
        lambda: services.renew_offer(
            offer=sight.offer,
            change=request.POST.get("reason", ""),
            by=person_of(request),
            now=now(),
        ),
        _("The corrected text is offered; whoever took the earlier one is told."),
        "pool:offer",
        pk,
    )


@require_POST
@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the offer back."""
    sight = open_offer(person_of(request), current_unit(request), pk, local_date(now()))
    require(person_of(request), NEWSROOM, sight.offer.unit, local_date(now()))
    return done(
        request,
        lambda: services.withdraw_offer(
            offer=sight.offer,
            reason=request.POST.get("reason", ""),
            by=person_of(request),
            now=now(),
        ),
        _("Withdrawn; whoever took it is told."),
        "pool:offer",
        pk,
    )
