"""Letters to residents who asked for them."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vang.base.rewriting import rewrite
from vang.bulletins.models import Delivery
from vang.channels.channel import LOOKS, Channel, Done, NotDelivered, Outcome, Status, Waiting
from vang.channels.mailing.letters import EDITION, NAME
from vang.channels.mailing.models import Addressed, Subscriber
from vang.channels.mailing.services import forget_unconfirmed
from vang.letters.jobs import ask_to_deliver
from vang.letters.models import Letter
from vang.letters.services import letters_leave
from vang.orgs.models import Unit

_LOOK_AGAIN = timedelta(seconds=30)
_A_TURN = 500
Act, State = Delivery.Act, Letter.State
_OPEN = {State.WAITING, State.SENDING}


class Mailing(Channel):
    """Thư điện tử: residents subscribe on the page, confirm, and leave with one click."""

    name = NAME
    label = gettext_lazy("E-mail to residents")
    about = gettext_lazy("Residents subscribe on the public page and confirm their address.")
    icon = "mail"
    order = 40
    slow = True
    settings_view = "mailing:list"

    def deliver(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """A letter to each who was on the list when it was released."""
        since = delivery.edition.released_at
        on_list = Subscriber.objects.filter(unit=delivery.edition.unit_id, confirmed_at__lte=since)
        return _posted(delivery, on_list, now)

    def correct(self, delivery: Delivery, *, now: datetime) -> Outcome:
        return self.deliver(delivery, now=now)

    def withdraw(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """A letter to each who was written to; letters that have not left do not leave."""
        if hasattr(delivery.edition, "corrected_by"):
            return Done()  # they were told of the correction, and hear of its withdrawal
        told = Addressed.objects.filter(
            delivery=delivery, subscriber=OuterRef("pk"), letter__state=State.SENT
        )
        reached = Subscriber.objects.filter(Exists(told.exclude(act=Act.WITHDRAW)))
        return _posted(delivery, reached, now)

    def status(self, delivery: Delivery) -> Status:
        look = LOOKS[Delivery.State(delivery.state)]
        counts = _counts(delivery)
        return Status(look, _told(counts) if counts else delivery.detail)

    def missing(self, unit: Unit) -> str | Promise:  # noqa: ARG002 - the whole installation
        return "" if letters_leave() else _NO_SERVER

    def tidy(self, *, now: datetime) -> None:
        forget_unconfirmed(now=now)


def _posted(delivery: Delivery, subscribers: QuerySet[Subscriber], now: datetime) -> Outcome:
    """Put what is missing into the outbox; done when nothing waits there any more."""
    if not letters_leave():
        raise NotDelivered(_NO_SERVER)
    known = Addressed.objects.filter(delivery=delivery, act=delivery.act, subscriber=OuterRef("pk"))
    missing = list(subscribers.filter(~Exists(known)).order_by("pk")[:_A_TURN])
    _address(delivery, missing, now)
    counts = _counts(delivery)
    if len(missing) == _A_TURN or any(counts[state] for state in _OPEN):
        return Waiting(_told(counts), now + _LOOK_AGAIN)
    if counts[State.FAILED] and not counts[State.SENT]:
        raise NotDelivered(_told(counts), final=True)
    return Done(_told(counts))


@transaction.atomic
def _address(delivery: Delivery, subscribers: list[Subscriber], now: datetime) -> None:
    """Each gets one letter for this act, whoever else tries at the same moment."""
    rows = Addressed.objects.bulk_create(
        Addressed(delivery=delivery, act=delivery.act, subscriber=one) for one in subscribers
    )
    letters = Letter.objects.bulk_create(
        Letter(
            kind=EDITION,
            address=row.subscriber.address,
            unit_id=delivery.edition.unit_id,
            reference=str(row.pk),
            once=f"mailing:{row.pk}",
            created_at=now,
            due_at=now,
            changed_at=now,
        )
        for row in rows
    )
    for row, letter in zip(rows, letters, strict=True):
        row.letter = letter
    rewrite(rows, ["letter"])
    if rows:
        transaction.on_commit(ask_to_deliver)


def _counts(delivery: Delivery) -> Counter[str]:
    """How many letters of this act stand in which state."""
    mine = Addressed.objects.filter(delivery=delivery, act=delivery.act, letter__isnull=False)
    return Counter(mine.order_by().values_list("letter__state", flat=True))


def _told(counts: Counter[str]) -> str:
    words = _("%(sent)d of %(all)d letters sent") % {
        "sent": counts[State.SENT],
        "all": counts.total() - counts[State.DROPPED],
    }
    if counts[State.FAILED]:
        words += _(", %(failed)d refused") % {"failed": counts[State.FAILED]}
    return words + "."


_NO_SERVER = gettext_lazy("No mail server is configured; the technician sets it up.")
