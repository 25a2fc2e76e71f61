"""What stands in the address of a page: a key of the commune whose person opens it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from many_communes import code_of
from vang.airtime.models import Placement, Programme
from vang.alerts.models import Alert, AlertOrder, AlertTemplate
from vang.bulletins.models import Bulletin
from vang.channels.portal.models import Section
from vang.claims.models import Claim
from vang.documents.models import Campaign, Document
from vang.editorial.models import Line, Plan, Series
from vang.equipment.models import Brought, Device, Place, Segment
from vang.guidance.models import Guidance
from vang.help.chapters import chapters_here
from vang.library.models import Item
from vang.live.models import Session as LiveSession
from vang.mergers.models import BroughtList
from vang.orgs.models import Unit, UnitChange
from vang.people.models import Person
from vang.phrases.notices import notices
from vang.plans.models import Draft as PlanDraft
from vang.plans.models import DraftRow, Objective, Review, Task
from vang.plans.models import Plan as OfficialPlan
from vang.pool.models import Offer, Request, Taking
from vang.relays.models import Station
from vang.repairs.models import Part, Ticket
from vang.reports.models import Form, FormVersion, Indicator, Regime, Report
from vang.stations.models import Cluster
from vang.upstream.models import Received
from vang.voice.models import Pronunciation
from work_beside import own


@lru_cache(maxsize=4096)
def commune(number: int) -> Unit:
    return Unit.objects.get(code=code_of(number))


def sample(view: str, name: str, number: int) -> Any:
    """A value for the parameter ``name`` of ``view``: 1 when nobody told, which is enough for an
    address that only takes POST and opens nothing else."""
    finder = _FINDERS.get(f"{view} {name}") or _FINDERS.get(f"{view.partition(':')[0]} {name}")
    return finder(commune(number)) if finder else 1


def _bulletin(unit: Unit) -> int:
    return Bulletin.objects.filter(unit=unit, state="RELEASED").latest("pk").pk


def _approved_now(unit: Unit) -> int:
    approved = Bulletin.objects.filter(unit=unit, state__in=("APPROVED", "RELEASED"))
    return approved.latest("pk").pk


def _in_review(unit: Unit) -> int:
    return Bulletin.objects.filter(unit=unit, state="IN_REVIEW").latest("pk").pk


def _editable(unit: Unit) -> int:
    return Bulletin.objects.filter(unit=unit, state="DRAFT").latest("pk").pk


def _own_place(unit: Unit, **which: bool) -> int:
    return Place.objects.filter(unit=unit, **which).latest("pk").pk


def _programme(unit: Unit) -> int:
    return Programme.objects.filter(unit=unit).latest("pk").pk


def _single(unit: Unit) -> str:
    once = Placement.objects.filter(unit=unit, kind=Placement.Kind.ONCE, stopped_at=None)
    return f"o{once.latest('pk').pk}"


def _alert(unit: Unit) -> Any:
    """One that waits for its signatures."""
    return Alert.objects.filter(unit=unit, state="SUBMITTED").latest("created_at").pk


def _sounding(unit: Unit) -> Any:
    return Alert.objects.filter(unit=unit, state="LIVE").latest("created_at").pk


def _order(unit: Unit) -> Any:
    return AlertOrder.objects.filter(alert=_alert(unit)).latest("issued_at").pk


def _form(unit: Unit) -> Any:
    return Form.objects.get(unit=unit).pk


def _draft_form(unit: Unit) -> Any:
    return FormVersion.objects.filter(form=_form(unit), state="DRAFT").latest("pk").pk


def _draft(unit: Unit) -> Any:
    return PlanDraft.objects.filter(unit=unit, plan=None).latest("pk").pk


def _spoken(unit: Unit) -> int:
    return LiveSession.objects.filter(unit=unit, state="ENDED").latest("pk").pk


def _unsigned(unit: Unit) -> int:
    return LiveSession.objects.filter(unit=unit, state="PREPARED").latest("pk").pk


_FINDERS: dict[str, Callable[[Unit], Any]] = {
    "alerts pk": _alert,
    "alerts:live pk": _sounding,
    "alerts:live-part pk": _sounding,
    "alerts order_pk": _order,
    "alerts key": lambda _unit: "STORM",
    **{
        f"alerts:{view} pk": lambda unit: own(AlertTemplate, unit)
        for view in (
            *("template", "edit-template", "approve-template", "retire-template"),
            "new-from-template",
        )
    },
    "live pk": _spoken,
    "live:sign pk": _unsigned,
    "live:withdraw pk": lambda _unit: 1,
    "bulletins pk": _bulletin,
    "bulletins:edit pk": _editable,
    "bulletins:review pk": _in_review,
    "bulletins:wordings pk": _editable,
    "bulletins:wording pk": _editable,
    "bulletins:wording language": lambda _unit: "en",
    "bulletins:wording channel": lambda _unit: "webhook",
    "bulletins number": lambda _unit: 1,
    "airtime bulletin_pk": _bulletin,
    "airtime pk": _programme,
    "airtime:quiet-zone pk": lambda unit: own(Cluster, unit),
    "airtime:move key": _single,
    "channels pk": _bulletin,
    "chronicle kind": lambda _unit: "bulletin",
    "chronicle key": _bulletin,
    "claims pk": lambda unit: own(Claim, unit),
    "documents pk": lambda unit: own(Document, unit),
    "documents:campaign pk": lambda unit: own(Campaign, unit),
    "editorial pk": lambda unit: own(Plan, unit),
    "editorial bulletin_pk": _bulletin,
    "editorial:line pk": lambda unit: Line.objects.filter(plan__unit=unit).latest("pk").pk,
    "editorial:series pk": lambda unit: own(Series, unit),
    "editorial:change-series pk": lambda unit: own(Series, unit),
    "feed:publish pk": _alert,
    "figures pk": lambda unit: unit.pk,
    "guidance pk": lambda _unit: Guidance.objects.latest("pk").pk,
    "help name": lambda _unit: chapters_here()[0].name,
    "library pk": lambda unit: own(Item, unit),
    "mergers pk": lambda unit: (
        UnitChange.objects.filter(successions__successor=unit).latest("pk").pk
    ),
    "mergers:brought pk": lambda unit: own(BroughtList, unit),
    "plans pk": lambda unit: own(OfficialPlan, unit),
    "plans:draft pk": _draft,
    "plans:row pk": lambda unit: DraftRow.objects.filter(draft=_draft(unit)).latest("pk").pk,
    "plans:review pk": lambda unit: Review.objects.filter(plan__unit=unit).latest("pk").pk,
    "plans objective_pk": lambda unit: Objective.objects.filter(plan__unit=unit).latest("pk").pk,
    **{
        f"plans:{view} pk": lambda unit: Task.objects.filter(plan__unit=unit).latest("pk").pk
        for view in ("task", "change-task", "prove")
    },
    "pool bulletin_pk": _approved_now,
    "pool pk": lambda _unit: Offer.objects.latest("pk").pk,
    "pool:news pk": lambda unit: Taking.objects.filter(unit=unit).latest("pk").pk,
    "pool:request pk": lambda unit: own(Request, unit),
    "portal-settings pk": lambda unit: own(Section, unit),
    "reports pk": lambda unit: own(Report, unit),
    "reports code": lambda _unit: "stations.clusters",
    "reports:form pk": _form,
    "reports:version pk": _draft_form,
    "reports:preview pk": _draft_form,
    "reports:new-indicator pk": _draft_form,
    "reports:indicator pk": _draft_form,
    "reports:indicator indicator_pk": lambda unit: (
        Indicator.objects.filter(version=_draft_form(unit)).latest("pk").pk
    ),
    "reports:regime pk": lambda _unit: Regime.objects.latest("pk").pk,
    "stations pk": lambda unit: own(Cluster, unit),
    "equipment pk": lambda unit: own(Device, unit),
    "equipment:brought pk": lambda unit: own(Brought, unit),
    "equipment:enrol pk": lambda unit: _own_place(unit, cluster__isnull=False),
    **{
        f"equipment:{view} pk": lambda unit: _own_place(unit, cluster__isnull=True)
        for view in ("place", "change-place")
    },
    **{
        f"equipment:{view} pk": lambda unit: own(Segment, unit)
        for view in ("segment", "change-segment")
    },
    "repairs pk": lambda unit: Ticket.objects.filter(cluster__unit=unit).latest("pk").pk,
    "repairs:device pk": lambda unit: own(Cluster, unit),
    "repairs:change-part pk": lambda unit: own(Part, unit),
    "studio pk": _editable,
    "studio name": lambda _unit: next(iter(notices())),
    "relays pk": lambda unit: own(Station, unit),
    "upstream pk": lambda unit: own(Received, unit),
    "people person_pk": lambda unit: Person.objects.get(username=f"an{unit.code}").pk,
    "voice:edit-pronunciation pk": lambda unit: own(Pronunciation, unit),
}

NO_PAGES = {
    "bulletins:wordings": "leads on to the page of the language chosen",
    "bulletins:sound": "a part of a page, asked for while a sound is made",
    "calendar:file": "for calendar programs, by a secret address",
    "claims:file": "a file",
    "documents:file": "a file",
    "editorial:below": "of a district",
    "equipment:boundary": "a file",
    "equipment:download": "a file",
    "equipment:example": "a file",
    "guidance:edit": "of the office that issues it",
    "guidance:file": "a file",
    "guidance:receipts": "of the office that issues it",
    "library:original": "a file",
    "library:picture": "a file",
    "library:state": "a part of a page, asked for while a file is worked on",
    "library:text": "of documents; the bench holds pictures",
    "mailing:ask": "for residents",
    "mailing:confirm": "for residents, by a secret address",
    "mailing:leave": "for residents, by a secret address",
    "people:confirm-address": "by a secret address from a letter",
    "people:invitation": "by a secret address from a letter",
    "people:new-password": "by a secret address from a letter",
    "plans:evidence-file": "a file",
    "plans:review-docx": "a file",
    "plans:review-pdf": "a file",
    "repairs:photo-file": "a file",
    "pool:order": "of the office that is asked",
    "pool:sound": "a file",
    "reports:below": "of a unit that has others below it",
    "reports:bundle": "a file",
    "reports:docx": "a file",
    "reports:file": "a file",
    "reports:pdf": "a file",
    "reports:return": "of the unit above",
    "reports:xlsx": "a file",
    "rollouts:detail": "of devices that take versions by themselves; the bench holds none",
    "stations:arrival": "a part of a page, asked for while a device is awaited",
    "studio:heard": "a part of a page",
    "studio:result": "a part of a page",
    "takes:clip": "for the recording script",
    "takes:clip-sound": "a file",
    "live:recording": "a file",
    "takes:recording": "a file",
    "takes:take": "for the recording script",
    "upstream:file": "a file",
    "voice:sound": "a file",
}
"""Addresses that open no page of a commune's staff, and why."""
