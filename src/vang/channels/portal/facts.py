"""What the pages of a unit tell beside its notices. For many units in the same few queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, override

from vang.airtime.policies import Policy
from vang.airtime.queries import joined_policy
from vang.alerts.models import Alert
from vang.alerts.queries import messages_of
from vang.base.clock import local_date
from vang.channels.models import ChannelChoice
from vang.channels.portal.addresses import site_url
from vang.channels.portal.models import Profile, Site
from vang.channels.registry import find_channel
from vang.claims.models import Published
from vang.letters.message import absolute
from vang.letters.services import letters_leave
from vang.orgs.models import Organisation, Unit
from vang.orgs.queries import valid_on

_ABOVE = {Unit.Level.PROVINCE, Unit.Level.DISTRICT}


@dataclass(frozen=True)
class Imprint:
    """Who speaks to the readers, and where."""

    unit: Unit
    profile: Profile | None
    committee: str
    address: str
    below: Sequence[Unit]
    """Units with pages of their own that this one stands above, by name."""

    @property
    def place(self) -> str:
        """``xã Quế Thuận``; in English the unit's English name where there is one."""
        return in_a_sentence(self.unit)

    @property
    def responsible(self) -> str:
        """The body that answers for what the page says."""
        return self.committee or gettext("People's Committee of %(unit)s") % {"unit": self.place}


@dataclass(frozen=True)
class Facts(Imprint):
    """One unit before its readers. ``mailing_url`` is "" where nobody can subscribe."""

    policy: Policy
    feeds: bool
    mailing_url: str
    checks: bool
    """Whether it has answered a harmful claim."""
    alerts: Sequence[Alert] = ()
    """What is in force now: the banner on every page."""


def in_a_sentence(unit: Unit) -> str:
    """``xã Quế Thuận``; of an office its own name."""
    if unit.level == Unit.Level.OFFICE:
        return unit.name
    return f"{unit.get_kind_display()} {unit.name}"


def imprints_of(units: Collection[Unit], now: datetime) -> dict[int, Imprint]:
    """For each unit's key, as it is now. Three queries at most, however many units."""
    keys, today = [unit.pk for unit in units], local_date(now)
    committees, below = _committees(keys, today), _below(units, today)
    read = Unit.objects.select_related("parent__parent", "profile", "slot_policy")
    return {
        unit.pk: _imprint(unit, committees.get(unit.pk, ""), below[unit.pk])
        for unit in read.filter(pk__in=keys)
    }


def _imprint(unit: Unit, committee: str, below: Sequence[Unit]) -> Imprint:
    profile: Profile | None = getattr(unit, "profile", None)
    return Imprint(unit, profile, committee, site_url(unit, profile or Profile(unit=unit)), below)


def facts_of(units: Collection[Unit], now: datetime) -> dict[int, Facts]:
    """For each unit's key. Three queries more, however many units."""
    keys = [unit.pk for unit in units]
    on, checks = _channels_on(keys), _checks(keys)
    alerts = messages_of(units, now=now)
    return {
        key: Facts(
            **vars(imprint),
            policy=joined_policy(imprint.unit),
            feeds=(key, "feed") in on,
            mailing_url=_mailing_url(imprint.unit) if (key, "mailing") in on else "",
            checks=key in checks,
            alerts=alerts.get(key, ()),
        )
        for key, imprint in imprints_of(units, now).items()
    }


def _committees(keys: Collection[int], today: date) -> dict[int, str]:
    found = Organisation.objects.filter(
        valid_on(today), unit__in=keys, kind=Organisation.Kind.PEOPLES_COMMITTEE
    )
    return dict(found.order_by("-pk").values_list("unit", "name"))


def _checks(keys: Collection[int]) -> set[int]:
    found = Published.objects.filter(edition__unit__in=keys, edition__withdrawn_at=None)
    return set(found.order_by().values_list("edition__unit", flat=True).distinct())


def _below(units: Collection[Unit], today: date) -> dict[int, list[Unit]]:
    """Communes and districts with pages, under each of the units."""
    found: dict[int, list[Unit]] = defaultdict(list)
    wanted = {unit.pk for unit in units if unit.level in _ABOVE}
    if not wanted:
        return found
    sites = Site.objects.filter(
        Q(unit__parent__in=wanted) | Q(unit__parent__parent__in=wanted),
        valid_now(today),
        unit__level__in=[Unit.Level.COMMUNE, Unit.Level.DISTRICT],
    ).select_related("unit__parent")
    for site in sites.order_by("unit__name", "unit__code"):
        unit = site.unit
        for above in (unit.parent_id, unit.parent.parent_id if unit.parent else None):
            if above in wanted and above is not None:
                found[above].append(unit)
    return found


def valid_now(today: date) -> Q:
    """A site's unit is in force."""
    return Q(unit__valid_from__lte=today) & (
        Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gt=today)
    )


def _channels_on(keys: Collection[int]) -> set[tuple[int, str]]:
    names = ("feed", "mailing")
    rows = ChannelChoice.objects.filter(unit__in=keys, channel__in=names).order_by()
    chosen = {(unit, name): on for unit, name, on in rows.values_list("unit", "channel", "on")}
    installed = {name: channel for name in names if (channel := find_channel(name))}
    return {
        (key, name)
        for key in keys
        for name, channel in installed.items()
        if chosen.get((key, name), channel.on_at_first)
    }


def _mailing_url(unit: Unit) -> str:
    if not letters_leave():
        return ""
    with override(None):
        return absolute(reverse("mailing:ask", args=[unit.code]))
