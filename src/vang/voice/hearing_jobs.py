"""What the worker does for the machine that listens."""

from django_tasks import task

from vang.base import clock


@task(queue_name="voice")
def hear_rendition(hearing_pk: int) -> None:
    """Listen to one sound; harmless when done twice."""
    from vang.voice import hearings  # noqa: PLC0415 (it puts this very task in the queue)

    hearings.hear(hearing_pk, clock=clock.now)
