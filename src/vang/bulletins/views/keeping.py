"""Keeping what is typed: the autosave, and the text sent after the session ran out."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_POST

from vang.base.clock import local_date, now
from vang.base.undo import offer
from vang.bulletins import services
from vang.bulletins.access import open_bulletin
from vang.bulletins.forms import typed_fields
from vang.bulletins.queries import draft_of
from vang.bulletins.tickets import Ticket, read_ticket
from vang.bulletins.wording_forms import Part, typed_words
from vang.people.access import Role, current_unit, may, require, signed_in
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
    _keep(request, ticket)
    return True


def _still_a_writer(ticket: Ticket) -> bool:
    return may(ticket.person, Role.WRITER, ticket.unit, local_date(now()))


def _keep(request: HttpRequest, place: Ticket) -> None:
    typed = typed_words(request.POST) if place.part else typed_fields(request.POST)
    services.save_draft(
        unit=place.unit,
        bulletin=place.bulletin,
        part=place.part,
        fields=typed,
        based_on=based_on(request.POST),
        by=place.person,
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
def autosave(
    request: HttpRequest, pk: int | None = None, language: str = "", channel: str = ""
) -> HttpResponse:
    """Keep the form as typed. 204 kept; 401 signed out (kept if the ticket is good); 409 kept,
    but somebody saved another version meanwhile."""
    if not request.user.is_authenticated:
        return JsonResponse({"kept": _keep_by_ticket(request)}, status=401)
    place = place_of(request, pk, Part(language, channel))
    require(place.person, Role.WRITER, place.unit, local_date(now()))
    _keep(request, place)
    return HttpResponse(status=409 if place.bulletin and _is_stale(request, place) else 204)


def _is_stale(request: HttpRequest, place: Ticket) -> bool:
    """Somebody took over, or saved another version; otherwise the lease is renewed."""
    bulletin, by = place.bulletin, place.person
    if bulletin is None:
        return False
    other = services.hold_lease(bulletin=bulletin, part=place.part, by=by, now=now())
    return other is not None or services.collides(bulletin, based_on(request.POST), place.part)


@require_POST
@signed_in
def discard(
    request: HttpRequest, pk: int | None = None, language: str = "", channel: str = ""
) -> HttpResponse:
    """Forget the draft, as its writer asked."""
    place = place_of(request, pk, Part(language, channel))
    draft = draft_of(place.person, place.unit, place.bulletin, place.part)
    services.discard_draft(
        unit=place.unit, bulletin=place.bulletin, by=place.person, part=place.part
    )
    if place.bulletin is not None:
        services.end_lease(bulletin=place.bulletin, part=place.part, by=place.person)
    if draft is not None:
        words = _("The text that had not been saved is thrown away.")
        facts = {"unit": place.unit.pk, "bulletin": pk, "part": place.part}
        typed = {"fields": draft.fields, "on": draft.based_on}
        offer(request, "bulletins.discard", words, by=place.person, now=now(), **facts, **typed)
    if language:
        keys = [language, channel] if channel else [language]
        return redirect("bulletins:wording", pk, *keys)
    return redirect("bulletins:edit", pk) if pk else redirect("bulletins:new")


def place_of(request: HttpRequest, pk: int | None, part: Part) -> Ticket:
    """Where the text belongs. Raises Http404 for a stranger, and for a language of no list."""
    person = person_of(request)
    if part.language and not part.is_known:
        raise Http404
    if pk is not None:
        bulletin = open_bulletin(person, pk, local_date(now())).bulletin
        return Ticket(person, bulletin.unit, bulletin, part.name)
    ticket = read_ticket(request.POST.get("ticket", ""))
    if ticket is not None and ticket.person == person:
        return Ticket(person, ticket.unit, None)
    return Ticket(person, current_unit(request), None)
