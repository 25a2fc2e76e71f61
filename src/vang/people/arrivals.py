"""What happens as somebody comes in or leaves: the session noted, the device recognised."""

import re
from datetime import date, datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vang.base import clock
from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.journal.services import record
from vang.people.addresses import client_address
from vang.people.models import Person, SignInSession
from vang.people.services.factors import needed_from
from vang.people.services.sessions import begin_session
from vang.people.tokens import new_token

DEVICE_COOKIE = "vang_device"
SEEN = "seen"
FACTOR = "second_factor"
_LASTS_S = 400 * 24 * 3600  # as long as browsers keep a cookie
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def arrive(request: HttpRequest, person: Person, response: HttpResponse, *, now: datetime) -> None:
    """Right after the sign-in. The device's cookie is renewed on ``response``."""
    known = request.COOKIES.get(DEVICE_COOKIE, "")
    device = known if _TOKEN.fullmatch(known) else new_token()
    if request.session.session_key is None:
        request.session.save()
    begin_session(
        person=person,
        key=str(request.session.session_key),
        device=device,
        browser=request.headers.get("User-Agent", ""),
        address=client_address(request),
        now=now,
    )
    record("person.sign-in", f"person:{person.pk}", by=person, unit=None, now=now)
    response.set_cookie(
        DEVICE_COOKIE,
        device,
        max_age=_LASTS_S,
        path="/account/",
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    _remind(request, person, now)


def remember(request: HttpRequest, user: Person, **_more: object) -> None:
    """For Django's own signal of a sign-in: what every page would otherwise have to ask."""
    now = clock.now()
    request.session[SEEN] = now.isoformat()
    ask_for_factor(request, user, now)


def ask_for_factor(request: HttpRequest, person: Person, now: datetime) -> date | None:
    """From which day the person needs a second proof; kept in the session for the day."""
    today = local_date(now)
    kept = request.session.get(FACTOR)
    if not kept or kept[0] != today.isoformat():
        due = needed_from(person, today)
        kept = [today.isoformat(), due.isoformat() if due else ""]
        request.session[FACTOR] = kept
    return date.fromisoformat(kept[1]) if kept[1] else None


def ask_anew(request: HttpRequest) -> None:
    """A proof was added or removed: whether one is missing must be asked again."""
    request.session.pop(FACTOR, None)


def _remind(request: HttpRequest, person: Person, now: datetime) -> None:
    due = ask_for_factor(request, person, now)
    if due is not None and due > local_date(now):
        told = _("From %(day)s on you need a second proof to sign in: see “My account”.")
        messages.warning(request, told % {"day": vi_date(due)})


def leave(request: HttpRequest) -> None:
    """Sign out here."""
    SignInSession.objects.filter(key=request.session.session_key or "").delete()
    logout(request)
