"""Naming an address, taking it away, trying it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.outside import target_of
from vang.base.refusals import Refusal
from vang.channels.webhook import signing
from vang.channels.webhook.channel import reason_of, send
from vang.channels.webhook.models import Hook
from vang.channels.webhook.payload import ping
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.access import Role, may
from vang.people.models import Person

MOST_HOOKS = 10


def add_hook(*, unit: Unit, url: str, by: Person, now: datetime) -> Hook:
    """A further address with a secret of its own. Raises Refusal."""
    _require_administrator(by, unit, now)
    target = target_of(url.strip(), settings.WEBHOOKS_INSIDE)
    known = Hook.objects.filter(unit=unit, ended_at=None)
    if known.filter(url=target.url).exists():
        raise Refusal("hook-known", _KNOWN)
    if known.count() >= MOST_HOOKS:
        raise Refusal("too-many-hooks", _TOO_MANY)
    with transaction.atomic():
        hook = Hook.objects.create(
            unit=unit,
            url=target.url,
            secret=signing.new_secret(),
            created_by=by,
            created_at=now,
        )
        record("add-webhook", f"hook:{hook.pk}", by=by, unit=unit, now=now, host=target.host)
    return hook


def end_hook(*, hook: Hook, by: Person, now: datetime) -> None:
    """Nothing more is sent there. Raises Refusal."""
    _require_administrator(by, hook.unit, now)
    with transaction.atomic():
        if Hook.objects.filter(pk=hook.pk, ended_at=None).update(ended_at=now):
            record("end-webhook", f"hook:{hook.pk}", by=by, unit=hook.unit, now=now)


def try_hook(*, hook: Hook, by: Person, now: datetime) -> None:
    """Send a trial message. Raises Refusal with the reason when it is not taken."""
    _require_administrator(by, hook.unit, now)
    answer = send(hook, f"ping_{hook.pk}_{int(now.timestamp())}", ping(), now)
    if not answer.taken:
        raise Refusal("not-taken", reason_of(answer))


def _require_administrator(by: Person, unit: Unit, now: datetime) -> None:
    if not may(by, Role.ADMINISTRATOR, unit, local_date(now)):
        raise Refusal("not-allowed", _ADMINISTRATOR_ONLY)


_ADMINISTRATOR_ONLY = _("Only an administrator of this commune may change this.")
_KNOWN = _("This address is in the list already.")
_TOO_MANY = _("Ten addresses are enough. Take one away first.")
