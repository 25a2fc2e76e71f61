"""The only way to a token."""

from datetime import datetime

from django.http import Http404

from vang.connections.models import AccessToken
from vang.connections.services import hash_of
from vang.orgs.models import Unit


def token_here(pk: int, unit: Unit) -> AccessToken:
    """A token of this very unit. Raises Http404."""
    token = AccessToken.objects.select_related("unit").filter(pk=pk, unit=unit).first()
    if token is None:
        raise Http404
    return token


def token_by_secret(secret: str, now: datetime) -> AccessToken | None:
    """The token in force that has this secret, made by somebody who still has an account."""
    found = AccessToken.objects.filter(
        token_hash=hash_of(secret),
        revoked_at=None,
        expires_at__gt=now,
        created_by__is_active=True,
    )
    return found.select_related("unit", "created_by").order_by("pk").first()
