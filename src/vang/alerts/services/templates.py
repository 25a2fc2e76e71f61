"""Templates: written by one, approved by two others, ready in the night."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.alerts.access import guard
from vang.alerts.blanks import Blank, blank_of, check_blanks, has_braces
from vang.alerts.contents import MOST_LANGUAGES
from vang.alerts.lengths import lengths_of
from vang.alerts.models import AlertTemplate, TemplateText, TemplateVersion
from vang.alerts.models.alerts import MOST_HEADLINE, MOST_MINUTES, MOST_TEXT
from vang.alerts.models.templates import ALONE_S
from vang.alerts.models.words import Certainty, Event, Response, Severity, Urgency
from vang.alerts.sounds import sound_of
from vang.alerts.starters import Starter
from vang.alerts.states import Who
from vang.base.languages import VIETNAMESE, language_name, languages
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.library.models import Recording
from vang.orgs.models import Unit
from vang.people.models import Person
from vang_protocol.strict_json import canonical, digest

Use = TemplateText.Use
_BOUND = (
    "number",
    "category",
    "response",
    "urgency",
    "severity",
    "certainty",
    "lasts_min",
    "most_s",
)


@dataclass(frozen=True)
class Said:
    """The alert or the retraction in one language. ``text`` may have blanks, ``ready`` none.

    ``recording``: a person has spoken headline and ``ready``.
    """

    headline: str
    text: str
    ready: str
    recording: Recording | None = None


@dataclass(frozen=True)
class Further:
    """One more language. Without recordings it is only to be read."""

    language: str
    alert: Said
    retraction: Said


@dataclass(frozen=True)
class Draft:
    """What somebody wrote for a template; name and event of an older one stay what they are."""

    name: str
    event: str
    alert: Said
    retraction: Said
    further: tuple[Further, ...] = ()
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
    said = _checked(draft)
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
        made_by=by,
        made_at=now,
    )
    for one in said:
        _keep_text(version, Use.ALERT, one.language, one.alert, now)
        _keep_text(version, Use.RETRACTION, one.language, one.retraction, now)
    version.sha256 = template_sha256(version)
    version.save()
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
    if fresh.sha256 != template_sha256(fresh):
        raise Refusal("not-as-written", _NOT_AS_WRITTEN)
    for length in lengths_of(list(fresh.texts.select_related("rendition")), fresh.most_s):
        length.check()
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


def _checked(draft: Draft) -> list[Further]:
    """Every language, Vietnamese first. Raises Refusal."""
    if not 1 <= draft.most_s <= ALONE_S:
        raise Refusal("three-minutes", _("One person alone lets it sound three minutes at most."))
    if not 5 <= draft.lasts_min <= MOST_MINUTES:
        raise Refusal("lasts", _("An alert is in force from 5 minutes to 72 hours."))
    written = [Further(VIETNAMESE, draft.alert, draft.retraction), *draft.further]
    spoken = [one.language for one in written]
    if len(set(spoken)) != len(spoken):
        raise Refusal("languages", _("Write it in Vietnamese, and once in each other language."))
    if len(spoken) > MOST_LANGUAGES or any(one not in languages() for one in spoken):
        raise Refusal("languages", _("Five languages at most, from the list."))
    said = [Further(one.language, _clean(one.alert), _clean(one.retraction)) for one in written]
    check_blanks([one.alert.text for one in said], draft.blanks)
    for one in said:
        _check_further(one)
    return said


def _check_further(said: Further) -> None:
    ready = (said.alert.ready, said.retraction.ready, said.retraction.text)
    if any(map(has_braces, (*ready, said.alert.headline, said.retraction.headline))):
        raise Refusal("ready-blank", _("What lies ready has no blanks: it is sent word for word."))
    voiced = languages()[said.language].has_computer_voice
    one_only = (said.alert.recording is None) != (said.retraction.recording is None)
    if one_only and not voiced:
        raise Refusal("heard-halfway", _HALFWAY % {"language": language_name(said.language)})


def _clean(said: Said) -> Said:
    headline, text, ready = (
        " ".join(clean_text(one).split()) for one in (said.headline, said.text, said.ready)
    )
    cleaned = Said(headline, text, ready, said.recording)
    if not (cleaned.headline and cleaned.text and cleaned.ready):
        raise Refusal("words-missing", _("A headline and a text are needed."))
    longest = max(len(cleaned.text), len(cleaned.ready))
    if len(cleaned.headline) > MOST_HEADLINE or longest > MOST_TEXT:
        raise Refusal("words-long", _("This is too long to be understood over a loudspeaker."))
    return cleaned


def _keep_text(
    version: TemplateVersion, use: str, language: str, said: Said, now: datetime
) -> None:
    sound = sound_of(
        unit=version.template.unit,
        language=language,
        text=f"{said.headline}\n{said.ready}",
        recording=said.recording,
        by=version.made_by,
        now=now,
    )
    TemplateText.objects.create(
        version=version,
        use=use,
        language=language,
        headline=said.headline,
        text=said.text,
        ready=said.ready,
        way=sound.way,
        rendition=sound.rendition,
    )


def template_sha256(version: TemplateVersion) -> str:
    """Of all that two people approve: words and sounds in every language, blanks, limits."""
    return digest(canonical(dict(_bound(version))))


def _bound(version: TemplateVersion) -> Iterator[tuple[str, Any]]:
    yield "event", version.template.event
    for name in _BOUND:
        yield name, getattr(version, name)
    yield "blanks", [_exact(blank) for blank in blanks_of(version)]
    yield (
        "said",
        [
            {
                "use": one.use,
                "language": one.language,
                "headline": one.headline,
                "text": one.text,
                "ready": one.ready,
                "way": one.way,
                "sound": one.rendition.key if one.rendition else None,
            }
            for one in version.texts.select_related("rendition").order_by("id")
        ],
    )


def _exact(blank: Blank) -> dict[str, Any]:
    return {**blank.table(), "least": repr(blank.least), "most": repr(blank.most)}


def _note(action: str, version: TemplateVersion, by: Person, now: datetime, **detail: Any) -> None:
    subject = f"alert-template:{version.template_id}"
    unit = version.template.unit
    record(action, subject, by=by, unit=unit, now=now, version=version.number, **detail)


_NOT_AS_WRITTEN = _(
    "It is not as it was written, or it was written before more was bound by approval. Edit and "
    "save it once more; then two people approve it."
)
_HALFWAY = _(
    "%(language)s: bring a recording of the alert and one of its retraction, or neither. Whoever "
    "heard the one must hear the other."
)
