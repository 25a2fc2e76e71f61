"""Other systems, told by a signed POST."""

from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vang.base.exchange import Answer
from vang.base.outside import target_of
from vang.base.refusals import Refusal
from vang.bulletins.models import Delivery
from vang.channels.channel import LOOKS, Channel, Done, NotDelivered, Outcome, Status
from vang.channels.webhook import signing
from vang.channels.webhook.models import Hook, Posting
from vang.channels.webhook.payload import payload
from vang.channels.webhook.sending import post
from vang.orgs.models import Unit

PROBLEMS: dict[str, str | Promise] = {
    "inside": gettext_lazy("the address leads inside the server's own network"),
    "timeout": gettext_lazy("no answer in time"),
    "unreachable": gettext_lazy("the server cannot be reached"),
    "redirect": gettext_lazy("the server answers with another address, which is not followed"),
}


class Webhook(Channel):
    """Báo cho hệ thống khác: a province's source system, an app, a board."""

    name = "webhook"
    label = gettext_lazy("Other systems (webhook)")
    about = gettext_lazy(
        "Each release, correction and withdrawal is sent to the addresses you name, signed."
    )
    icon = "link"
    order = 50
    slow = True
    settings_view = "webhook:hooks"

    def deliver(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """To every address of the unit. One that took it is not told again."""
        problems = [
            _told(hook, posting, now)
            for hook in hooks_of(delivery.edition.unit)
            if not (posting := _posting(hook, delivery, now)).taken_at
        ]
        refused = [problem for problem in problems if problem]
        if refused:
            raise NotDelivered("; ".join(refused))
        return Done()

    def correct(self, delivery: Delivery, *, now: datetime) -> Outcome:
        return self.deliver(delivery, now=now)

    def withdraw(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """Only those who were told of it need to know."""
        told = Posting.objects.filter(delivery=delivery, taken_at__isnull=False)
        if not told.exclude(act=Delivery.Act.WITHDRAW).exists():
            return Done()
        return self.deliver(delivery, now=now)

    def status(self, delivery: Delivery) -> Status:
        look = LOOKS[Delivery.State(delivery.state)]
        taken = Posting.objects.filter(delivery=delivery, act=delivery.act, taken_at__isnull=False)
        words = _("Taken by %(n)d addresses.") % {"n": taken.count()}
        return Status(look, f"{words} {delivery.detail}".strip())

    def missing(self, unit: Unit) -> str | Promise:
        return "" if hooks_of(unit) else gettext_lazy("Name an address first.")


def hooks_of(unit: Unit) -> list[Hook]:
    """The addresses in use."""
    return list(Hook.objects.filter(unit=unit, ended_at=None))


def _posting(hook: Hook, delivery: Delivery, now: datetime) -> Posting:
    posting, _made = Posting.objects.get_or_create(
        hook=hook, delivery=delivery, act=delivery.act, defaults={"changed_at": now}
    )
    return posting


def _told(hook: Hook, posting: Posting, now: datetime) -> str:
    """Send it; "" when it was taken, else the reason in words."""
    body = payload(posting.delivery.edition, posting.act)
    answer = send(hook, f"msg_{posting.pk}_{posting.act.lower()}", body, now)
    reason = "" if answer.taken else reason_of(answer)
    posting.taken_at = now if answer.taken else None
    posting.detail = reason[:200]
    posting.changed_at = now
    posting.save(update_fields=["taken_at", "detail", "changed_at"])
    return f"{_shown(hook)}: {reason}" if reason else ""


def send(hook: Hook, message_id: str, body: bytes, now: datetime) -> Answer:
    """One signed message to one address."""
    try:
        target = target_of(hook.url, settings.WEBHOOKS_INSIDE)
    except Refusal:
        return Answer(0, "inside")
    headers = signing.headers(hook.secret, message_id, int(now.timestamp()), body)
    return post(target, headers, body)


def reason_of(answer: Answer) -> str:
    """Why it was not taken."""
    if 300 <= answer.status < 400:
        return str(PROBLEMS["redirect"])
    if answer.status:
        return _("the server answered %(status)d") % {"status": answer.status}
    return str(PROBLEMS[answer.problem])


def _shown(hook: Hook) -> str:
    """Host and port: what follows may hold a token."""
    return hook.url.partition("://")[2].partition("/")[0]
