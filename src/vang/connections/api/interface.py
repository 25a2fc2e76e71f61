"""The interface as a whole: sign-in, limits, refusals, and the parts it is made of."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from vang.base.refusals import Refusal
from vang.connections.api import as_run, bulletins, loudspeakers, schedule, units
from vang.connections.api.authentication import NotAllowed, TokenSignIn, TooMany

MAX_BODY = 300_000
"""Bytes: 50,000 Vietnamese letters and all that JSON may add."""


class MeasuredParser(Parser):
    """Measures a body before it is parsed."""

    def parse_body(self, request: HttpRequest) -> Any:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdigit() or int(announced) > MAX_BODY:
            raise RequestDataTooBig
        return super().parse_body(request)


api = NinjaAPI(
    title="Vang",
    version="1",
    description=(
        "Grassroots public information of a unit and all below it. Sign in with a token that an "
        "administrator made. Instants are UTC (RFC 3339), days are those of Vietnam."
    ),
    urls_namespace="connections-api",
    docs_url=None,
    auth=TokenSignIn(),
    parser=MeasuredParser(),
)
for part in (units, bulletins, schedule, as_run, loudspeakers):
    api.add_router("", part.router)


def _no(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    return api.create_response(request, {"error": code, "detail": detail}, status=status)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, _error: Exception) -> HttpResponse:
    response = _no(request, HTTPStatus.UNAUTHORIZED, "token-unknown", "Send a token in force.")
    response["WWW-Authenticate"] = 'Bearer realm="vang"'
    return response


@api.exception_handler(NotAllowed)
def _not_allowed(request: HttpRequest, error: Exception) -> HttpResponse:
    return _no(request, HTTPStatus.FORBIDDEN, "scope-missing", f"The token lacks {error}.")


@api.exception_handler(TooMany)
def _too_many(request: HttpRequest, _error: Exception) -> HttpResponse:
    response = _no(request, HTTPStatus.TOO_MANY_REQUESTS, "too-many", "Ask again in a while.")
    response["Retry-After"] = "30"
    return response


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, _error: Exception) -> HttpResponse:
    return _no(request, HTTPStatus.NOT_FOUND, "not-found", "Nothing of that name for this token.")


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, _error: Exception) -> HttpResponse:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return _no(request, status, "too-large", f"At most {MAX_BODY} bytes.")


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    code = error.code if isinstance(error, Refusal) else "refused"
    return _no(request, HTTPStatus.CONFLICT, code, str(error))


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: Exception) -> HttpResponse:
    told = error.errors if isinstance(error, ValidationError) else []
    where = ", ".join(".".join(str(step) for step in one["loc"]) for one in told)
    return _no(request, HTTPStatus.UNPROCESSABLE_ENTITY, "malformed", f"Put right: {where}")


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    status = error.status_code if isinstance(error, HttpError) else HTTPStatus.BAD_REQUEST
    return _no(request, status, "malformed", "The body is not JSON.")
