"""What the worker does for the phrase bank."""

from django_tasks import task

from vang.phrases import checking


@task(queue_name="voice")
def check_sayings(unit_pk: int) -> None:
    """Let the machine hear what was recorded; harmless when done twice."""
    checking.check_sayings(unit_pk)
