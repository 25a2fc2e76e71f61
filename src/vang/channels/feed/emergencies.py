"""Emergencies as CAP 1.2 beside a unit's pages: a file each, and feeds of what is in force.

A message is made once, from then on only its bytes are handed out. One that cannot be signed
although a certificate is configured, or that our own rules refuse, is not published: the log, its
page and a notice say so, and it is tried again whenever the pages are written.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from vang.alerts.cap import message_of
from vang.alerts.models import Alert
from vang.alerts.queries import with_words
from vang.base.refusals import Refusal
from vang.cap.feeds import ATOM, FOLDER, RSS, Imprint, Published, feed_files
from vang.cap.reading import read
from vang.cap.signing import publishable, signer_in
from vang.channels.feed.models import CapMessage, CapRefusal
from vang.channels.feed.standing import keep_refusal
from vang.channels.portal.facts import Facts
from vang.channels.portal.files import Files
from vang.orgs.models import Unit

log = logging.getLogger(__name__)
KEPT = timedelta(days=30)


def warning_files(root: Path, facts: Facts, now: datetime) -> Files:
    """For the registry of portal.extras. Nothing is asked where nothing was ever warned of."""
    unit = facts.unit
    standing = any(alert.unit_id == unit.pk for alert in facts.alerts)
    if not standing and not _warned_before(root):
        if (root / ATOM).exists():
            return []
        published: list[Published] = []
    else:
        published = published_of(unit, now)
    with translation.override("vi"):
        title = _("Warnings of %(place)s") % {"place": facts.place}
    imprint = Imprint(title, facts.responsible, facts.address)
    return [(root / path, content) for path, content in feed_files(published, imprint, now)]


def _warned_before(root: Path) -> bool:
    feeds = {Path(ATOM).name, Path(RSS).name}
    folder = root / FOLDER
    return folder.is_dir() and any(one.name not in feeds for one in folder.glob("*.xml"))


def published_of(unit: Unit, now: datetime) -> list[Published]:
    """What the unit itself sent within the last month, each made when it is first asked for."""
    sent = Alert.objects.filter(unit=unit, sent_at__gt=now - KEPT)
    found = []
    for alert in with_words(sent).select_related("cap_message").order_by("sent_at", "pk"):
        kept = getattr(alert, "cap_message", None) or _made(alert, now)
        if kept is not None:
            content = bytes(kept.content)
            found.append(Published(read(content, now=now).alert, content))
    return found


def published_again(alert: Alert, now: datetime) -> bool:
    """Whether the message of one that was sent is there, made now if it was not."""
    if alert.sent_at is None:
        return False
    found = with_words(Alert.objects.filter(pk=alert.pk)).select_related("cap_message").get()
    return (getattr(found, "cap_message", None) or _made(found, now)) is not None


def _made(alert: Alert, now: datetime) -> CapMessage | None:
    try:
        content = publishable(message_of(alert), signer_in(settings.DATA), now=now)
    except Refusal as refusal:
        log.error("%s is not published as CAP: %s", alert.identifier, refusal.code)  # noqa: TRY400
        keep_refusal(alert, refusal, now)
        return None
    CapRefusal.objects.filter(alert=alert).delete()
    sha256 = hashlib.sha256(content).hexdigest()
    kept, _made_now = CapMessage.objects.get_or_create(
        alert=alert, defaults={"content": content, "sha256": sha256, "made_at": now}
    )
    return kept
