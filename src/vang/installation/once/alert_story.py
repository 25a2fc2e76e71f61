"""An writes an exercise, Bình and Hạnh sign it, the loudspeakers obey and answer."""

from collections.abc import Callable
from dataclasses import dataclass

from vang.alerts import services
from vang.alerts.areas import typed_name
from vang.alerts.models import Alert, AlertOrder
from vang.alerts.services import Proof
from vang.base.clock import Clock
from vang.dispatch.models import CommandDelivery
from vang.installation.once.alert_file import Wanted
from vang.installation.once.story import DidNotHappen, Wait
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node
from vang.voice.models import Rendition

_LINK_TEST_S = 30.0
_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Sounded:
    """What was ordered, and how far it came on each loudspeaker."""

    alert: Alert
    order: AlertOrder
    deliveries: list[CommandDelivery]


def tell_alert(
    unit: Unit, wanted: Wanted, *, clock: Clock, wait: Wait, say: Callable[[str], None]
) -> Sounded:
    """From the file to the last receipt. Raises Refusal, DidNotHappen."""
    writer, *signers = (Person.objects.get(username=name) for name in ("an", "binh", "hanh"))
    wait("every node's silent link test", lambda: _all_tested(unit), _LINK_TEST_S)
    alert = services.create_alert(
        unit=unit, contents=wanted.contents, by=writer, now=clock.now(), status=wanted.status
    )
    say(f"{writer.full_name} writes “{wanted.contents.words[0].headline}” ({wanted.status})")
    services.submit_alert(alert=alert, by=writer, now=clock.now())
    _wait_for_sounds(alert, wait)
    for signer in signers:
        order = _sign(alert, signer, clock)
        say(f"{signer.full_name} types the area's name and signs {order.sha256[:16]}")
    order.refresh_from_db()
    wait("every node to answer to the end", lambda: _over(order), _longest_s(order))
    return Sounded(alert, order, _deliveries(order))


def _all_tested(unit: Unit) -> bool:
    """The demonstration has a device that is broken, in another commune."""
    return not Node.objects.filter(cluster__unit=unit, retired_at=None, tested_at=None).exists()


def _wait_for_sounds(alert: Alert, wait: Wait) -> None:
    sounds = Rendition.objects.filter(alert_texts__version__alert=alert)
    wait("the sounds to be made", lambda: not sounds.exclude(state__in=("READY", "FAILED")), 120.0)
    if failed := sounds.filter(state="FAILED").first():
        raise DidNotHappen(f"a sound could not be made: {failed.failure} {failed.failed_sentence}")


def _sign(alert: Alert, signer: Person, clock: Clock) -> AlertOrder:
    order = services.open_order(alert=alert, by=signer, now=clock.now())
    name = typed_name(alert.unit, order.version.area_words)
    return services.sign(order=order, proof=Proof(), typed=name, by=signer, now=clock.now())


def _longest_s(order: AlertOrder) -> float:
    return (order.expires_at - order.issued_at).total_seconds() + _PATIENCE_S


def _deliveries(order: AlertOrder) -> list[CommandDelivery]:
    found = CommandDelivery.objects.filter(command=order.command)
    return list(found.select_related("node__cluster__unit").order_by("node__cluster__code"))


def _over(order: AlertOrder) -> bool:
    return all(one.next_at is None for one in _deliveries(order))
