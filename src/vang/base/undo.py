"""Taking back what was just done, instead of asking "are you sure?" before.

A view that did something it can take back says so with :func:`offer`: the words of what was done
and the facts that are needed to undo it. The facts travel in a signed token, for ten minutes, for
that person only. Rooms say at start how each kind is undone (:func:`can_undo`); undoing is a
service like any other, with its guard, its refusals and its row in the journal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.core import signing
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal

LASTS = timedelta(minutes=10)
FRESH = timedelta(seconds=20)
"""So long an offer is shown as the outcome of the act; afterwards as one quiet line."""
KEPT = 3
_SALT = "vang.undo"
_SESSION = "undo"

Undoing = Callable[..., str | Promise]
"""Called with ``facts`` (a dict), ``by`` and ``now``; gives the words of what was taken back, or
raises Refusal."""


class Somebody(Protocol):
    """The signed-in person, of whom this room needs the key only."""

    pk: Any


@dataclass(frozen=True)
class Offer:
    """What may still be taken back, as a page shows it."""

    token: str
    words: str
    at: datetime
    fresh: bool


_kinds: dict[str, Undoing] = {}


def can_undo(kind: str, undoing: Undoing) -> None:
    """Say how acts of this kind are undone. Called when the process starts."""
    _kinds[kind] = undoing


def offer(
    request: HttpRequest, kind: str, words: str, *, by: Somebody, now: datetime, **facts: Any
) -> str:
    """Tell what was done and offer to take it back, on this page and the next ones.

    ``facts`` are plain JSON values. Returns the token, for a toast.
    """
    if kind not in _kinds:
        raise KeyError(kind)
    at = now.isoformat()
    told = {"kind": kind, "by": by.pk, "at": at, "facts": facts}
    token = signing.dumps(told, salt=_SALT, compress=True)
    kept = [row for row in request.session.get(_SESSION, []) if _in_time(row["at"], now)]
    request.session[_SESSION] = [{"token": token, "words": words, "at": at}, *kept][:KEPT]
    return token


def offers(request: HttpRequest, now: datetime) -> list[Offer]:
    """What this person may still take back, newest first."""
    session = getattr(request, "session", None)
    rows = session.get(_SESSION, []) if session is not None else []
    return [
        Offer(row["token"], row["words"], at, now - at < FRESH)
        for row in rows
        if _in_time(row["at"], now) and (at := datetime.fromisoformat(row["at"]))
    ]


def undo(request: HttpRequest, token: str, *, by: Somebody, now: datetime) -> str:
    """Take it back. Returns the words for the person. Raises Refusal."""
    try:
        told = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise Refusal("undo-unknown", _TOO_LATE) from error
    if told["by"] != by.pk or told["kind"] not in _kinds or not _in_time(told["at"], now):
        raise Refusal("undo-too-late", _TOO_LATE)
    words = str(_kinds[told["kind"]](facts=told["facts"], by=by, now=now))
    forget(request, token)
    return words


def forget(request: HttpRequest, token: str) -> None:
    """Offer it no longer."""
    kept = [row for row in request.session.get(_SESSION, []) if row["token"] != token]
    request.session[_SESSION] = kept


def _in_time(at: str, now: datetime) -> bool:
    return timedelta(0) <= now - datetime.fromisoformat(at) < LASTS


_TOO_LATE = _("It is too late to take this back here: that can be done for ten minutes.")
