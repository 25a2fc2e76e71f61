"""Serving the public pages without another web server. They are files: nothing is computed."""

from pathlib import Path
from typing import cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from vang.base.ranges import FilePart, Span, Unsatisfiable, requested
from vang.channels.portal.paths import folder_name
from vang.channels.portal.serving import PublicFile, find_public_file

_ONLY_SELF = {
    "default-src": [NONE],
    "style-src": [SELF],
    "font-src": [SELF],
    "img-src": [SELF],
    "media-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}


@require_safe
@csp(_ONLY_SELF)  # type: ignore[arg-type]  # annotated for views without parameters
def preview(request: HttpRequest, code: str, path: str = "") -> HttpResponseBase:
    """A file of the commune's public folder, open to everybody."""
    found = find_public_file(_root(code), path)
    if found is None:
        raise Http404
    stamp = int(found.changed.timestamp())
    fresh = get_conditional_response(request, etag=found.tag, last_modified=stamp)
    response = cast("HttpResponseBase", fresh) if fresh is not None else _answer(request, found)
    response["ETag"] = found.tag
    response["Last-Modified"] = http_date(stamp)
    response["Cache-Control"] = found.cache
    response["Accept-Ranges"] = "bytes"
    response["Content-Language"] = "vi"
    return response


def _root(code: str) -> Path:
    try:
        return Path(settings.DATA) / "portal" / folder_name(code)
    except ValueError as error:
        raise Http404 from error


def _answer(request: HttpRequest, found: PublicFile) -> HttpResponseBase:
    try:
        span = _span(request, found)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    if span is None:
        return _stream(found, Span(0, found.size), 200)
    response = _stream(found, span, 206)
    last = span.first + span.length - 1
    response["Content-Range"] = f"bytes {span.first}-{last}/{found.size}"
    return response


def _span(request: HttpRequest, found: PublicFile) -> Span | None:
    """The range asked for, unless it was asked of an older file (RFC 9110, section 13.1.5)."""
    condition = request.headers.get("If-Range")
    if condition and condition not in {found.tag, http_date(found.changed.timestamp())}:
        return None
    return requested(request.headers.get("Range", ""), found.size)


def _stream(found: PublicFile, span: Span, status: int) -> StreamingHttpResponse:
    content = FilePart(found.path, span)
    response = StreamingHttpResponse(content, status=status, content_type=found.kind)
    response["Content-Length"] = str(span.length)
    return response
