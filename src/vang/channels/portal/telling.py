"""What a unit tells about itself on its pages: written by its administrator."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.channels.portal.freshness import told_more
from vang.channels.portal.models import Profile, Section
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.access import Role, may
from vang.people.models import Person

MOST_SECTIONS = 40
PROFILE_FIELDS = (
    "name_en",
    "about",
    "about_en",
    "address",
    "address_en",
    "phone",
    "email",
    "hours",
    "responsible_name",
    "responsible_title",
    "responsible_title_en",
    "responsible_phone",
    "responsible_email",
    "site_address",
)
SECTION_FIELDS = (
    "name",
    "name_en",
    "duties",
    "duties_en",
    "head_name",
    "head_title",
    "head_title_en",
    "phone",
    "email",
)


def save_profile(*, unit: Unit, fields: Mapping[str, str], by: Person, now: datetime) -> Profile:
    """What stands on the page "organisation and contact". Raises Refusal."""
    _require_administrator(by, unit, now)
    values = {name: clean_text(fields.get(name, "")).strip() for name in PROFILE_FIELDS}
    _check_site(values["site_address"])
    with transaction.atomic():
        profile, _made = Profile.objects.update_or_create(
            unit=unit, defaults={**values, "changed_by": by, "changed_at": now}
        )
        _told(unit, by, now, "profile")
    return profile


def _check_site(address: str) -> None:
    if address and not address.startswith(("https://", "http://")):
        raise Refusal("bad-address", _BAD_ADDRESS)


def save_section(
    *,
    unit: Unit,
    section: Section | None,
    fields: Mapping[str, str],
    by: Person,
    now: datetime,
) -> Section:
    """A part of the unit, new or changed. Raises Refusal."""
    _require_administrator(by, unit, now)
    values = {name: clean_text(fields.get(name, "")).strip() for name in SECTION_FIELDS}
    if not values["name"]:
        raise Refusal("name-missing", _NAME_MISSING)
    with transaction.atomic():
        saved = section or Section(unit=unit, position=_last(unit) + 1)
        for name, value in values.items():
            setattr(saved, name, value)
        saved.save()
        _told(unit, by, now, "section")
    return saved


def _last(unit: Unit) -> int:
    known = Section.objects.filter(unit=unit)
    if known.count() >= MOST_SECTIONS:
        raise Refusal("too-many-sections", _TOO_MANY)
    return int(known.aggregate(last=Max("position"))["last"] or 0)


def remove_section(*, section: Section, by: Person, now: datetime) -> None:
    """Raises Refusal."""
    _require_administrator(by, section.unit, now)
    with transaction.atomic():
        section.delete()
        _told(section.unit, by, now, "section")


def move_section(*, section: Section, up: bool, by: Person, now: datetime) -> None:
    """One place up or down; at the end nothing changes. Raises Refusal."""
    _require_administrator(by, section.unit, now)
    with transaction.atomic():
        order = list(Section.objects.select_for_update().filter(unit=section.unit))
        place = order.index(section)
        other = place - 1 if up else place + 1
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
        for position, one in enumerate(order, start=1):
            one.position = position
        Section.objects.bulk_update(order, ["position"])
        _told(section.unit, by, now, "section")


def _told(unit: Unit, by: Person, now: datetime, what: str) -> None:
    """The pages about the unit are written anew."""
    if what == "section":  # the profile's time tells that any of it changed
        Profile.objects.update_or_create(unit=unit, defaults={"changed_by": by, "changed_at": now})
    record(f"change-{what}", f"unit:{unit.pk}", by=by, unit=unit, now=now)
    told_more(unit, now)


def _require_administrator(by: Person, unit: Unit, now: datetime) -> None:
    if not may(by, Role.ADMINISTRATOR, unit, local_date(now)):
        raise Refusal("not-allowed", _ADMINISTRATOR_ONLY)


_ADMINISTRATOR_ONLY = _("Only an administrator of this commune may change this.")
_NAME_MISSING = _("Give the part of the unit a name.")
_TOO_MANY = _("Forty parts are enough. Take one away first.")
_BAD_ADDRESS = _("The address of the page must begin with https://")
