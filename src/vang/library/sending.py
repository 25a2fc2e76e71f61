"""Sending a file of the library."""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


def file_response(request: HttpRequest, path: Path, tag: str, media_type: str) -> HttpResponseBase:
    """``tag`` names the bytes (their hash). Raises Http404 when the file is gone."""
    if not path.is_file():
        raise Http404
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, max-age=3600"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    return FileResponse(path.open("rb"), content_type=media_type, headers=headers)
