"""The unit's public pages as a channel."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Delivery
from vang.channels.channel import LOOKS, Channel, Done, NotDelivered, Outcome, Status
from vang.channels.jobs import enqueue_once
from vang.channels.portal import freshness, jobs, services
from vang.channels.portal.addresses import edition_url
from vang.channels.portal.assets import FileDamaged, FileLost
from vang.channels.portal.queries import PORTAL
from vang.orgs.models import Unit

_NO_ROOM = 28  # errno.ENOSPC


class Portal(Channel):
    """Trang thông tin: files that any web server hands out."""

    name = PORTAL
    label = _("Public page")
    about = _("Text and sound on the commune's own page, to read, hear again and share.")
    icon = "world"
    order = 20
    on_at_first = True
    settings_view = "portal-settings:profile"

    def deliver(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """Pages and all that leads to them are written once for all deliveries of a turn."""
        del delivery, now
        return Done()

    correct = withdraw = deliver

    def settle(self, unit: Unit, deliveries: Sequence[Delivery], *, now: datetime) -> None:
        """The pages of what was corrected and withdrawn say so."""
        with _told():
            wanting = services.write_notices(unit, [one.edition_id for one in deliveries], now=now)
        freshness.above_changed(unit, now)
        if wanting.index:
            enqueue_once(jobs.freeze_site_search, unit.pk)
        if wanting.sounds:
            enqueue_once(jobs.make_site_sounds, unit.pk)

    def status(self, delivery: Delivery) -> Status:
        look = LOOKS[Delivery.State(delivery.state)]
        if delivery.delivered_at is None:
            return Status(look, delivery.detail)
        return Status(look, delivery.detail, _("Open the page"), edition_url(delivery.edition))

    def tidy(self, *, now: datetime) -> None:  # noqa: ARG002 - what is missing is missing now
        freshness.open_missing_sites()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, FileLost, FileDamaged) as error:
        raise NotDelivered(_reason(error)) from error


def _reason(error: Exception) -> str | Promise:
    if isinstance(error, FileDamaged):
        return _("A stored sound, picture or document is not the approved one.")
    if isinstance(error, FileLost):
        return _("An approved sound, picture or document is missing from the store.")
    if isinstance(error, OSError) and error.errno == _NO_ROOM:
        return _("There is no room left on the disk.")
    return _("The page could not be written to the disk.")
