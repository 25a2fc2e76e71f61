"""Asking other units for content, and answering them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.access import Role, current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.pool import services
from vang.pool.access import NEWSROOM, open_order, open_request
from vang.pool.forms import AnswerForm, BulletinAnswerForm, ReasonForm, RequestForm
from vang.pool.models import Order
from vang.pool.queries import open_orders, orders_of, parts, requests_of
from vang.pool.services.offering import Terms
from vang.pool.views.taking import PER_PAGE
from vang.voice.models import Rendition

_CHOICES = 30
_UNANSWERED = {Order.State.OPEN, Order.State.ACCEPTED}


@require_safe
@signed_in
def order_list(request: HttpRequest) -> HttpResponse:
    """What others ask of the unit."""
    unit = current_unit(request)
    page = Paginator(orders_of(unit), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "page": page,
        "parts": parts(list(page.object_list)),
        "tabs": _tabs("orders", open_orders(unit).count()),
        "moment": now(),
        "may_ask": may(person_of(request), NEWSROOM, unit, local_date(now())),
    }
    return render(request, "pool/orders.html", context)


@require_safe
@signed_in
def request_list(request: HttpRequest) -> HttpResponse:
    """What the unit asks of others."""
    unit = current_unit(request)
    page = Paginator(requests_of(unit), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "page": page,
        "tabs": _tabs("requests", open_orders(unit).count()),
        "moment": now(),
        "may_ask": may(person_of(request), NEWSROOM, unit, local_date(now())),
    }
    return render(request, "pool/requests.html", context)


def _tabs(view: str, due: int) -> list[dict[str, object]]:
    return [
        {
            "label": pgettext("requests", "Asked of us"),
            "url": "/pool/requests",
            "active": view == "orders",
            "count": due,
        },
        {
            "label": pgettext("requests", "Asked by us"),
            "url": "/pool/requests/own",
            "active": view == "requests",
            "count": None,
        },
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Ask for content."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, NEWSROOM, unit, local_date(moment))
    form = RequestForm(request.POST or None, unit=unit, on=local_date(moment))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            made = services.ask_for_content(
                unit=unit,
                title=fields["title"],
                text=fields["text"],
                category=fields["category"],
                due_at=fields["due_at"],
                asked=form.asked_units(),
                by=person,
                now=moment,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Asked."), "pool:request", made.pk)
    return render(request, "pool/ask.html", {"form": form, "unit": unit})


@require_safe
@signed_in
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A request of ours, and how each asked unit answered, and how soon."""
    person, today = person_of(request), local_date(now())
    asked = open_request(person, pk, today)
    orders = asked.orders.select_related("unit", "offer").order_by("unit__name", "pk")
    page = Paginator(orders, 50).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "parts": parts(list(page.object_list)),
        "moment": now(),
        "newsroom": may(person, NEWSROOM, asked.unit, today),
    }
    return render(request, "pool/request.html", context)


@require_POST
@signed_in
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing more is awaited."""
    person = person_of(request)
    asked = open_request(person, pk, local_date(now()))
    require(person, NEWSROOM, asked.unit, local_date(now()))
    return done(
        request,
        lambda: services.close_request(request=asked, by=person, now=now()),
        _("Closed."),
        "pool:request",
        pk,
    )


@require_safe
@signed_in
def order_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A request made to us: read, accept, answer."""
    return _order_page(request, open_order(person_of(request), pk, local_date(now())))


def _order_page(
    request: HttpRequest, order: Order, refusal: str = "", *, status: int = 200
) -> HttpResponse:
    person, today = person_of(request), local_date(now())
    ready = list(_answers(order.unit))
    context = {
        "order": order,
        "part": parts([order])[0],
        "open": order.state in _UNANSWERED and order.request.closed_at is None,
        "moment": now(),
        "newsroom": may(person, NEWSROOM, order.unit, today),
        "writer": may(person, Role.WRITER, order.unit, today),
        "words": AnswerForm(request.POST or None, prefix=None),
        "ready": ready,
        "by_bulletin": BulletinAnswerForm(choices=ready, initial={"bulletin": order.bulletin_id}),
        "reason": ReasonForm(),
        "refusal": refusal,
    }
    return render(request, "pool/order.html", context, status=status)


def _answers(unit: Unit) -> list[Bulletin]:
    """What may be offered as an answer, the newest first."""
    found = Bulletin.objects.filter(
        unit=unit,
        state__in=[Bulletin.State.APPROVED, Bulletin.State.RELEASED],
        current__isnull=False,
    )
    joined = found.select_related("current__rendition").defer("current__text")
    return list(joined.order_by("-changed_at", "-pk")[:_CHOICES])


def _act(request: HttpRequest, pk: int) -> Order:
    order = open_order(person_of(request), pk, local_date(now()))
    require(person_of(request), NEWSROOM, order.unit, local_date(now()))
    return order


@require_POST
@signed_in
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """We shall supply it."""
    order = _act(request, pk)
    return done(
        request,
        lambda: services.accept_order(order=order, by=person_of(request), now=now()),
        _("Accepted."),
        "pool:order",
        pk,
    )


@require_POST
@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer in words; what was typed comes back with a refusal."""
    order = _act(request, pk)
    try:
        services.answer_order(
            order=order, text=request.POST.get("text", ""), by=person_of(request), now=now()
        )
    except Refusal as refusal:
        return _order_page(request, order, str(refusal), status=409)
    return done(request, lambda: None, _("Answered."), "pool:order", pk)


@require_POST
@signed_in
def answer_by_bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with an approved bulletin, offered to the unit that asks."""
    order, moment = _act(request, pk), now()
    form = BulletinAnswerForm(request.POST, choices=_answers(order.unit))
    if not form.is_valid():
        return _order_page(request, order, _("Choose a bulletin."), status=422)
    bulletin = form.chosen()
    sound = bulletin.current.rendition if bulletin.current else None
    terms = Terms(
        valid_from=local_date(moment),
        with_sound=sound is not None and sound.state == Rendition.State.READY,
        may_adapt=form.cleaned_data["may_adapt"],
    )
    try:
        services.answer_with_bulletin(
            order=order, bulletin=bulletin, terms=terms, by=person_of(request), now=moment
        )
    except Refusal as refusal:
        return _order_page(request, order, str(refusal), status=409)
    return done(request, lambda: None, _("Answered."), "pool:order", pk)


@require_POST
@signed_in
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """We cannot supply it."""
    order = _act(request, pk)
    try:
        services.decline_order(
            order=order, reason=request.POST.get("reason", ""), by=person_of(request), now=now()
        )
    except Refusal as refusal:
        return _order_page(request, order, str(refusal), status=409)
    return done(request, lambda: None, _("The unit that asks is told."), "pool:order", pk)
