"""Telling many units, done by the worker."""

from datetime import datetime

from django_tasks import task

from vang.documents.models import Campaign


@task()
def tell_of_campaign(campaign_pk: int, at: str) -> None:
    """Every unit that it reaches."""
    from vang.documents.notices import told_of_campaign  # noqa: PLC0415 - they enqueue these jobs

    told_of_campaign(_campaign(campaign_pk), now=datetime.fromisoformat(at))


@task()
def remind(campaign_pk: int, at: str) -> None:
    """Every unit in which nobody has confirmed."""
    from vang.documents.notices import reminded  # noqa: PLC0415

    reminded(_campaign(campaign_pk), now=datetime.fromisoformat(at))


def _campaign(pk: int) -> Campaign:
    return Campaign.objects.select_related("document", "unit").get(pk=pk)
