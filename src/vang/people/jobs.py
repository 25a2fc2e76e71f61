"""What the worker does for accounts."""

from django_tasks import task

from vang.base import clock
from vang.people.services.resetting import send_new_password


@task(queue_name="letters")
def ask_for_new_password(given: str) -> None:
    """Look up who is meant only here: the page answers as fast for a stranger as for anybody."""
    send_new_password(given=given, now=clock.now())
