"""What the worker does for takes."""

from django_tasks import task

from vang.base import clock
from vang.takes import making


@task(queue_name="voice")
def join_take(take_pk: int) -> None:
    """Put one take together; harmless when done twice."""
    making.join_take(take_pk, clock=clock.now)
