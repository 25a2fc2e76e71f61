"""Who asks, for which units, and what they may ask."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.http import Http404, HttpRequest
from ninja.security import HttpBearer

from vang.base import clock
from vang.base.rates import Buckets
from vang.connections.access import token_by_secret
from vang.connections.models import AccessToken
from vang.connections.scopes import Scope
from vang.connections.services import note_use
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, valid_on

ASKING = Buckets(burst=300, per_minute=600)  # a token
GUESSING = Buckets(burst=20, per_minute=20)  # an address, with secrets that fit no token

P = ParamSpec("P")
R = TypeVar("R")


class NotAllowed(Exception):
    """The token is in force but lacks a scope, which the message names."""


class TooMany(Exception):
    """More questions than are answered in a minute."""


class TokenSignIn(HttpBearer):
    """``Authorization: Bearer vang_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> AccessToken | None:
        now, caller = clock.now(), str(request.META.get("REMOTE_ADDR", ""))
        if not GUESSING.may(caller, now=now):
            raise TooMany
        found = token_by_secret(token, now)
        if found is None:
            GUESSING.take(caller, now=now)
            return None
        if not ASKING.take(str(found.pk), now=now):
            raise TooMany
        note_use(found, now=now)
        return found


def token_of(request: HttpRequest) -> AccessToken:
    """The token that signed in."""
    token: AccessToken = request.auth  # type: ignore[attr-defined]  # set by ninja
    return token


def needs(scope: Scope) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """An operation for tokens that have ``scope``. Raises NotAllowed for the others."""

    def decorate(operation: Callable[P, R]) -> Callable[P, R]:
        @wraps(operation)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            request: Any = args[0]
            if scope not in token_of(request).scopes:
                raise NotAllowed(scope.value)
            return operation(*args, **kwargs)

        return guarded

    return decorate


def unit_for(request: HttpRequest, code: str | None) -> Unit:
    """The unit that bears ``code`` now, at or below the token's own; without a code that one.

    Raises Http404.
    """
    own = token_of(request).unit
    if code is None or code == own.code:
        return own
    now = clock.local_date(clock.now())
    found = Unit.objects.filter(valid_on(now), code=code).select_related("parent__parent").first()
    if found is None or own not in ancestors(found):
        raise Http404
    return found
