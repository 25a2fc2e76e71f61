"""What the pages ask of the link about a microphone: made, begun, ended, and how it is heard."""

import http.client
import json
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from vang.base.tokens import make_token
from vang.dispatch.between import SECRET_HEADER, internal_secret
from vang.dispatch.sessions import server_secret
from vang.dispatch.shards import directory
from vang_protocol.instants import format_instant

LOG = logging.getLogger(__name__)
WITHIN_S = 2.0
PURPOSE = "live-microphone"
BUFFER_MS = 1_000


@dataclass(frozen=True)
class Made:
    """``name`` (16 hex digits) and the session's public key, whose private half the link has."""

    name: str
    public_key: str


def make(unit: str) -> Made | None:
    """By the link that serves the commune. None: it does not answer."""
    told = _asked(unit, "make", {})
    return Made(told["session"], told["key"]) if isinstance(told, dict) else None


def start(unit: str, name: str, nodes: Collection[str], until: datetime) -> bool:
    """Let the nodes in and take the microphone. False: the link has it not, or no more."""
    body = {
        "session": name,
        "nodes": list(nodes),
        "until": format_instant(until),
        "buffer_ms": BUFFER_MS,
    }
    return _asked(unit, "start", body) is True


def stop(unit: str, name: str, why: str) -> bool:
    return _asked(unit, "stop", {"session": name, "why": why}) is True


def microphone_token(name: str, person: int, *, now: datetime, until: datetime) -> str:
    """With it, and only until then, a browser may bring the session's sound."""
    lasts_s = max(1, int((until - now).total_seconds()))
    claims = {"session": name, "person": person}
    return make_token(server_secret(), PURPOSE, claims, now=now, lasts_s=lasts_s)


def _asked(unit: str, act: str, body: dict[str, Any]) -> Any:
    """What the link answers; None when it does not."""
    address = urlsplit(directory().of_unit(unit).internal)
    if not address.hostname:
        return None
    link = http.client.HTTPConnection(address.hostname, address.port, timeout=WITHIN_S)
    try:
        headers = {SECRET_HEADER: internal_secret(), "Content-Type": "application/json"}
        link.request("POST", f"/internal/live/{act}", json.dumps(body), headers)
        answer = link.getresponse()
        content = answer.read()
        return json.loads(content)["told"] if answer.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        LOG.warning("live/%s not answered by the link: %s", act, error)
        return None
    finally:
        link.close()
