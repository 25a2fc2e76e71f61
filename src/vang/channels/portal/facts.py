"""What the pages of a unit tell beside its notices. For many units in the same few queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, override

from vang.airtime.policies import Policy
from vang.airtime.queries import policies_of
from vang.base.clock import local_date
from vang.channels.models import ChannelChoice
from vang.channels.portal.addresses import site_url
from vang.channels.portal.models import Profile, Section, Site
from vang.channels.registry import find_channel
from vang.claims.models import Published
from vang.letters.message import absolute
from vang.letters.services import letters_leave
from vang.orgs.models import Organisation, Unit
from vang.orgs.queries import valid_on


@dataclass(frozen=True)
class Facts:
    """One unit before its readers. ``mailing_url`` is "" where nobody can subscribe."""

    unit: Unit
    profile: Profile | None
    committee: str
    policy: Policy
    address: str
    feeds: bool
    mailing_url: str
    below: Sequence[Unit] = ()
    """Units with pages of their own that this one stands above, by name."""
    sections: Sequence[Section] = field(default=())
    checks: bool = False
    """Whether it has answered a harmful claim."""

    @property
    def place(self) -> str:
        """``xã Quế Thuận``; in English the unit's English name where there is one."""
        return in_a_sentence(self.unit)

    @property
    def responsible(self) -> str:
        """The body that answers for what the page says."""
        return self.committee or gettext("People's Committee of %(unit)s") % {"unit": self.place}


def in_a_sentence(unit: Unit) -> str:
    """``xã Quế Thuận``; of an office its own name."""
    if unit.level == Unit.Level.OFFICE:
        return unit.name
    return f"{unit.get_kind_display()} {unit.name}"


def facts_of(units: Collection[Unit], now: datetime) -> dict[int, Facts]:
    """For each unit's key. Eight queries, however many units."""
    keys, today = [unit.pk for unit in units], local_date(now)
    profiles = {one.unit_id: one for one in Profile.objects.filter(unit__in=keys)}
    committees = _committees(keys, today)
    policies = policies_of(keys)
    sections, below = _sections(keys), _below(keys, today)
    on, checks = _channels_on(keys), _checks(keys)
    return {
        unit.pk: Facts(
            unit=unit,
            profile=profiles.get(unit.pk),
            committee=committees.get(unit.pk, ""),
            policy=policies[unit.pk],
            address=site_url(unit, profiles.get(unit.pk) or Profile(unit=unit)),
            feeds=(unit.pk, "feed") in on,
            mailing_url=_mailing_url(unit) if (unit.pk, "mailing") in on else "",
            below=below[unit.pk],
            sections=sections[unit.pk],
            checks=unit.pk in checks,
        )
        for unit in units
    }


def _committees(keys: Collection[int], today: date) -> dict[int, str]:
    found = Organisation.objects.filter(
        valid_on(today), unit__in=keys, kind=Organisation.Kind.PEOPLES_COMMITTEE
    )
    return dict(found.order_by("-pk").values_list("unit", "name"))


def _sections(keys: Collection[int]) -> dict[int, list[Section]]:
    found: dict[int, list[Section]] = defaultdict(list)
    for section in Section.objects.filter(unit__in=keys):
        found[section.unit_id].append(section)
    return found


def _checks(keys: Collection[int]) -> set[int]:
    found = Published.objects.filter(edition__unit__in=keys, edition__withdrawn_at=None)
    return set(found.order_by().values_list("edition__unit", flat=True).distinct())


def _below(keys: Collection[int], today: date) -> dict[int, list[Unit]]:
    """Communes and districts with pages, under each of the units."""
    sites = Site.objects.filter(
        Q(unit__parent__in=keys) | Q(unit__parent__parent__in=keys),
        valid_now(today),
        unit__level__in=[Unit.Level.COMMUNE, Unit.Level.DISTRICT],
    ).select_related("unit__parent")
    wanted, found = set(keys), defaultdict[int, list[Unit]](list)
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
