"""Work that a release, a correction or a withdrawal asks for, and what time brings."""

import logging
from datetime import datetime

from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from vang.base import clock
from vang.bulletins.models import Edition
from vang.channels.queries import due
from vang.channels.registry import channels
from vang.channels.working import work_off

log = logging.getLogger(__name__)


@task(queue_name="channels")
def work_off_slow() -> list[str]:
    """The channels that talk to other computers; a mail server may take its time."""
    return work_off(now=clock.now(), slow=True)


def ask_for(edition: Edition) -> None:
    """For the registries of releases and withdrawals: residents can read it when the officer's
    page comes back. What fails here is tried again by the worker."""
    now = clock.now()
    try:
        work_off(now=now, unit_id=edition.unit_id, slow=False)
    except Exception:
        log.exception("channels of edition %s", edition.pk)
    if _slow_due(now):
        enqueue_once(work_off_slow)


def work_off_due(*, now: datetime) -> list[str]:
    """For the worker's ticks: what waits, what is tried again, what slipped."""
    if _slow_due(now):
        enqueue_once(work_off_slow)
    return work_off(now=now, slow=False)


def tidy_channels(*, now: datetime) -> None:
    """Let each channel forget what it need not keep."""
    for channel in channels():
        channel.tidy(now=now)


def enqueue_once(wanted: Task, *arguments: int) -> None:  # type: ignore[type-arg]
    """Queue it unless it waits already: then it will see everything committed so far."""
    waiting = DBTaskResult.objects.filter(
        task_path=wanted.module_path,
        status=TaskResultStatus.READY,
        args_kwargs={"args": list(arguments), "kwargs": {}},
    )
    if not waiting.exists():
        wanted.enqueue(*arguments)


def _slow_due(now: datetime) -> bool:
    names = [channel.name for channel in channels() if channel.slow]
    return bool(names) and due(now).filter(channel__in=names).exists()
