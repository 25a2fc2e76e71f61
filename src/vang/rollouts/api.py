"""What devices ask about releases."""

from django.http import HttpRequest, HttpResponse

from vang.base import clock
from vang.dispatch.requests import answer, body_of, node_api
from vang.dispatch.sessions import node_of
from vang.rollouts.progress import take_told
from vang_protocol.releases import answer_table, parse_told


@node_api("POST")
def release(request: HttpRequest) -> HttpResponse:
    """``Told`` → ``Answered``."""
    now = clock.now()
    node = node_of(request, now=now)
    told = parse_told(body_of(request))
    return answer(answer_table(take_told(node, told, now=now)))
