"""The loudspeakers. Airtime places, dispatch signs, nodes play, evidence proves: this tells of it.

The edition's delivery is settled by ``vang.evidence.deliveries``: done once a whole play is
proved. A correction has taken the places of the earlier edition in the very transaction that
released it (``vang.airtime.services.replacing``).
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vang.airtime.access import PLACERS
from vang.base.refusals import Refusal
from vang.bulletins.models import Delivery, Edition
from vang.channels.channel import LOOKS, Channel, Done, NotDelivered, Outcome, Status, Waiting
from vang.dispatch.models import PlannedItem
from vang.dispatch.services import publish_plan
from vang.evidence.deliveries import NOT_PROVED, SPEAKER, settle_deliveries
from vang.evidence.models import AsRun
from vang.evidence.queries import counted


class Speaker(Channel):
    """Đài truyền thanh: what villagers hear."""

    name = SPEAKER
    label = gettext_lazy("Loudspeakers")
    about = gettext_lazy("Played by the village loudspeakers at the times you choose.")
    icon = "speakerphone"
    order = 10
    on_at_first = True
    retries = False
    is_read = False

    def deliver(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """Nothing to send: whoever places it on the air sends it."""
        return self._as_proved(delivery, now)

    def correct(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """The earlier edition must have left the plan that the nodes hold."""
        if delivery.edition.corrects is not None:
            _require_silence(delivery.edition.corrects, now)
        return self._as_proved(delivery, now)

    def withdraw(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """Done when no signed plan orders it any more."""
        _require_silence(delivery.edition, now)
        return Done()

    def status(self, delivery: Delivery) -> Status:
        look = LOOKS[Delivery.State(delivery.state)]
        rows = AsRun.objects.filter(planned__edition=delivery.edition_id).order_by()
        plays = counted(rows.values_list("state", "reason"))
        place = reverse("airtime:place", args=[delivery.edition.bulletin_id])
        if delivery.act != Delivery.Act.WITHDRAW and not plays.planned:
            words = _("It has no place on the air yet.")
            return Status(look, words, _("Choose the time"), place, PLACERS)
        words = _("%(proved)d of %(planned)d plays proved.") % {
            "proved": plays.proved,
            "planned": plays.planned,
        }
        if delivery.detail == NOT_PROVED:
            return Status(look, words, _("Broadcast it again"), place, PLACERS)
        return Status(look, words if plays.planned else delivery.detail)

    def _as_proved(self, delivery: Delivery, now: datetime) -> Outcome:
        """What evidence knows already: its row may have been written before the claim."""
        settle_deliveries([delivery.edition_id], now=now)
        proved = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.DONE).exists()
        return Done() if proved else Waiting()


def _require_silence(edition: Edition, now: datetime) -> None:
    """Raises NotDelivered while a plan still orders the edition."""
    if not _ordered(edition, now):
        return
    try:
        publish_plan(edition.unit, now=now)
    except Refusal as refusal:
        raise NotDelivered(str(refusal)) from refusal
    if _ordered(edition, now):
        raise NotDelivered(_("The loudspeakers' plan still contains it."))


def _ordered(edition: Edition, now: datetime) -> bool:
    longest = timedelta(milliseconds=edition.duration_ms)
    return _coming(edition, now - longest).exists()


def _coming(edition: Edition, since: datetime) -> QuerySet[PlannedItem]:
    return PlannedItem.objects.filter(edition=edition, withdrawn_at=None, start__gt=since)
