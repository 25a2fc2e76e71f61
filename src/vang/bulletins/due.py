"""Bulletins that somebody should act on, for the first page (vang.people.due)."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.clock import local_date, now
from vang.base.display import vi_datetime
from vang.bulletins.models import Bulletin, Priority, ReviewStep, Version
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, valid_on
from vang.people.access import Role
from vang.people.due import Desk, Task, brings
from vang.people.models import Membership, Person
from vang.review.verbs import RETURN, SUBMIT
from vang.voice.failure_words import failure_sentence
from vang.voice.models import Rendition

State = Bulletin.State
_MOST = 50
_OPEN = (State.DRAFT, State.IN_REVIEW, State.APPROVED, State.RETURNED)


def waiting_for(person: Person, unit: Unit) -> QuerySet[Bulletin]:
    """In review, and not of the person's own making: the law of two pairs of eyes. Of sensitive
    topics, those that the person may decide as a leader."""
    return Bulletin.objects.filter(waits_for(person, unit), unit=unit)


def waits_for(person: Person, unit: Unit) -> Q:
    """The same as a condition on the unit's bulletins."""
    return ~_own(person) & ~_above(person, unit) & Q(state=State.IN_REVIEW)


def _above(person: Person, unit: Unit) -> Q:
    """Sensitive, while the person leads neither the unit nor one above it."""
    leads = Membership.objects.filter(
        valid_on(local_date(now())), person=person, role=Role.LEADER, unit__in=ancestors(unit)
    )
    return Q(~Exists(leads), sensitive=True)


def _own(person: Person) -> Q:
    edited = Version.objects.filter(bulletin=OuterRef("pk"), edited_by=person)
    submitted = ReviewStep.objects.filter(bulletin=OuterRef("pk"), by=person, verb=SUBMIT.name)
    return Q(created_by=person) | Exists(edited) | Exists(submitted)


def due_bulletins(desk: Desk) -> Iterator[Task]:
    """To be approved, without sound, returned: one query, longest waiting first."""
    for bulletin in _due(desk)[:_MOST]:
        version = bulletin.current
        if bulletin.state == State.IN_REVIEW and bulletin.to_decide:  # type: ignore[attr-defined]
            yield _to_approve(bulletin)
        if bulletin.state == State.RETURNED and Role.WRITER in desk.roles:
            yield _returned(bulletin)
        sound = version.rendition if version else None
        if sound is not None and sound.state == Rendition.State.FAILED:
            yield from _soundless(bulletin, sound, desk)


def to_approve(found: Iterable[Task]) -> int | None:
    """How many of these tasks are bulletins that wait for approval; None when there may be more."""
    count = sum(task.key.startswith("approve:") for task in found)
    return count if count < _MOST else None


def _due(desk: Desk) -> QuerySet[Bulletin]:
    decides = Role.APPROVER in desk.roles
    to_decide = Q(~_own(desk.person), state=State.IN_REVIEW) if decides else Q(pk__in=())
    if Role.LEADER not in desk.roles:
        to_decide &= ~Q(sensitive=True)
    failed = Q(state__in=_OPEN, current__rendition__state=Rendition.State.FAILED)
    writes = Role.WRITER in desk.roles
    mine = (Q(state=State.RETURNED) | failed) if writes else Q(pk__in=())
    returns = ReviewStep.objects.filter(bulletin=OuterRef("pk"), verb=RETURN.name)
    found = Bulletin.objects.filter(to_decide | mine, unit=desk.unit).annotate(
        to_decide=to_decide,
        returned_with=Subquery(returns.order_by("-at", "-pk").values("comment")[:1]),
    )
    return (
        found.select_related("current__rendition", "created_by")
        .defer("current__text")
        .order_by("changed_at", "pk")
    )


def _to_approve(bulletin: Bulletin) -> Task:
    version = bulletin.current
    urgent = version is not None and version.priority != Priority.NORMAL
    return Task(
        harm=10 if urgent else 40,
        tone="bad" if urgent else "wait",
        icon="alert-triangle" if urgent else "hourglass",
        title=_title(bulletin),
        text=_("%(person)s wrote it and asks for your approval since %(when)s.")
        % {"person": bulletin.created_by, "when": vi_datetime(bulletin.changed_at)},
        url=reverse("bulletins:review", args=[bulletin.pk]),
        action=_("Read and decide"),
        key=_key("approve", bulletin),
    )


def _returned(bulletin: Bulletin) -> Task:
    comment: str = bulletin.returned_with or ""  # type: ignore[attr-defined]
    return Task(
        harm=70,
        tone="warn",
        icon="arrow-back-up",
        title=_title(bulletin),
        text=_("Returned: “%(comment)s”") % {"comment": comment},
        url=reverse("bulletins:edit", args=[bulletin.pk]),
        action=_("Correct it"),
        key=_key("returned", bulletin),
    )


def _soundless(bulletin: Bulletin, sound: Rendition, desk: Desk) -> Iterator[Task]:
    if Role.WRITER in desk.roles:
        yield Task(
            harm=50,
            tone="bad",
            icon="volume-off",
            title=_title(bulletin),
            text=f"{_('Its sound could not be made.')} {failure_sentence(sound.failure)}",
            url=reverse("bulletins:detail", args=[bulletin.pk]),
            action=_("See why"),
            key=_key("sound", bulletin),
        )


def _key(what: str, bulletin: Bulletin) -> str:
    """Another once the bulletin moves on."""
    return f"{what}:{bulletin.pk}:{bulletin.changed_at:%Y%m%d%H%M%S}"


def _title(bulletin: Bulletin) -> str:
    return bulletin.current.title if bulletin.current else _("Untitled")


def register() -> None:
    """Called when the process starts."""
    brings("bulletins", {Role.WRITER, Role.APPROVER}, due_bulletins)
