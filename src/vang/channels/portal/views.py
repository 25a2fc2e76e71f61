"""Serving the public pages without another web server. They are files: nothing is computed."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from vang.channels.portal.paths import folder_name
from vang.channels.portal.serving import answer, find_public_file


@require_safe
def preview(request: HttpRequest, code: str, path: str = "") -> HttpResponseBase:
    """A file of the unit's public folder, open to everybody."""
    asked = {name.lower(): value for name, value in request.headers.items()}
    try:
        found = find_public_file(_root(code), path)
        told = answer(found, asked, head=request.method == "HEAD") if found else None
    except OSError as error:  # a name too long for the file system, a file just removed
        raise Http404 from error
    if told is None:
        raise Http404
    response: HttpResponseBase
    if "Content-Type" in told.headers:
        response = StreamingHttpResponse(told.body, status=told.status)
    else:
        response = HttpResponse(status=told.status)
        del response["Content-Type"]
    for name, value in told.headers.items():
        response[name] = value
    return response


def _root(code: str) -> Path:
    try:
        return Path(settings.DATA) / "portal" / folder_name(code)
    except ValueError as error:
        raise Http404 from error
