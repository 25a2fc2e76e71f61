"""Permissions-Policy: what of the device a page may use (microphone, camera, place)."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

HEADER = "Permissions-Policy"
NOTHING = "microphone=(), camera=(), geolocation=()"
MICROPHONE = "microphone=(self), camera=(), geolocation=()"


class PermissionsPolicyMiddleware:
    """No page may use the microphone, the camera or the place unless its view says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, NOTHING)
        return response


def may_use_microphone(view: View[P]) -> View[P]:
    """A page that records."""

    @wraps(view)
    def allowed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response[HEADER] = MICROPHONE
        return response

    return allowed
