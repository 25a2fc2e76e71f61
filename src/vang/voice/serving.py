"""Sending a sound file: whole, or the part that a player seeks (RFC 9110, section 14)."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from vang.base.ranges import FilePart, Span, Unsatisfiable, requested


def sound_response(
    request: HttpRequest, path: Path, tag: str, content_type: str = "audio/ogg"
) -> HttpResponseBase:
    """``tag`` names the bytes (their hash). Raises Http404 when the file is gone."""
    if not path.is_file():
        raise Http404
    etag = f'"{tag}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    response = _part(path, request.headers.get("Range", ""), content_type)
    for name, value in {"ETag": etag, "Accept-Ranges": "bytes", "Cache-Control": "private"}.items():
        response[name] = value
    return response


def _part(path: Path, wanted: str, content_type: str) -> HttpResponseBase:
    size = path.stat().st_size
    try:
        span = requested(wanted, size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    sent = span or Span(0, size)
    response = StreamingHttpResponse(FilePart(path, sent), content_type=content_type)
    response["Content-Length"] = str(sent.length)
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.first}-{span.first + span.length - 1}/{size}"
    return response
