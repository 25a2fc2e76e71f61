"""What the worker does for the outbox, in a queue of its own: a slow server holds up nothing."""

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from vang.base import clock
from vang.letters import delivering


@task(queue_name="letters")
def deliver_letters() -> None:
    """Send what is due; harmless when done twice."""
    delivering.deliver_due(clock=clock.now)


def ask_to_deliver() -> None:
    """Queue the sending once: a job that waits already will see every letter committed so far."""
    waiting = DBTaskResult.objects.filter(
        task_path=deliver_letters.module_path, status=TaskResultStatus.READY
    )
    if not waiting.exists():
        deliver_letters.enqueue()
