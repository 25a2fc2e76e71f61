"""Telling many units, done by the worker."""

from datetime import datetime

from django_tasks import task

from vang.guidance.models import Guidance


@task()
def tell_of_issue(guidance_pk: int, at: str) -> None:
    """Every unit that the note goes to."""
    from vang.guidance.notices import told_of_issue  # noqa: PLC0415 - notices enqueue these jobs

    told_of_issue(_note(guidance_pk), now=datetime.fromisoformat(at))


@task()
def remind_unread(guidance_pk: int, at: str) -> None:
    """Every unit in which nobody has read it."""
    from vang.guidance.notices import reminded  # noqa: PLC0415

    reminded(_note(guidance_pk), now=datetime.fromisoformat(at))


def _note(pk: int) -> Guidance:
    return Guidance.objects.select_related("unit").get(pk=pk)
