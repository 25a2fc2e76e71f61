"""Templates: written by one, approved by two others, ready in the night."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.alerts.access import guard
from vang.alerts.blanks import Blank, blank_of, check_blanks, names_in
from vang.alerts.commanding import manifest_of, ready_of
from vang.alerts.models import AlertTemplate, TemplateText, TemplateVersion
from vang.alerts.models.templates import ALONE_S
from vang.alerts.models.words import Certainty, Event, Response, Severity, Urgency
from vang.alerts.sounds import sound_of
from vang.alerts.starters import Starter
from vang.alerts.states import Who
from vang.base.languages import VIETNAMESE
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang_protocol.commands import Mode
from vang_protocol.strict_json import canonical, digest

Use = TemplateText.Use


@dataclass(frozen=True)
class Said:
    """The alert or the retraction in one language. ``text`` may have blanks, ``ready`` none."""

    headline: str
    text: str
    ready: str


@dataclass(frozen=True)
class Draft:
    """What somebody wrote for a template."""

    name: str
    event: str
    alert: Said
    retraction: Said
    blanks: tuple[Blank, ...] = ()
    category: str = "Other"
    response: str = Response.PREPARE
    urgency: str = Urgency.IMMEDIATE
    severity: str = Severity.SEVERE
    certainty: str = Certainty.LIKELY
    lasts_min: int = 360
    most_s: int = ALONE_S


def template_from_starter(
    *, unit: Unit, starter: Starter, by: Person, now: datetime
) -> TemplateVersion:
    """A national template taken over. Raises Refusal."""
    retraction = Said(starter.retraction_headline, starter.retraction, starter.retraction)
    draft = Draft(
        name=starter.name,
        event=starter.event,
        alert=Said(starter.headline, starter.text, starter.ready),
        retraction=retraction,
        blanks=starter.blanks,
        category=starter.category,
        response=starter.response,
        urgency=starter.urgency,
        severity=starter.severity,
        certainty=starter.certainty,
        lasts_min=starter.lasts_min,
    )
    return make_template(unit=unit, draft=draft, by=by, now=now)


@transaction.atomic
def make_template(
    *,
    unit: Unit,
    draft: Draft,
    by: Person,
    now: datetime,
    template: AlertTemplate | None = None,
) -> TemplateVersion:
    """A new template, or a new version of one: the old stays in force until two approve this.

    Raises Refusal.
    """
    guard(by, Who.WRITER, unit, now)
    alert, retraction = _clean(draft.alert), _clean(draft.retraction)
    check_blanks([alert.text], draft.blanks)
    if names_in(alert.ready) or names_in(retraction.ready) or names_in(retraction.text):
        raise Refusal("ready-blank", _("What lies ready has no blanks: it is sent word for word."))
    if not 1 <= draft.most_s <= ALONE_S:
        raise Refusal("three-minutes", _("One person alone lets it sound three minutes at most."))
    if template is None:
        template = _new(unit, draft)
    version = TemplateVersion.objects.create(
        template=template,
        number=template.versions.count() + 1,
        category=draft.category,
        response=draft.response,
        urgency=draft.urgency,
        severity=draft.severity,
        certainty=draft.certainty,
        lasts_min=draft.lasts_min,
        blanks=[blank.table() for blank in draft.blanks],
        most_s=draft.most_s,
        sha256=_hash(draft, alert, retraction),
        made_by=by,
        made_at=now,
    )
    for use, said in ((Use.ALERT, alert), (Use.RETRACTION, retraction)):
        _keep_text(version, use, said, now)
    _note("make-template", version, by, now)
    return version


@transaction.atomic
def approve_template(
    *, version: TemplateVersion, sha256: str, by: Person, now: datetime
) -> TemplateVersion:
    """One of two approvals; with the second it is in force. Raises Refusal."""
    TemplateVersion.objects.select_for_update().only("pk").get(pk=version.pk)
    fresh = TemplateVersion.objects.select_related("template__unit").get(pk=version.pk)
    guard(by, Who.APPROVER, fresh.template.unit, now)
    if fresh.sha256 != sha256:
        raise Refusal("changed", _("It is no longer what you read. Load the page again."))
    if by.pk in {fresh.made_by_id, fresh.first_by_id}:
        raise Refusal("not-two", _("Two people who did not write it approve a template."))
    if fresh.is_approved:
        raise Refusal("approved", _("It is approved already."))
    for use in Use:
        heard = ready_of(fresh.texts.filter(use=use).select_related("rendition"))
        manifest_of(heard, Mode.TEST, tone=False)
    if fresh.first_by_id is None:
        fresh.first_by, fresh.first_at = by, now
    else:
        fresh.second_by, fresh.second_at = by, now
        fresh.template.approved = fresh
        fresh.template.save()
    fresh.save()
    _note("approve-template", fresh, by, now, sha256=fresh.sha256)
    return fresh


@transaction.atomic
def retire_template(*, template: AlertTemplate, by: Person, now: datetime) -> None:
    """Out of service; what was sent with it stays. Raises Refusal."""
    guard(by, Who.APPROVER, template.unit, now)
    template.retired_at = now
    template.save()
    record("retire-template", f"alert-template:{template.pk}", by=by, unit=template.unit, now=now)


def blanks_of(version: TemplateVersion) -> list[Blank]:
    return [blank_of(table) for table in version.blanks]


def _new(unit: Unit, draft: Draft) -> AlertTemplate:
    name = " ".join(clean_text(draft.name).split())[:120]
    if not name:
        raise Refusal("name-missing", _("Give the template a name."))
    known = AlertTemplate.objects.filter(unit=unit, name=name, retired_at=None)
    if known.exists():
        raise Refusal("name-taken", _("There is a template of this name already."))
    return AlertTemplate.objects.create(unit=unit, name=name, event=Event(draft.event))


def _clean(said: Said) -> Said:
    parts = (" ".join(clean_text(one).split()) for one in (said.headline, said.text, said.ready))
    cleaned = Said(*parts)
    if not (cleaned.headline and cleaned.text and cleaned.ready):
        raise Refusal("words-missing", _("A headline and a text are needed."))
    if len(cleaned.headline) > 160 or max(len(cleaned.text), len(cleaned.ready)) > 2000:
        raise Refusal("words-long", _("This is too long to be understood over a loudspeaker."))
    return cleaned


def _keep_text(version: TemplateVersion, use: str, said: Said, now: datetime) -> None:
    sound = sound_of(
        unit=version.template.unit,
        language=VIETNAMESE,
        text=f"{said.headline}\n{said.ready}",
        recording=None,
        by=version.made_by,
        now=now,
    )
    if sound.rendition is None:
        raise Refusal("sound-missing", _("What lies ready must have a sound."))
    TemplateText.objects.create(
        version=version,
        use=use,
        language=VIETNAMESE,
        headline=said.headline,
        text=said.text,
        ready=said.ready,
        rendition=sound.rendition,
    )


def _hash(draft: Draft, *said: Said) -> str:
    words: Iterable[list[str]] = [[one.headline, one.text, one.ready] for one in said]
    return digest(
        canonical(
            {
                "event": draft.event,
                "category": draft.category,
                "response": draft.response,
                "urgency": draft.urgency,
                "severity": draft.severity,
                "certainty": draft.certainty,
                "lasts_min": draft.lasts_min,
                "most_s": draft.most_s,
                "blanks": [blank.table() for blank in draft.blanks],
                "said": list(words),
            }
        )
    )


def _note(action: str, version: TemplateVersion, by: Person, now: datetime, **detail: Any) -> None:
    subject = f"alert-template:{version.template_id}"
    unit = version.template.unit
    record(action, subject, by=by, unit=unit, now=now, version=version.number, **detail)
