"""Guessing from many addresses, or through many names.

django-axes closes one account at one address after five wrong passwords. Here the wrong passwords
of the last quarter of an hour are added up by account and by address, from its own rows and by its
own clock. A browser in which this very person signed in before is no stranger: nobody can lock
people out of their office by guessing.
"""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils import timezone

from vang.people.models import Device
from vang.people.tokens import token_hash

OF_AN_ACCOUNT = 30
"""Wrong passwords for one account, wherever they come from."""
FROM_AN_ADDRESS = 100
"""Wrong passwords from one address, whoever is named: an office shares one."""


def guessed_too_often(*, username: str, device: str, address: str | None) -> bool:
    """Whether no password is looked at now. ``device`` is the secret of the device's cookie."""
    if Device.objects.filter(person__username=username, sha256=token_hash(device)).exists():
        return False
    since = timezone.now() - timedelta(hours=float(settings.AXES_COOLOFF_TIME))
    lately = AccessAttempt.objects.filter(attempt_time__gt=since)
    return (
        _failures(lately.filter(username=username)) >= OF_AN_ACCOUNT
        or _failures(lately.filter(ip_address=address)) >= FROM_AN_ADDRESS
    )


def _failures(rows: QuerySet[AccessAttempt]) -> int:
    return rows.aggregate(found=Sum("failures_since_start"))["found"] or 0
