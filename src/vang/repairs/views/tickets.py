"""Repairs: the list, a new one, one's own work on the phone, one repair with its steps."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.base.tabs import tabs
from vang.library.attachments import attachment_response, sent_file
from vang.orgs.models import Unit
from vang.people.access import Role, current_unit, here, require, roles, signed_in
from vang.people.models import Person
from vang.people.people import person_of
from vang.people.queries import holders
from vang.repairs import queries, services
from vang.repairs.access import KEEPERS, OFFICE, kept_ticket, open_ticket_of
from vang.repairs.forms import CauseForm, CloseForm, PartForm, PhotoForm, SendForm, TicketForm
from vang.repairs.models import PartUsed, TestCall, Ticket
from vang.repairs.proving import proof_of
from vang.repairs.steps import Step, step_of

PER_PAGE = 30


@require_safe
@signed_in
def ticket_list(request: HttpRequest) -> HttpResponse:
    """Open repairs, one's own, closed ones."""
    unit, person = current_unit(request), person_of(request)
    view = request.GET.get("view", "open")
    view = view if view in queries.VIEWS else "open"
    page = Paginator(queries.tickets_here(unit, view, person.pk), PER_PAGE).get_page(
        request.GET.get("page")
    )
    labels = {
        "open": pgettext("repairs", "Open"),
        "mine": pgettext("repairs", "Mine"),
        "closed": pgettext("repairs", "Closed"),
    }
    held = here(request).roles
    context = {
        "unit": unit,
        "view": view,
        "tabs": tabs(labels, view),
        "page": page,
        "rows": [{"ticket": one, "step": step_of(one)} for one in page.object_list],
        "reports": not held.isdisjoint(OFFICE),
        "many": unit.level != Unit.Level.COMMUNE,
    }
    return render(request, "repairs/tickets.html", context)


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """The technician's own work, for the phone: wherever it is, the oldest first."""
    unit, person = current_unit(request), person_of(request)
    waiting = queries.tickets_here(unit, "open", person.pk).filter(technician=None)
    context = {
        "unit": unit,
        "rows": [_job(one) for one in queries.tickets_of(person.pk)],
        "waiting": [_job(one) for one in waiting[:20]],
        "takes": Role.TECHNICIAN in here(request).roles,
    }
    return render(request, "repairs/mine.html", context)


def _job(ticket: Ticket) -> dict[str, object]:
    return {"ticket": ticket, "step": step_of(ticket), "title": f"{ticket} {ticket.cluster.name}"}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Report that something is wrong."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, OFFICE, unit, local_date(moment))
    wanted = request.GET.get("cluster", "")
    start: dict[str, Any] = {
        "cluster": wanted if wanted.isdecimal() else None,
        "about": request.GET.get("about"),
    }
    code = request.GET.get("code", "")
    clusters = queries.clusters_here(unit)
    if code:
        start["cluster"] = clusters.filter(code=code[:32]).values_list("pk", flat=True).first()
    form = TicketForm(request.POST or None, clusters=clusters, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_ticket(**form.cleaned_data, by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("repairs:ticket", made.pk)
    return render(request, "repairs/new.html", {"form": form, "unit": unit})


@require_safe
@signed_in
def ticket_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One repair: where it is, what was found, what it took, what proves it."""
    return _show(request, open_ticket_of(person_of(request), pk, local_date(now())))


def _show(
    request: HttpRequest,
    ticket: Ticket,
    refusal: str = "",
    *,
    status: int = 200,
    **bound: forms.Form,
) -> HttpResponse:
    moment, person, unit = now(), person_of(request), ticket.cluster.unit
    held = roles(person, unit, local_date(moment))
    keeps, open_ = not held.isdisjoint(KEEPERS), ticket.closed_at is None
    own = ticket.technician_id == person.pk
    there = ticket.there_at is not None
    people = _technicians(unit, moment) if keeps and open_ else []
    used = list(ticket.parts.select_related("added_by"))
    tests = list(ticket.tests.select_related("bulletin", "asked_by"))
    context: dict[str, Any] = {
        "ticket": ticket,
        "unit": unit,
        "step": step_of(ticket),
        "progress": _progress(ticket),
        "open": open_,
        "keeps": keeps and open_,
        "works": keeps and open_ and there,
        "may_take": keeps and open_ and ticket.technician_id is None and Role.TECHNICIAN in held,
        "may_set_out": open_ and own and ticket.on_way_at is None and not there,
        "may_arrive": open_ and not there and (own or (
            ticket.technician_id is None and Role.TECHNICIAN in held
        )),
        "used": used,
        "cost": sum(one.total for one in used),
        "photos": ticket.photos.select_related("added_by"),
        "tests": tests,
        "may_begin": open_ and Role.WRITER in held,
        "proof": ticket.proof if not open_ else (proof_of(ticket, tests) if there else None),
        "send_form": SendForm(people=people, initial={"technician": ticket.technician_id}),
        "cause_form": CauseForm(initial={"cause": ticket.cause, "done": ticket.done}),
        "part_form": PartForm(parts=queries.parts_here(unit)),
        "photo_form": PhotoForm(),
        "close_form": CloseForm(),
        "refusal": refusal,
        **bound,
    }  # fmt: skip
    return render(request, "repairs/ticket.html", context, status=status)


def _technicians(unit: Unit, moment: Any) -> list[Person]:
    rows = holders(unit, Role.TECHNICIAN, local_date(moment))
    return list({row.person_id: row.person for row in rows}.values())


def _progress(ticket: Ticket) -> list[tuple[str, str]]:
    """The steps of a repair, and where it stands."""
    words = (
        (Step.OPEN, _("Reported")),
        (Step.SENT, _("Given to a technician")),
        (Step.ON_WAY, _("On the way")),
        (Step.THERE, _("At the place")),
        (Step.FOUND, _("Cause found")),
        (Step.CLOSED, pgettext("repair", "Closed")),
    )
    order = [step for step, _words in words]
    reached = order.index(step_of(ticket))
    if reached == len(order) - 1:
        return [(str(word), "done") for _step, word in words]
    return [
        (str(word), "done" if n < reached else "current" if n == reached else "todo")
        for n, (_step, word) in enumerate(words)
    ]


def _act(
    request: HttpRequest,
    ticket: Ticket,
    act: Callable[[], object],
    said: str,
    **bound: forms.Form,
) -> HttpResponse:
    def refused(refusal: Refusal) -> HttpResponse:
        again = open_ticket_of(person_of(request), ticket.pk, local_date(now()))
        return _show(request, again, str(refusal), status=409, **bound)

    return done(request, act, said, "repairs:ticket", ticket.pk, refused=refused)


def _kept(request: HttpRequest, pk: int) -> Ticket:
    return kept_ticket(person_of(request), pk, local_date(now()))


@require_POST
@signed_in
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to a technician."""
    ticket = _kept(request, pk)
    people = _technicians(ticket.cluster.unit, now())
    form = SendForm(request.POST, people=people)
    if not form.is_valid():
        words = _("Choose a technician of this unit.")
        return _show(request, ticket, words, status=422, send_form=form)
    to = next(one for one in people if str(one.pk) == form.cleaned_data["technician"])
    return _act(
        request, ticket,
        lambda: services.send_technician(ticket=ticket, to=to, by=person_of(request), now=now()),
        _("Given to %(name)s.") % {"name": to.full_name},
    )  # fmt: skip


@require_POST
@signed_in
def set_out(request: HttpRequest, pk: int) -> HttpResponse:
    """On the way."""
    ticket = _kept(request, pk)
    return _act(
        request, ticket,
        lambda: services.set_out(ticket=ticket, by=person_of(request), now=now()),
        _("You are on the way."),
    )  # fmt: skip


@require_POST
@signed_in
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    """At the place."""
    ticket = _kept(request, pk)
    return _act(
        request, ticket,
        lambda: services.arrive(ticket=ticket, by=person_of(request), now=now()),
        _("You are at the place."),
    )  # fmt: skip


@require_POST
@signed_in
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found and done."""
    ticket, form = _kept(request, pk), CauseForm(request.POST)
    if not form.is_valid():
        return _show(request, ticket, _("Choose the cause."), status=422, cause_form=form)
    fields = form.cleaned_data
    return _act(
        request, ticket,
        lambda: services.note_cause(ticket=ticket, **fields, by=person_of(request), now=now()),
        pgettext("repair", "Noted."), cause_form=form,
    )  # fmt: skip


@require_POST
@signed_in
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """A part that it took."""
    ticket = _kept(request, pk)
    form = PartForm(request.POST, parts=queries.parts_here(ticket.cluster.unit))
    if not form.is_valid():
        words = _("Say which part, how many, and what one costs.")
        return _show(request, ticket, words, status=422, part_form=form)
    fields = form.cleaned_data
    return _act(
        request, ticket,
        lambda: services.use_part(ticket=ticket, **fields, by=person_of(request), now=now()),
        pgettext("repair", "Noted."), part_form=form,
    )  # fmt: skip


@require_POST
@signed_in
def part_back(request: HttpRequest, pk: int, used_pk: int) -> HttpResponse:
    """It was not needed after all."""
    ticket = _kept(request, pk)
    used = PartUsed.objects.select_related("ticket").filter(ticket=ticket, pk=used_pk).first()
    if used is None:
        raise Http404
    return _act(
        request, ticket,
        lambda: services.give_part_back(used=used, by=person_of(request), now=now()),
        _("Taken back."),
    )  # fmt: skip


@require_POST
@signed_in
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a picture."""
    ticket = _kept(request, pk)
    try:
        _name, content = sent_file(request, "photo")
    except Refusal as refusal:
        return _show(request, ticket, str(refusal), status=422)
    return _act(
        request, ticket,
        lambda: services.add_photo(
            ticket=ticket, content=content, by=person_of(request), now=now()
        ),
        _("The picture is kept."),
    )  # fmt: skip


@require_safe
@signed_in
def photo_file(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponseBase:
    """One picture."""
    ticket = open_ticket_of(person_of(request), pk, local_date(now()))
    found = ticket.photos.filter(pk=photo_pk).first()
    if found is None:
        raise Http404
    return attachment_response(found.sha256, found.name)


@require_POST
@signed_in
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a test broadcast here."""
    ticket = _kept(request, pk)
    return _act(
        request, ticket,
        lambda: services.ask_test(ticket=ticket, by=person_of(request), now=now()),
        _("Asked for. It is heard once a writer has begun it and an approver released it."),
    )  # fmt: skip


@require_POST
@signed_in
def begin_test(request: HttpRequest, pk: int, call_pk: int) -> HttpResponse:
    """A writer begins the test that was asked for."""
    person, moment = person_of(request), now()
    ticket = open_ticket_of(person, pk, local_date(moment))
    require(person, (Role.WRITER,), ticket.cluster.unit, local_date(moment))
    call = TestCall.objects.filter(ticket=ticket, pk=call_pk).first()
    if call is None:
        raise Http404
    return _act(
        request, ticket,
        lambda: services.begin_test(call=call, by=person, now=now()),
        _("The test waits for its approver."),
    )  # fmt: skip


@require_POST
@signed_in
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """With the proof, or with a stated reason."""
    ticket = _kept(request, pk)
    bound: dict[str, forms.Form] = {}
    fields = {"outcome": "", "reason": ""}
    if "proven" not in request.POST:
        form = CloseForm(request.POST)
        bound["close_form"] = form
        if not form.is_valid():
            words = _("Say why it is closed without a proof.")
            return _show(request, ticket, words, status=422, **bound)
        fields = form.cleaned_data
    return _act(
        request, ticket,
        lambda: services.close_ticket(ticket=ticket, **fields, by=person_of(request), now=now()),
        _("The repair is closed."), **bound,
    )  # fmt: skip
