"""Requests of nodes and answers to them: measured before read, refused with a stable code."""

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from vang_protocol import fields, strict_json
from vang_protocol.limits import API_BODY_BYTES
from vang_protocol.reasons import Reason, Refused

View = Callable[..., HttpResponseBase]

_STATUS = {
    Reason.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Reason.CODE_UNKNOWN: HTTPStatus.FORBIDDEN,
    Reason.CODE_USED: HTTPStatus.FORBIDDEN,
    Reason.CODE_EXPIRED: HTTPStatus.FORBIDDEN,
    Reason.NODE_UNKNOWN: HTTPStatus.UNAUTHORIZED,
    Reason.NODE_REVOKED: HTTPStatus.FORBIDDEN,
    Reason.NODE_SUSPENDED: HTTPStatus.FORBIDDEN,
    Reason.NONCE_UNKNOWN: HTTPStatus.UNAUTHORIZED,
    Reason.SESSION_EXPIRED: HTTPStatus.UNAUTHORIZED,
    Reason.BAD_SIGNATURE: HTTPStatus.FORBIDDEN,
    Reason.UNKNOWN_KEY: HTTPStatus.FORBIDDEN,
    Reason.WRONG_NODE: HTTPStatus.FORBIDDEN,
    Reason.NO_PLAN: HTTPStatus.NOT_FOUND,
    Reason.FILE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    Reason.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    Reason.BROKEN_LINE: HTTPStatus.CONFLICT,
    Reason.WRONG_PREVIOUS: HTTPStatus.CONFLICT,
    Reason.GAP: HTTPStatus.CONFLICT,
    Reason.SERVER_ERROR: HTTPStatus.SERVICE_UNAVAILABLE,
}


def node_api(method: str) -> Callable[[View], View]:
    """A view for nodes: one method, refusals as JSON, nothing cached on the way."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != method:
                return _wrong_method(method)
            try:
                response = view(request, *args, **kwargs)
            except Refused as refused:
                return refusal(refused)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    return decorate


def refusal(refused: Refused) -> HttpResponse:
    """``{"error": code, "detail": text}`` with the status that fits the reason."""
    status = _STATUS.get(refused.reason, HTTPStatus.BAD_REQUEST)
    response = answer(
        {"error": refused.reason.value, "detail": refused.detail or refused.reason.text},
        status=status,
    )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = "30"
    return response


def answer(table: dict[str, Any], *, status: int = HTTPStatus.OK) -> HttpResponse:
    return JsonResponse(
        table, status=status, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")}
    )


def body_of(request: HttpRequest, *, limit: int = API_BODY_BYTES) -> bytes:
    """The body, at most ``limit`` bytes. Raises Refused(TOO_LARGE) before reading more."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdigit() or int(announced) > limit:
        raise Refused(Reason.TOO_LARGE, f"{announced[:20]} bytes, allowed {limit}")
    content: bytes = request.read(limit + 1)
    if len(content) > limit:
        raise Refused(Reason.TOO_LARGE, f"more than {limit} bytes")
    return content


def table_of(
    request: HttpRequest, names: Iterable[str], *, limit: int = API_BODY_BYTES
) -> dict[str, Any]:
    """The JSON object in the body, with exactly these names."""
    return fields.table(
        strict_json.decode(body_of(request, limit=limit), limit=limit), "body", names
    )


def caller(request: HttpRequest) -> str:
    """Where the request came from, for limits."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _wrong_method(method: str) -> HttpResponse:
    response = answer(
        {"error": "method-not-allowed", "detail": f"Use {method}."},
        status=HTTPStatus.METHOD_NOT_ALLOWED,
    )
    response["Allow"] = method
    return response
