"""How a node proves who it is and stays signed in for an hour."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from vang.base.tokens import TokenRefused, make_token, read_token
from vang.dispatch.challenges import challenge_issued
from vang.stations.models import Node
from vang.stations.queries import node_in_service
from vang_protocol.envelopes import PublicKey
from vang_protocol.reasons import Reason, Refused
from vang_protocol.sessions import session_is_signed

PURPOSE = "node-session"
LASTS_S = 3600


def server_secret() -> bytes:
    """What the pages and the link both know: the installation's secret."""
    return settings.SECRET_KEY.encode()


def open_session(*, node: str, nonce: str, signature: str, now: datetime) -> tuple[str, str]:
    """A bearer token for the node that signed the challenge, and the code of its unit.

    Raises Refused(NONCE_UNKNOWN, NODE_UNKNOWN, NODE_REVOKED, NODE_SUSPENDED, BAD_SIGNATURE).
    A challenge serves once: the node's row remembers the newest one it used.
    """
    issued = challenge_issued(server_secret(), nonce, now=now)
    if issued is None:
        raise Refused(Reason.NONCE_UNKNOWN)
    serving = _serving(node)
    if not session_is_signed(PublicKey(serving.public_key), node, nonce, signature):
        raise Refused(Reason.BAD_SIGNATURE)
    unused = Q(nonce_at__isnull=True) | Q(nonce_at__lt=issued)
    if not Node.objects.filter(unused, pk=serving.pk).update(nonce_at=issued):
        raise Refused(Reason.NONCE_UNKNOWN, "used, or older than one already used")
    return session_token(serving, now=now), serving.obeys.code


def session_token(node: Node, *, now: datetime) -> str:
    """Claims: node, cluster code, code of the unit that it obeys: the link has no database."""
    claims = {"node": node.pk, "cluster": node.cluster.code, "unit": node.obeys.code}
    return make_token(server_secret(), PURPOSE, claims, now=now, lasts_s=LASTS_S)


def node_of(request: HttpRequest, *, now: datetime) -> Node:
    """The node that holds the request's bearer token, still in service.

    Raises Refused(SESSION_EXPIRED, NODE_REVOKED or NODE_SUSPENDED).
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused(Reason.SESSION_EXPIRED, "no bearer token")
    try:
        claims = read_token(server_secret(), PURPOSE, token.strip(), now=now)
    except TokenRefused as error:
        raise Refused(Reason.SESSION_EXPIRED, str(error)) from None
    return _serving(str(claims["node"]))


def _serving(node: str) -> Node:
    found = node_in_service(node)
    if found is None:
        known = Node.objects.filter(pk=node).exists()
        raise Refused(Reason.NODE_REVOKED if known else Reason.NODE_UNKNOWN)
    if found.suspended_at is not None:
        raise Refused(Reason.NODE_SUSPENDED)
    return found
