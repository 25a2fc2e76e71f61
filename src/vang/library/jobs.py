"""What the worker does for the library."""

from django_tasks import task

from vang.base import clock
from vang.library import preparing


@task(queue_name="library")
def prepare_item(item_pk: int) -> None:
    """Render or read one item; harmless when done twice."""
    preparing.prepare_item(item_pk, clock=clock.now)
