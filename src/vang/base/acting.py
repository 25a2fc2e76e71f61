"""A POST that does one act and leads on, or tells why it was refused."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from vang.base.refusals import Refusal


def done(
    request: HttpRequest,
    act: Callable[[], object],
    said: str,
    *to: object,
    refused: Callable[[Refusal], HttpResponse] | None = None,
) -> HttpResponse:
    """Do it, say so and lead to ``to``. A refusal is said there, or answered by ``refused``, which
    shows the page on which it was tried with all that was typed."""
    try:
        act()
    except Refusal as refusal:
        if refused is not None:
            return refused(refusal)
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(str(to[0]), *to[1:])
