"""Work that a release, a withdrawal or a new plan asks for."""

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from vang.base import clock
from vang.bulletins.models import Edition
from vang.channels.portal.services import write_pages
from vang.orgs.models import Unit


@task()
def write_unit_pages(unit_id: int) -> None:
    """Bring the public pages of a commune up to date."""
    write_pages(Unit.objects.select_related("parent").get(pk=unit_id), now=clock.now())


def ask_for_pages(unit_id: int) -> None:
    """Queue the writing once: a job that waits already will see everything committed so far."""
    waiting = DBTaskResult.objects.filter(
        task_path=write_unit_pages.module_path,
        status=TaskResultStatus.READY,
        args_kwargs={"args": [unit_id], "kwargs": {}},
    )
    if not waiting.exists():
        write_unit_pages.enqueue(unit_id)


def ask_for_edition(edition: Edition) -> None:
    """For the registries of releases and withdrawals."""
    ask_for_pages(edition.unit_id)
