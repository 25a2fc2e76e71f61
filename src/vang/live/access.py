"""Who may speak where, and the only way a view comes to a session."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.airtime.policies import Policy
from vang.airtime.queries import cluster_rules, policy_of
from vang.airtime.quiet import quiet_codes
from vang.base.clock import VIETNAM, local_date
from vang.base.refusals import Refusal
from vang.live.models import Permission, Session
from vang.live.permitted import permissions_of
from vang.orgs.models import Unit
from vang.people.access import DECIDE, may, roles
from vang.people.models import Person
from vang.stations.models import Cluster
from vang_protocol.hours import within_hours


@dataclass(frozen=True)
class Standing:
    """What a person may do with the microphones of a commune.

    ``decides``: approvers and leaders speak everywhere in it, and give others leave.
    """

    unit: Unit
    decides: bool
    permissions: tuple[Permission, ...]

    @property
    def may_speak(self) -> bool:
        return self.decides or bool(self.permissions)

    def clusters(self) -> list[Cluster]:
        """Where the person may speak, by name."""
        if not self.may_speak:
            return []
        found = Cluster.objects.filter(unit=self.unit, active=True)
        if not self.decides:
            own = {one.pk for given in self.permissions for one in given.clusters.all()}
            found = found.filter(pk__in=own)
        return list(found.prefetch_related("villages").order_by("name", "code"))


def standing_of(person: Person, unit: Unit, now: datetime) -> Standing:
    """Raises Http404 for a stranger to the unit. Three queries."""
    today = local_date(now)
    if not roles(person, unit, today):
        raise Http404
    decides = unit.level == Unit.Level.COMMUNE and may(person, DECIDE, unit, today)
    return Standing(unit, decides, tuple(permissions_of(person, unit, today)))


def check_may_speak(
    standing: Standing, clusters: Collection[Cluster], start: datetime, until: datetime
) -> None:
    """By person, place, and hour. Raises Refusal."""
    if not clusters:
        raise Refusal("no-clusters", _("Choose where you want to be heard."))
    if not standing.decides:
        _check_permitted(standing.permissions, clusters, start, until)
    _check_hours(standing.unit, clusters, start, until)


def _check_permitted(
    permissions: Collection[Permission], clusters: Collection[Cluster], start: datetime,
    until: datetime,
) -> None:  # fmt: skip
    wanted = {one.pk for one in clusters}
    fitting = [one for one in permissions if wanted <= {place.pk for place in one.clusters.all()}]
    if not fitting:
        raise Refusal("not-permitted", _NOT_PERMITTED)
    first, last = start.astimezone(VIETNAM), until.astimezone(VIETNAM)
    if not any(
        one.hours_from <= first.time() and last.time() <= one.hours_to
        and first.date() == last.date()
        for one in fitting
    ):  # fmt: skip
        hours = ", ".join(f"{one.hours_from:%H:%M}–{one.hours_to:%H:%M}" for one in fitting)
        raise Refusal("not-your-hours", str(_NOT_YOUR_HOURS).format(hours=hours))


def _check_hours(
    unit: Unit, clusters: Collection[Cluster], start: datetime, until: datetime
) -> None:
    """The node holds it against the same hours in its plan."""
    policy = policy_of(unit)
    length_ms = int((until - start).total_seconds() * 1000)
    if not within_hours(start, length_ms, zone=policy.zone, hours=policy.hours):
        raise Refusal("outside-hours", str(_OUTSIDE).format(hours=hours_words(policy)))
    codes = [one.code for one in clusters]
    if quiet := quiet_codes(cluster_rules(unit), codes, start, until, policy.zone):
        names = ", ".join(one.name for one in clusters if one.code in quiet)
        raise Refusal("quiet-hours", str(_QUIET).format(names=names))


def hours_words(policy: Policy) -> str:
    return ", ".join(f"{opens}–{closes}" for opens, closes in policy.hours)


def open_session(person: Person, pk: int, on: date) -> Session:
    """Raises Http404 for a stranger to its unit."""
    session = _whole().filter(pk=pk).first()
    if session is None or not roles(person, session.unit, on):
        raise Http404
    return session


def read_again(session: Session) -> Session:
    """As it is by now, for somebody to whom it was opened."""
    return _whole().get(pk=session.pk)


def _whole() -> QuerySet[Session]:
    return Session.objects.select_related("unit__parent__parent", "person", "command", "words_by")


def own_session(person: Person, pk: int, on: date) -> Session:
    """The speaker's own. Raises Http404 for anybody else."""
    session = open_session(person, pk, on)
    if session.person_id != person.pk:
        raise Http404
    return session


def may_write_words(session: Session, person: Person, on: date) -> bool:
    """The speaker, and whoever decides there."""
    return session.person_id == person.pk or may(person, DECIDE, session.unit, on)


def permission_here(pk: int, unit: Unit) -> Permission:
    """Raises Http404."""
    found = Permission.objects.filter(Q(pk=pk, unit=unit)).select_related("person").first()
    if found is None:
        raise Http404
    return found


_NOT_PERMITTED = _(
    "You were not given leave to speak at all of these places. Ask an approver or leader of the "
    "commune."
)
_NOT_YOUR_HOURS = _("You may speak here between {hours}. Speak then, or for a shorter time.")
_OUTSIDE = _(
    "The loudspeakers of the commune may sound between {hours} only. For a danger, use an "
    "emergency alert."
)
_QUIET = _("These loudspeakers are in a quiet zone now: {names}. Leave them out.")
