"""The one address at which things are taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from vang.base import clock, undo
from vang.base.refusals import Refusal
from vang.base.ways import safe_next
from vang.people.access import signed_in
from vang.people.people import person_of


@require_POST
@signed_in
def take_back(request: HttpRequest) -> HttpResponse:
    """Undo what the token (field ``token``) speaks of, and go back to the page (``next``)."""
    token = request.POST.get("token", "")
    try:
        words = undo.undo(request, token, by=person_of(request), now=clock.now())
    except Refusal as refusal:
        undo.forget(request, token)
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect(safe_next(request))


@require_POST
@signed_in
def leave_it(request: HttpRequest) -> HttpResponse:
    """The person wants it so: the offer is no longer shown."""
    undo.forget(request, request.POST.get("token", ""))
    return redirect(safe_next(request))
