"""Between signing in and every page: the session seen, the second proof asked for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from vang.base import clock
from vang.base.clock import local_date
from vang.people.arrivals import SEEN, ask_for_factor
from vang.people.models import Person
from vang.people.services.sessions import SEEN_EVERY, see_session

_OPEN = ("mfa_", "account_", "people:protect", "people:sign-out", "people:account", "set_language")


class PresenceMiddleware:
    """Costs nothing for whoever comes without a session, such as nodes and residents."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # Seen by one person on a computer of many: asked for again, never shown from a store.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: Any
    ) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not isinstance(request.user, Person):
            return None
        now = clock.now()
        _see(request, now)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name.startswith(_OPEN) or not _overdue(request, request.user, now):
            return None
        messages.warning(request, _("Your unit requires a second proof. Set it up to go on."))
        return redirect("people:protection")


def _see(request: HttpRequest, now: datetime) -> None:
    seen = request.session.get(SEEN)
    if seen is None or now - datetime.fromisoformat(seen) >= SEEN_EVERY:
        see_session(key=str(request.session.session_key), now=now)
        request.session[SEEN] = now.isoformat()


def _overdue(request: HttpRequest, person: Person, now: datetime) -> bool:
    """Asked of the database once a day and session; a change of proofs asks again."""
    due = ask_for_factor(request, person, now)
    return due is not None and due <= local_date(now)
