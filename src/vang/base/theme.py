"""Light, dark, or as the device is set: each person's choice, kept in a cookie.

The page comes from the server with the choice in it, so that it never flashes in the other one.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from vang.base.ways import safe_next

COOKIE = "vang_theme"
THEMES = ("light", "dark")
_YEAR_S = 365 * 24 * 3600


def theme_of(request: HttpRequest | None) -> str:
    """ "light", "dark", or "" for what the device wants."""
    chosen = request.COOKIES.get(COOKIE, "") if request is not None else ""
    return chosen if chosen in THEMES else ""


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the choice (field ``theme``) and go back to the page (field ``next``)."""
    response = redirect(safe_next(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        secure = request.is_secure()
        response.set_cookie(COOKIE, theme, _YEAR_S, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(COOKIE)
    return response
