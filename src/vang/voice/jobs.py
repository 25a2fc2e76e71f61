"""What the worker does for the voice room."""

from django_tasks import task

from vang.base import clock
from vang.voice import making


@task(queue_name="voice")
def make_rendition(rendition_pk: int) -> None:
    """Make one sound; harmless when done twice."""
    making.make_rendition(rendition_pk, clock=clock.now)
