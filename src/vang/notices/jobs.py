"""What the worker does with what people are told."""

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from vang.base import clock
from vang.notices import gathering


@task(queue_name="letters")
def gather_letters() -> None:
    """Make the letters that are due; harmless when done twice."""
    gathering.letters_due(now=clock.now())


def ask_to_gather() -> None:
    """Queue it once: a job that waits already will see everything committed so far."""
    waiting = DBTaskResult.objects.filter(
        task_path=gather_letters.module_path, status=TaskResultStatus.READY
    )
    if not waiting.exists():
        gather_letters.enqueue()
