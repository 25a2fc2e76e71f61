"""The way back to a page of ours."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, field: str = "next") -> str:
    """The address in the posted field if it is ours, else the first page."""
    wanted = request.POST.get(field, "")
    ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"
