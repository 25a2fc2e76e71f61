"""Reading tokens, and the page about the interface."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from vang.connections.models import AccessToken
from vang.connections.scopes import Scope
from vang.orgs.models import Unit


def tokens_of(unit: Unit) -> QuerySet[AccessToken]:
    """The unit's tokens, those in force first, then the newest."""
    found = AccessToken.objects.filter(unit=unit).select_related("created_by", "revoked_by")
    return found.order_by("-expires_at", "-pk")


def is_open(token: AccessToken, now: datetime) -> bool:
    """Whether the other system is let in with it."""
    return token.revoked_at is None and token.expires_at > now


def labels(token: AccessToken) -> list[str]:
    """What the token may do, in words."""
    return [str(scope.label) for scope in Scope if scope in token.scopes]


@dataclass(frozen=True)
class Operation:
    """One thing the interface can do, as its page lists it."""

    method: str
    path: str
    summary: str
    parameters: tuple[str, ...]


def operations(document: dict[str, Any]) -> list[Operation]:
    """The operations of an OpenAPI document, in its order."""
    return [
        Operation(
            method.upper(),
            path,
            told.get("summary", ""),
            tuple(one["name"] for one in told.get("parameters", ())),
        )
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]
