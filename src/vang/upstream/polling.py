"""Asking the feeds: what has come new, within limits of bytes, entries and time.

A feed is asked every two minutes, a failing one less and less often. Nothing that is fetched can
do more than become a row that a person reads.
"""

import hashlib
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from vang.base.exchange import Answer, exchange
from vang.base.outside import target_of
from vang.base.refusals import Refusal
from vang.cap.findings import NotAccepted
from vang.cap.parsing import MOST_BYTES, well_formed
from vang.upstream.entries import Listed, is_message, listed_in
from vang.upstream.models import Entry, Feed
from vang.upstream.receiving import KNOWN, receive

EVERY = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ENTRIES = 200
MOST_FETCHED = 40
DEADLINE_S = 15.0
TOGETHER_S = 60.0
_KEEP = timedelta(days=60)
_ACCEPT = "application/atom+xml, application/rss+xml, application/cap+xml, application/xml;q=0.9"


def ask_due(*, now: datetime) -> int:
    """Hands every feed whose time has come to the worker. Returns how many."""
    from vang.upstream.jobs import ask  # noqa: PLC0415 - the job calls this module

    asked = 0
    for key in Feed.objects.filter(ended_at=None, due_at__lte=now).values_list("pk", flat=True):
        claimed = Feed.objects.filter(pk=key, due_at__lte=now).update(due_at=now + EVERY)
        if claimed:
            ask.enqueue(key, now.isoformat())
            asked += 1
    return asked


def poll(feed: Feed, *, now: datetime, deadline_s: float = DEADLINE_S) -> int:
    """Ask once and keep what is new. Returns how many messages came.

    Never raises for what the other side does.
    """
    answer = _get(feed.url, _asking(feed), deadline_s)
    if answer.status == 304:
        _succeeded(feed, now)
        return 0
    problem = _problem(answer)
    listed: list[Listed] = []
    if not problem:
        try:
            listed = _listed(feed, answer)
        except NotAccepted as refusal:
            problem = refusal.code
    if problem:
        _failed(feed, problem, now)
        return 0
    came, whole = _taken(feed, listed, now, deadline_s)
    # What is left over is asked for again: then the feed must not say "not modified".
    feed.etag = answer.header("etag")[:200] if whole else ""
    feed.modified = answer.header("last-modified")[:100] if whole else ""
    _succeeded(feed, now)
    feed.entries.filter(at__lt=now - _KEEP).exclude(key__in=map(_key, listed)).delete()
    return came


def _asking(feed: Feed) -> dict[str, str]:
    headers = {"Accept": _ACCEPT}
    if feed.etag:
        headers["If-None-Match"] = feed.etag
    if feed.modified:
        headers["If-Modified-Since"] = feed.modified
    return headers


def _listed(feed: Feed, answer: Answer) -> list[Listed]:
    """Raises NotAccepted."""
    root = well_formed(answer.body)
    if is_message(root):
        return [Listed(feed.url, _digest(answer.body), answer.body)]
    return listed_in(root, feed.url)[:MOST_ENTRIES]


def _taken(feed: Feed, listed: list[Listed], now: datetime, deadline_s: float) -> tuple[int, bool]:
    """How many new messages came, and whether nothing was left over."""
    ends = time.monotonic() + TOGETHER_S
    known = set(feed.entries.values_list("key", flat=True))
    new = [one for one in listed if _key(one) not in known]
    came, whole = 0, len(new) <= MOST_FETCHED
    for one in new[:MOST_FETCHED]:
        found = None if time.monotonic() > ends else _fetched(feed, one, now, deadline_s)
        whole = whole and found is not None
        came += found or 0
    return came, whole


def _fetched(feed: Feed, one: Listed, now: datetime, deadline_s: float) -> int | None:
    """1 for a new message, 0 for none; None when the server should be asked again."""
    if one.content is not None:
        return _keep(feed, one, one.content, now)
    answer = _get(one.url, {"Accept": "application/cap+xml, application/xml"}, deadline_s)
    problem = _problem(answer)
    if problem in {"timeout", "unreachable"} or answer.status >= 500:
        return None
    if problem:
        _note(feed, one, problem, now)
        return 0
    return _keep(feed, one, answer.body, now)


def _keep(feed: Feed, one: Listed, content: bytes, now: datetime) -> int:
    try:
        receive(content=content, unit=feed.unit, feed=feed, now=now)
    except NotAccepted as refusal:
        _note(feed, one, refusal.code, now, f"{refusal.line}: {refusal.about}")
    except Refusal as refusal:
        _note(feed, one, "" if refusal.code == KNOWN else refusal.code, now)
    else:
        _note(feed, one, "", now)
        return 1
    return 0


def _note(feed: Feed, one: Listed, code: str, now: datetime, detail: str = "") -> None:
    Entry.objects.get_or_create(
        feed=feed,
        key=_key(one),
        defaults={"url": one.url[:500], "at": now, "code": code[:40], "detail": detail[:200]},
    )


def _get(url: str, headers: dict[str, str], deadline_s: float) -> Answer:
    try:
        target = target_of(url, settings.FEEDS_INSIDE)
    except Refusal as refusal:
        return Answer(0, refusal.code)
    return exchange(
        "GET",
        target,
        {"User-Agent": "Vang", **headers},
        most_bytes=MOST_BYTES,
        deadline_s=deadline_s,
        whole=True,
    )


def _problem(answer: Answer) -> str:
    if answer.problem:
        return answer.problem
    if 300 <= answer.status < 400:
        return "redirect"
    return "" if answer.taken else f"status-{answer.status}"


def _key(one: Listed) -> str:
    return _digest(f"{one.url}\n{one.changed}".encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _succeeded(feed: Feed, now: datetime) -> None:
    feed.tried_at = feed.succeeded_at = now
    feed.failures, feed.problem, feed.due_at = 0, "", now + EVERY
    _save(feed)


def _failed(feed: Feed, problem: str, now: datetime) -> None:
    Feed.objects.filter(pk=feed.pk).update(failures=F("failures") + 1)
    feed.refresh_from_db(fields=["failures"])
    feed.tried_at, feed.problem = now, problem[:40]
    feed.due_at = now + min(EVERY * 2 ** min(feed.failures - 1, 10), LONGEST_PAUSE)
    _save(feed)


def _save(feed: Feed) -> None:
    names: Iterable[str] = (
        *("etag", "modified", "tried_at", "succeeded_at"),
        *("failures", "problem", "due_at"),
    )
    feed.save(update_fields=names)
