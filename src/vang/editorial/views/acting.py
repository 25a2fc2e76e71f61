"""A POST that does one act and leads on; a refusal is told where it leads."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from vang.base.refusals import Refusal


def done(request: HttpRequest, act: Callable[[], object], said: str, *to: object) -> HttpResponse:
    """Do it, say so and lead to ``to``; a refusal is said there instead."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(str(to[0]), *to[1:])
