"""What an emergency asks of people, for the first page (vang.people.due).

Every answer is a number in the one query that asks for everything, so that this costs nothing on
the page that everybody opens first.
"""

from collections.abc import Callable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vang.alerts.access import SEE, WRITERS
from vang.alerts.models import Alert, AlertVersion, MsgType
from vang.alerts.queries import DRILL_EVERY, DRILL_LATE, drills
from vang.alerts.states import STANDING, State
from vang.base.counting import Counted
from vang.people.access import DECIDE
from vang.people.due import Desk, Task, asks, brings
from vang.stations.models import Node

_STANDING, _ASKED, _REVIEWS, _RETURNED, _LATE = (
    "alerts_standing",
    "alerts_asked",
    "alerts_reviews",
    "alerts_returned",
    "alerts_drill_late",
)
_MOST = 50


def _here(desk: Desk) -> QuerySet[Alert]:
    return Alert.objects.filter(unit=desk.unit).exclude(msg_type=MsgType.CANCEL)


def _counted(found: Callable[[Desk], QuerySet[Alert]]) -> Callable[[Desk], Counted]:
    return lambda desk: Counted(found(desk).order_by().values("pk")[:_MOST])


def _standing(desk: Desk) -> QuerySet[Alert]:
    return _here(desk).filter(state__in=STANDING, expires_at__gt=desk.now)


def _asked(desk: Desk) -> QuerySet[Alert]:
    """Those that wait for this person's signature: whoever had a hand in one does not sign it."""
    edited = AlertVersion.objects.filter(alert=OuterRef("pk"), made_by=desk.person)
    mine = Q(created_by=desk.person) | Q(submitted_by=desk.person) | Q(Exists(edited))
    return _here(desk).filter(state__in=(State.SUBMITTED, State.APPROVED_ONCE)).exclude(mine)


def _reviews(desk: Desk) -> QuerySet[Alert]:
    return _here(desk).filter(alone=True, reviewed_at=None).exclude(created_by=desk.person)


def _returned(desk: Desk) -> QuerySet[Alert]:
    return _here(desk).filter(state=State.RETURNED, created_by=desk.person)


def _alerts(desk: Desk) -> Iterator[Task]:
    """The worst first: what sounds, what waits for a signature, what must be reviewed."""
    count = desk.found.get
    if n := count(_STANDING, 0):
        words = ngettext(
            "%(n)s emergency alert is in force", "%(n)s emergency alerts are in force", n
        )
        yield _task(0, words % {"n": n}, _("See which loudspeakers sound."), _("Watch"))
    if n := count(_ASKED, 0):
        words = ngettext(
            "%(n)s emergency alert waits for my signature",
            "%(n)s emergency alerts wait for my signature",
            n,
        )
        yield _task(1, words % {"n": n}, _("Two people must sign."), _("Read and sign"))
    if n := count(_REVIEWS, 0):
        words = ngettext(
            "%(n)s emergency alert sent by one officer alone",
            "%(n)s emergency alerts sent by one officer alone",
            n,
        )
        text = _("To be reviewed within 24 hours.")
        yield _task(2, words % {"n": n}, text, _("Review it"), "?view=sent")
    if n := count(_RETURNED, 0):
        words = ngettext(
            "%(n)s emergency alert was returned", "%(n)s emergency alerts were returned", n
        )
        yield _task(3, words % {"n": n}, _("Read why, and mend it."), _("Mend it"))


_ICONS = ("broadcast", "urgent", "alert-triangle", "arrow-back-up")


def _task(harm: int, title: str, text: str, action: str, query: str = "") -> Task:
    return Task(
        harm=harm,
        tone="bad",
        icon=_ICONS[harm],
        title=title,
        text=text,
        url=reverse("alerts:list") + query,
        action=action,
        key=f"alerts:{title}",
    )


def _unproved(desk: Desk) -> Exists:
    """There are loudspeakers, and nobody has drilled with them for a month."""
    recent = Alert.objects.filter(drills(), unit=desk.unit, sent_at__gt=desk.now - DRILL_EVERY)
    serving = Node.objects.filter(cluster__unit=OuterRef("pk"), retired_at=None)
    return Exists(serving.filter(~Exists(recent)))


def _late(desk: Desk) -> Exists:
    """Not even in the last six weeks."""
    recent = Alert.objects.filter(drills(), unit=desk.unit, sent_at__gt=desk.now - DRILL_LATE)
    return Exists(Node.objects.filter(cluster__unit=desk.unit).filter(~Exists(recent)))


def _drill(desk: Desk) -> Iterator[Task]:
    """One line while the month's drill is missing."""
    if not desk.heard:
        return
    late = bool(desk.found[_LATE])
    yield Task(
        harm=24 if late else 40,
        tone="warn",
        icon="bell-ringing",
        title=_("The monthly emergency drill is overdue") if late else _("Monthly emergency drill"),
        text=_("Nobody has sent a test or an exercise to the loudspeakers for a month."),
        url=reverse("alerts:list"),
        action=_("Hold the drill"),
        key=f"alert-drill:{'late' if late else 'due'}",
    )


def register() -> None:
    """Called when the process starts."""
    brings("alerts", SEE, _alerts)
    brings("alerts.drill", WRITERS, _drill, if_any=_unproved)
    asks(_STANDING, SEE, _counted(_standing))
    asks(_ASKED, DECIDE, _counted(_asked))
    asks(_REVIEWS, DECIDE, _counted(_reviews))
    asks(_RETURNED, WRITERS, _counted(_returned))
    asks(_LATE, WRITERS, _late)
