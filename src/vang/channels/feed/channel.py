"""RSS, Atom, JSON Feed and the podcast, as a channel."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Delivery
from vang.channels.channel import Channel, Done, NotDelivered, Outcome
from vang.channels.feed.writing import NAME, feed_files
from vang.channels.portal import services
from vang.channels.portal.facts import imprints_of
from vang.channels.portal.files import write_together
from vang.channels.queries import names_on
from vang.orgs.models import Unit


class Feed(Channel):
    """Nguồn tin: for news readers, podcast programs and other pages."""

    name = NAME
    label = _("Feeds and podcast")
    about = _("RSS, Atom, JSON Feed and a podcast beside the public page.")
    icon = "rss"
    order = 30
    on_at_first = True

    def deliver(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """The feeds are written whole, once for all deliveries of a turn."""
        del delivery, now
        return Done()

    correct = withdraw = deliver

    def settle(self, unit: Unit, deliveries: Sequence[Delivery], *, now: datetime) -> None:
        root = services.portal_folder(unit)
        fresh = {one.edition_id for one in deliveries}
        try:
            with services.alone(root):
                # Also when it is off by now: a correction must not leave the wrong text there.
                imprint = imprints_of([unit], now)[unit.pk]
                write_together(feed_files(root, imprint, now, fresh))
        except OSError as error:
            raise NotDelivered(_("The feeds could not be written to the disk.")) from error

    def missing(self, unit: Unit) -> str | Promise:
        """They lead to the public page."""
        return "" if "portal" in names_on(unit) else _("Turn on the public page first.")
