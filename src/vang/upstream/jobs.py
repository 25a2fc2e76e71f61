"""Asking a feed, done by the worker: its server may be slow."""

from datetime import datetime

from django_tasks import task

from vang.upstream.models import Feed
from vang.upstream.polling import poll


@task(queue_name="channels")
def ask(feed_pk: int, at: str) -> None:
    """Once."""
    feed = Feed.objects.select_related("unit").filter(pk=feed_pk, ended_at=None).first()
    if feed is not None:
        poll(feed, now=datetime.fromisoformat(at))
