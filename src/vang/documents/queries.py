"""Reading the register: what a unit sees, which bases have ended, who still has to confirm."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from vang.base.text import fold
from vang.documents.citing import key_of
from vang.documents.models import (
    Basis,
    Campaign,
    CampaignTarget,
    Confirmation,
    Document,
    Recipient,
    Session,
)
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, communes_below
from vang.orgs.reach import partners, reached_units, reaches
from vang.people.models import Person

VIEWS = ("now", "out", "in", "state", "past", "weak")
MOST_OFFERED = 10


def visible(unit: Unit) -> QuerySet[Document]:
    """The unit's register, the State's documents, what those above share, and what was sent to it
    or is brought to it by a campaign."""
    meant = CampaignTarget.objects.filter(reaches(unit), campaign__document=OuterRef("pk"))
    sent = Recipient.objects.filter(unit=unit, sent_at__isnull=False, document=OuterRef("pk"))
    shared = Q(unit__in=ancestors(unit)[1:], shared_below=True)
    own = Q(unit=unit) | Q(unit__isnull=True) | shared
    return Document.objects.filter(own | Exists(sent) | Exists(meant))


def ended(on: date, path: str = "") -> Q:
    """The condition that a document is no longer in force."""
    return Q(**{f"{path}in_force_to__lte": on})


def listed(unit: Unit, view: str, words: str, on: date) -> QuerySet[Document]:
    """One view of the register, newest first; ``words``: all must occur, marks or none."""
    found = visible(unit)
    if view == "state":
        found = found.filter(unit__isnull=True)
    elif view == "past":
        found = found.filter(ended(on))
    elif view == "weak":
        found = found.filter(Exists(weak(unit, on).filter(document=OuterRef("pk"))))
    else:
        found = found.filter(~ended(on) | Q(in_force_to__isnull=True))
        found = found.filter(unit__isnull=False)
        if view in {"out", "in"}:
            found = found.filter(unit=unit, way=view.upper())
    for word in words.split()[:8]:
        found = found.filter(_named(word))
    return found.select_related("unit", "replaced_by")


def _named(word: str) -> Q:
    key = key_of(word)
    told = Q(abstract__icontains=word) | Q(issuer__icontains=word) | Q(kind__icontains=word)
    return told | (Q(number_key__contains=key) if key else Q())


def weak(unit: Unit, on: date) -> QuerySet[Basis]:
    """Bases that have ended, of documents of the unit that are still in force, and that nobody
    has looked at."""
    found = Basis.objects.filter(ended(on, "basis__"), document__unit=unit, kept="")
    alive = ~ended(on, "document__") | Q(document__in_force_to__isnull=True)
    return found.filter(alive)


def weak_in(documents: Collection[Document], on: date) -> set[int]:
    """Keys of those with a basis that has ended and that nobody has looked at. One query."""
    rows = Basis.objects.filter(ended(on, "basis__"), document__in=documents, kept="")
    return set(rows.values_list("document", flat=True))


def known_by_key(unit: Unit, keys: Collection[str]) -> Mapping[str, Document]:
    """The document that each number means to a unit: its own before others', the newest first."""
    wanted = [key for key in keys if key]
    rows = visible(unit).filter(number_key__in=wanted).order_by("issued_on", "pk")
    found: dict[str, Document] = {}
    for row in sorted(rows, key=lambda one: one.unit_id == unit.pk):
        found[row.number_key] = row
    return found


def offered_items(unit: Unit) -> QuerySet[Item]:
    """Official documents of the library that stand in no register yet, newest first."""
    rows = Item.objects.filter(unit=unit, kind=Item.Kind.DOCUMENT, document__official=True)
    free = rows.filter(archived_at=None, registered=None).exclude(document__secrecy__gt="")
    return free.select_related("document").order_by("-added_at")[:MOST_OFFERED]


def waiting(unit: Unit) -> QuerySet[Recipient]:
    """What was sent to the unit and nobody has said that it came."""
    rows = Recipient.objects.filter(unit=unit, sent_at__isnull=False, received_at=None)
    return rows.select_related("document__unit").order_by("sent_at", "pk")


# campaigns


def reaching(unit: Unit) -> QuerySet[Campaign]:
    """Campaigns that bring a document to the unit."""
    meant = CampaignTarget.objects.filter(reaches(unit), campaign=OuterRef("pk"))
    return Campaign.objects.filter(Exists(meant))


def unconfirmed(person: Person, unit: Unit) -> QuerySet[Campaign]:
    """Open ones that the person has not confirmed for the unit, the most urgent first."""
    mine = Confirmation.objects.filter(person=person, campaign=OuterRef("pk"))
    found = reaching(unit).filter(~Exists(mine), closed_at=None)
    return found.select_related("document", "unit").order_by("due_on", "pk")


def reached(campaign: Campaign, on: date) -> QuerySet[Unit]:
    return reached_units(campaign.targets.all(), on)


def missing(campaign: Campaign, on: date) -> QuerySet[Unit]:
    """Units in which nobody has confirmed."""
    told = Confirmation.objects.filter(campaign=campaign, unit=OuterRef("pk"))
    return reached(campaign, on).filter(~Exists(told))


def with_reach(units: QuerySet[Unit], campaign: Campaign) -> QuerySet[Any]:
    """Each unit with ``confirmed``, ``sessions`` and ``attended`` (people at its sessions)."""
    told = Confirmation.objects.filter(campaign=campaign, unit=OuterRef("pk"))
    held = Session.objects.filter(campaign=campaign, unit=OuterRef("pk"))
    return units.annotate(
        confirmed=_of(told, Count("pk")),
        sessions=_of(held, Count("pk")),
        attended=_of(held, Sum("attended")),
    )


def _of(rows: QuerySet[Any], figure: Aggregate) -> Coalesce:
    counted = rows.order_by().values("unit").annotate(n=figure).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class Total:
    """Of a whole campaign."""

    units: int
    missing: int
    sessions: int
    attended: int


def total_of(campaign: Campaign, on: date) -> Total:
    """Two queries."""
    told = Confirmation.objects.filter(campaign=campaign, unit=OuterRef("pk"))
    found = reached(campaign, on).order_by()
    units = found.aggregate(n=Count("pk"), silent=Count("pk", filter=~Exists(told)))
    held = campaign.sessions.aggregate(n=Count("pk"), came=Sum("attended"))
    return Total(units["n"], units["silent"], held["n"], held["came"] or 0)


def addressees(unit: Unit, on: date) -> list[Unit]:
    """Units that a line of "Nơi nhận" of the unit's documents may name."""
    among = [*partners(unit, on)[:500], *communes_below(unit, on)[:500]]
    return list({one.pk: one for one in among if one.pk != unit.pk}.values())


def units_named(names: Collection[str], among: Collection[Unit]) -> dict[str, list[Unit]]:
    """Units that lines of "Nơi nhận" name: one by its full name, or "các xã" for every commune."""
    by_name = {fold(unit.full_name): unit for unit in among}
    communes = [unit for unit in among if unit.level == Unit.Level.COMMUNE]
    found: dict[str, list[Unit]] = {}
    for name in names:
        plain = fold(name)
        if " cac xa" in f" {plain}" or "cac phuong" in plain or "cac dac khu" in plain:
            found[name] = communes
            continue
        fitting = [unit for known, unit in by_name.items() if _stands(known, plain)]
        found[name] = [max(fitting, key=lambda unit: len(unit.full_name))] if fitting else []
    return found


def _stands(known: str, plain: str) -> bool:
    """The words next to each other and whole: "xã Quế Sơn" is not in "xã Quế Sơn Trung" … but the
    longest name wins anyway."""
    return f" {known} " in f" {' '.join(plain.replace(',', ' ').replace(';', ' ').split())} "
