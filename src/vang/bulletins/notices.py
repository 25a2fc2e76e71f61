"""Telling writers and approvers how their bulletins stand."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Bulletin, Remark, Version
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify, settle
from vang.people.models import Person
from vang.people.roles import Role
from vang.review.verbs import APPROVE, RETURN, SUBMIT, Verb

WAITS = "bulletin-waits"
RETURNED = "bulletin-returned"
APPROVED = "bulletin-approved"
REMARK = "bulletin-remark"
TAKEN_OVER = "bulletin-taken-over"
_APPROVERS = frozenset({Role.APPROVER.value, Role.LEADER.value})
_WRITERS = frozenset({Role.WRITER.value})

KINDS = (
    Kind(WAITS, _("a bulletin waits for my approval"), "hourglass", Mail.AT_ONCE, _APPROVERS,
         "warn"),
    Kind(RETURNED, _("my bulletin was returned"), "arrow-back-up", Mail.AT_ONCE, _WRITERS, "warn"),
    Kind(APPROVED, _("my bulletin was approved"), "rosette-discount-check", Mail.DAILY, _WRITERS,
         "ok"),
    Kind(REMARK, _("somebody says something about a passage"), "message", Mail.DAILY,
         _APPROVERS | _WRITERS),
    Kind(TAKEN_OVER, _("somebody goes on with what I was editing"), "pencil", Mail.NEVER,
         _WRITERS, "warn"),
)  # fmt: skip


def tell_of_step(
    verb: Verb, bulletin: Bulletin, *, by: Person, now: datetime, comment: str = ""
) -> None:
    """After a step of the review: whoever must act now, or waits for the outcome, is told."""
    if verb == SUBMIT:
        _tell_approvers(bulletin, by, now)
        return
    settle(subject=subject_of(bulletin), kinds=[WAITS, RETURNED], now=now)
    if verb == RETURN:
        title = format_lazy(_("Returned to you: {title}"), title=_title(bulletin))
        said = format_lazy("{}: “{}”", str(by), comment)
        _tell_authors(RETURNED, bulletin, title=title, text=said, by=by, now=now)
    elif verb == APPROVE:
        title = format_lazy(_("Approved: {title}"), title=_title(bulletin))
        said = format_lazy(_("{person} approved it."), person=str(by))
        _tell_authors(APPROVED, bulletin, title=title, text=said, by=by, now=now)


def tell_of_remark(remark: Remark, bulletin: Bulletin, *, by: Person, now: datetime) -> None:
    """The authors, and everybody who took part in the same talk."""
    first = remark.answers or remark
    talkers = Person.objects.filter(
        Q(pk=first.by_id) | Q(pk__in=first.replies.order_by().values("by"))
    )
    people = {one.pk: one for one in (*authors(bulletin), *talkers)}
    notify(
        kind=REMARK,
        to=list(people.values()),
        unit=bulletin.unit,
        subject=subject_of(bulletin),
        title=format_lazy(_("{person} about “{title}”"), person=str(by), title=_title(bulletin)),
        text=remark.text,
        url=f"{reverse('bulletins:detail', args=[bulletin.pk])}#remark-{first.pk}",
        now=now,
        by=by,
    )


def tell_of_take_over(bulletin: Bulletin, before: Person, *, by: Person, now: datetime) -> None:
    """Whoever was editing learns who goes on, and that their text is kept."""
    notify(
        kind=TAKEN_OVER,
        to=[before],
        unit=bulletin.unit,
        subject=subject_of(bulletin),
        title=format_lazy(
            _("{person} goes on with “{title}”"), person=str(by), title=_title(bulletin)
        ),
        text=_("What you had typed and not saved is kept for you."),
        url=reverse("bulletins:edit", args=[bulletin.pk]),
        now=now,
        by=by,
    )


def tell_leaders(bulletin: Bulletin, *, by: Person, now: datetime) -> None:
    """It was called sensitive while it waited: now a leader decides."""
    settle(subject=subject_of(bulletin), kinds=[WAITS], now=now)
    _ask(bulletin, by, now)


def _tell_approvers(bulletin: Bulletin, by: Person, now: datetime) -> None:
    settle(subject=subject_of(bulletin), kinds=[RETURNED], now=now)
    _ask(bulletin, by, now)


def _ask(bulletin: Bulletin, by: Person, now: datetime) -> None:
    """Nobody is asked to approve what they took part in; of a sensitive topic, leaders are."""
    editors = Version.objects.filter(bulletin=bulletin).values_list("edited_by", flat=True)
    own = {bulletin.created_by_id, by.pk, *editors.order_by().distinct()}
    role = Role.LEADER if bulletin.sensitive else Role.APPROVER
    notify(
        kind=WAITS,
        to=Holders(role, bulletin.unit, frozenset(own)),
        unit=bulletin.unit,
        subject=subject_of(bulletin),
        title=format_lazy(_("Waits for your approval: {title}"), title=_title(bulletin)),
        text=format_lazy(_("{person} wrote it."), person=str(bulletin.created_by)),
        url=reverse("bulletins:review", args=[bulletin.pk]),
        now=now,
        by=by,
    )


def _tell_authors(
    kind: str,
    bulletin: Bulletin,
    *,
    title: str | Promise,
    text: str | Promise,
    by: Person,
    now: datetime,
) -> None:
    notify(
        kind=kind,
        to=authors(bulletin),
        unit=bulletin.unit,
        subject=subject_of(bulletin),
        title=title,
        text=text,
        url=reverse("bulletins:detail", args=[bulletin.pk]),
        now=now,
        by=by,
    )


def authors(bulletin: Bulletin) -> list[Person]:
    """Who began it and who submitted it."""
    keys = {bulletin.created_by_id, bulletin.submitted_by_id or bulletin.created_by_id}
    return list(Person.objects.filter(pk__in=keys))


def subject_of(bulletin: Bulletin) -> str:
    """As the journal names it."""
    return f"bulletin:{bulletin.pk}"


def _title(bulletin: Bulletin) -> str:
    return bulletin.current.title if bulletin.current else ""
