"""What hinders warnings from leaving as CAP: one that was refused, a certificate that ends soon."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vang.alerts.models import Alert
from vang.alerts.remarks import Remark
from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.base.refusals import Refusal
from vang.cap.findings import NotAccepted
from vang.cap.signing import signer_in
from vang.channels.feed.models import CapRefusal
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.people.access import DECIDE, Role
from vang.people.due import Desk, Task, brings

SOON = timedelta(days=30)
REFUSED = "cap-refused"
_TOLD = (*DECIDE, Role.ADMINISTRATOR)
KINDS = (
    Kind(
        REFUSED,
        gettext_lazy("a warning did not leave for other systems"),
        "rss",
        Mail.AT_ONCE,
        frozenset(role.value for role in _TOLD),
        "bad",
    ),
)


def keep_refusal(alert: Alert, refusal: Refusal, now: datetime) -> None:
    """For its page; people are told once for each reason."""
    about = refusal.about if isinstance(refusal, NotAccepted) else ""
    CapRefusal.objects.update_or_create(
        alert=alert, defaults={"code": refusal.code[:40], "about": about[:200], "at": now}
    )
    for role in _TOLD:
        notify(
            kind=REFUSED,
            to=Holders(role, alert.unit),
            unit=alert.unit,
            subject=f"alert:{alert.pk}",
            title=format_lazy(
                gettext_lazy("Not published for other systems: {place}"),
                place=alert.version.area_words,
            ),
            text=format_lazy("{why} {todo}", why=refusal.message, todo=_todo(refusal.code)),
            url=reverse("alerts:alert", args=[alert.pk]),
            now=now,
            once=f"cap-refused:{alert.pk}:{refusal.code}",
        )


def remarks(alert: Alert, now: datetime) -> Iterator[Remark]:
    """For the registry of alerts.remarks."""
    del now
    refusal = CapRefusal.objects.filter(alert=alert).first()
    if refusal is not None:
        yield Remark(
            title=_("Not published for other systems (CAP)"),
            text=_("%(why)s The loudspeakers and the public page are not concerned.")
            % {"why": f"{refusal.words}{f' ({refusal.about})' if refusal.about else ''}"},
            todo=str(_todo(refusal.code)),
            url=reverse("feed:publish", args=[alert.pk]),
            action=_("Publish again"),
        )


def _todo(code: str) -> str | Promise:
    if code in {"certificate-expired", "keys-broken", "not-signed"}:
        return _KEYS
    return _WORDS


_KEYS = gettext_lazy(
    "Whoever looks after the server puts cap-key.pem and cap-certificate.pem of the data folder "
    "aside, makes new ones with “vang cap keys --name OFFICE”, and gives the new certificate to "
    "those who read the warnings; then press “Publish again”."
)
_WORDS = gettext_lazy(
    "Send an update with the matter mended, or tell the systems and offices that read it by "
    "telephone."
)


# the certificate, on the first page of who administers everything here


def _certificate(desk: Desk) -> Iterator[Task]:
    """One line from a month before it ends; it is the installation's, so only at the top."""
    if desk.unit.parent_id is not None:
        return
    try:
        signer = signer_in(settings.DATA)
    except Refusal as refusal:
        yield _task(10, "bad", str(refusal), "broken")
        return
    if signer is None:
        return
    ends = signer.certificate.not_valid_after_utc
    if desk.now > ends:
        words = _("The certificate for signing warnings ended on %(date)s")
        yield _task(10, "bad", words % {"date": vi_date(local_date(ends))}, "over")
    elif desk.now > ends - SOON:
        words = _("The certificate for signing warnings ends on %(date)s")
        yield _task(30, "warn", words % {"date": vi_date(local_date(ends))}, "soon")


def _task(harm: int, tone: str, title: str, key: str) -> Task:
    return Task(
        harm=harm,
        tone=tone,
        icon="rss",
        title=title,
        text=f"{_NOTHING_LEAVES} {_KEYS}" if tone == "bad" else str(_KEYS),
        url=reverse("alerts:list"),
        action=_("See the alerts"),
        key=f"cap-certificate:{key}",
    )


_NOTHING_LEAVES = gettext_lazy("No warning leaves for other systems until there is a new one.")


def register() -> None:
    """Called when the process starts."""
    brings("feed.certificate", (Role.ADMINISTRATOR,), _certificate)
