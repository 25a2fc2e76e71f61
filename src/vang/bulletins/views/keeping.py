"""Keeping what is typed: the autosave, and the text sent after the session ran out."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_POST

from vang.base.clock import local_date, now
from vang.base.undo import offer
from vang.bulletins import services
from vang.bulletins.access import open_bulletin
from vang.bulletins.forms import typed_fields
from vang.bulletins.models import Bulletin
from vang.bulletins.queries import draft_of
from vang.bulletins.tickets import Ticket, read_ticket
from vang.orgs.models import Unit
from vang.people.access import Role, current_unit, may, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def keeps_typed_text(view: View[P]) -> View[P]:
    """A form sent after the session ran out goes into the drafts of the person it was made for."""

    @wraps(view)
    def kept(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            _keep_by_ticket(request)
        return view(request, *args, **kwargs)

    return kept


def _keep_by_ticket(request: HttpRequest) -> bool:
    """Whether the form bore a good ticket, of the signed-in person if somebody is signed in."""
    ticket = read_ticket(request.POST.get("ticket", ""))
    if ticket is None or not _still_a_writer(ticket):
        return False
    if request.user.is_authenticated and request.user.pk != ticket.person.pk:
        return False
    _keep(request, ticket.person, ticket.unit, ticket.bulletin)
    return True


def _still_a_writer(ticket: Ticket) -> bool:
    return may(ticket.person, Role.WRITER, ticket.unit, local_date(now()))


def _keep(request: HttpRequest, person: Person, unit: Unit, bulletin: Bulletin | None) -> None:
    services.save_draft(
        unit=unit,
        bulletin=bulletin,
        fields=typed_fields(request.POST),
        based_on=based_on(request.POST),
        by=person,
        now=now(),
    )


def based_on(data: Any) -> int:
    """The number of the version that the writer had before them; ``data`` is a QueryDict."""
    number = data.get("version", "")
    return int(number) if number.isdecimal() and len(number) < 8 else 0


def form_out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: signing in elsewhere makes an open form's token stale.

    The ticket in the form cannot be forged, so the text may be kept; nothing else is done.
    """
    if _keep_by_ticket(request):
        messages.warning(request, _("The page was out of date. Your text is kept; go on with it."))
        return redirect(f"{request.path}?draft=1")
    return csrf_failure(request, reason, template_name="403.html")


@require_POST
def autosave(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Keep the form as typed. 204 kept; 401 signed out (kept if the ticket is good); 409 kept,
    but somebody saved another version meanwhile."""
    if not request.user.is_authenticated:
        return JsonResponse({"kept": _keep_by_ticket(request)}, status=401)
    person = person_of(request)
    unit, bulletin = _place(request, person, pk)
    require(person, Role.WRITER, unit, local_date(now()))
    _keep(request, person, unit, bulletin)
    stale = (
        bulletin is not None
        and bulletin.current is not None
        and (bulletin.current.number != based_on(request.POST))
    )
    return HttpResponse(status=409 if stale else 204)


@require_POST
@signed_in
def discard(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Forget the draft, as its writer asked."""
    person = person_of(request)
    unit, bulletin = _place(request, person, pk)
    draft = draft_of(person, unit, bulletin)
    services.discard_draft(unit=unit, bulletin=bulletin, by=person)
    if draft is not None:
        words = _("The text that had not been saved is thrown away.")
        facts = {"unit": unit.pk, "bulletin": pk, "fields": draft.fields, "on": draft.based_on}
        offer(request, "bulletins.discard", words, by=person, now=now(), **facts)
    return redirect("bulletins:edit", pk) if pk else redirect("bulletins:new")


def _place(request: HttpRequest, person: Person, pk: int | None) -> tuple[Unit, Bulletin | None]:
    if pk is not None:
        bulletin = open_bulletin(person, pk, local_date(now())).bulletin
        return bulletin.unit, bulletin
    ticket = read_ticket(request.POST.get("ticket", ""))
    if ticket is not None and ticket.person == person:
        return ticket.unit, None
    return current_unit(request), None
