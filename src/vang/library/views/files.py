"""The bytes of pictures and originals, for people of the unit."""

from urllib.parse import quote

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from vang.base.clock import local_date, now
from vang.library.access import open_item
from vang.library.models import Picture
from vang.library.sending import file_response
from vang.library.storing import store
from vang.people.access import signed_in
from vang.people.people import person_of

_FORMATS = {"webp": ("WEBP", "image/webp"), "jpg": ("JPEG", "image/jpeg")}


@require_safe
@signed_in
def picture(request: HttpRequest, pk: int, size: str, form: str) -> HttpResponseBase:
    """One rendition."""
    item = open_item(person_of(request), pk, local_date(now()))
    if form not in _FORMATS:
        raise Http404
    kind, media_type = _FORMATS[form]
    found = Picture.objects.filter(item=item, size=size.upper(), format=kind).first()
    if found is None:
        raise Http404
    return file_response(request, store().path(found.sha256), found.sha256, media_type)


@require_safe
@signed_in
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was brought, to be saved and never shown by the browser itself."""
    item = open_item(person_of(request), pk, local_date(now()))
    path, name = store().path(item.sha256), item.file_name
    response = file_response(request, path, item.sha256, "application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
