"""The link says that a microphone is closed, and what it recorded."""

from django.http import HttpRequest, HttpResponse

from vang.base import clock
from vang.dispatch.internal import check_secret
from vang.dispatch.requests import answer, node_api, table_of
from vang.live.services import session_over
from vang_protocol import fields

MOST_FRAMES = 20_000


@node_api("POST")
def ended(request: HttpRequest) -> HttpResponse:
    """``{session, why, frames, file}`` → ``{"known": …}``."""
    check_secret(request)
    body = table_of(request, ("session", "why", "frames", "file"))
    name = fields.hexadecimal(body["session"], "session", 8)
    file = fields.text(body["file"], "file", 40)
    known = session_over(
        name=name,
        why=fields.text(body["why"], "why", 40),
        frames=fields.whole(body["frames"], "frames", 0, MOST_FRAMES),
        file=file if file == f"{name}.opus" else "",
        now=clock.now(),
    )
    return answer({"known": known})
