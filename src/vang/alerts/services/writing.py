"""Drafts: made, edited, submitted, returned. Nothing here makes a sound."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.alerts import notices
from vang.alerts.access import guard
from vang.alerts.binding import content_sha256
from vang.alerts.contents import Contents, Words, checked, table_of
from vang.alerts.models import Alert, AlertText, AlertVersion, MsgType, Status
from vang.alerts.services.acting import begin, move, record
from vang.alerts.sounds import sound_of
from vang.alerts.states import STANDING, Act, Who
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.orgs.models import Unit
from vang.people.models import Person


@transaction.atomic
def create_alert(
    *,
    unit: Unit,
    contents: Contents,
    by: Person,
    now: datetime,
    status: str = Status.TEST,
    updates: Alert | None = None,
    source: str = "",
    copied_from: Alert | None = None,
) -> Alert:
    """A draft; a test unless somebody says otherwise, now and never again. Raises Refusal.

    ``updates``: the alert in force that it shall replace, with all that this one refers to.
    """
    guard(by, Who.WRITER, unit, now)
    words = checked(contents, Status(status))
    if updates is not None:
        _check_update(updates, unit, status)
    alert = Alert.objects.create(
        unit=unit,
        msg_type=MsgType.UPDATE if updates else MsgType.ALERT,
        status=Status(status),
        source=source[:500],
        copied_from=copied_from,
        created_by=by,
        created_at=now,
    )
    if updates is not None:
        alert.references.add(updates, *_still_standing(updates))
    _new_version(alert, contents, words, by, now)
    record("create-alert", alert, by, now, msg_type=alert.msg_type)
    return alert


@transaction.atomic
def edit_alert(*, alert: Alert, contents: Contents, by: Person, now: datetime) -> Alert:
    """Another version: whatever was approved is approved no more. Raises Refusal."""
    fresh = begin(Act.EDIT, alert, by, now)
    words = checked(contents, fresh.status)
    move(Act.EDIT, fresh)
    fresh.submitted_by = fresh.submitted_at = None
    fresh.content_sha256 = ""
    _new_version(fresh, contents, words, by, now)
    record("edit-alert", fresh, by, now, version=fresh.version.number)
    return fresh


@transaction.atomic
def submit_alert(*, alert: Alert, by: Person, now: datetime) -> Alert:
    """Freeze what it says, and ask for two approvals. Raises Refusal."""
    fresh = begin(Act.SUBMIT, alert, by, now)
    move(Act.SUBMIT, fresh)
    fresh.submitted_by, fresh.submitted_at, fresh.told = by, now, ""
    fresh.content_sha256 = content_sha256(table_of(_with_texts(fresh)))
    fresh.save()
    record("submit-alert", fresh, by, now, sha256=fresh.content_sha256)
    notices.tell_approvers(fresh, by=by, now=now)
    return fresh


@transaction.atomic
def return_alert(*, alert: Alert, reason: str, by: Person, now: datetime) -> Alert:
    """Back to its writer, with a reason. Raises Refusal."""
    return _sent_back(Act.RETURN, alert, reason, by, now)


@transaction.atomic
def reject_alert(*, alert: Alert, reason: str, by: Person, now: datetime) -> Alert:
    """Never to be sent, with a reason. Raises Refusal."""
    return _sent_back(Act.REJECT, alert, reason, by, now)


def copy_alert(*, alert: Alert, status: str, by: Person, now: datetime) -> Alert:
    """The same words as a new draft of the status chosen: a drill is copied, never converted.

    Raises Refusal.
    """
    words = contents_of(alert.version)
    if status == Status.EXERCISE and not words.note:
        words = Contents(**{**vars(words), "note": str(_("Copied from an alert, as a drill."))})
    return create_alert(
        unit=alert.unit, contents=words, by=by, now=now, status=status, copied_from=alert
    )


def contents_of(version: AlertVersion) -> Contents:
    """As it could be kept again."""
    from vang.alerts.areas import Area  # noqa: PLC0415 - for the type of one field

    texts = version.texts.select_related("rendition__recording")
    return Contents(
        event=version.event,
        area=Area(
            tuple(version.units),
            tuple(version.villages),
            tuple((unit, one) for unit, one in version.clusters),
            version.area_words,
        ),
        words=tuple(
            Words(
                one.language,
                one.headline,
                one.text,
                one.instruction,
                one.rendition.recording if one.rendition and one.way == "RECORDED" else None,
            )
            for one in texts
        ),
        category=version.category,
        response=version.response,
        urgency=version.urgency,
        severity=version.severity,
        certainty=version.certainty,
        onset=version.onset,
        lasts_min=version.lasts_min,
        contact=version.contact,
        note=version.note,
        template=version.template,
        values=version.values,
        polygons=tuple(version.polygons),
        circle=version.circle,
    )


def _sent_back(act: Act, alert: Alert, reason: str, by: Person, now: datetime) -> Alert:
    told = " ".join(clean_text(reason).split())[:1000]
    if not told:
        raise Refusal("reason-missing", _("Say why, so that its writer can mend it."))
    fresh = begin(act, alert, by, now)
    move(act, fresh)
    fresh.told = told
    fresh.save()
    record(f"{act.value}-alert", fresh, by, now, reason=told)
    notices.tell_writer(fresh, by=by, now=now)
    return fresh


def _new_version(
    alert: Alert, contents: Contents, words: tuple[Words, ...], by: Person, now: datetime
) -> None:
    area = contents.area
    version = AlertVersion.objects.create(
        alert=alert,
        number=alert.versions.count() + 1,
        made_by=by,
        made_at=now,
        template=contents.template,
        values=dict(contents.values),
        event=contents.event,
        category=contents.category,
        response=contents.response,
        urgency=contents.urgency,
        severity=contents.severity,
        certainty=contents.certainty,
        area_words=area.words[:300],
        units=list(area.units),
        villages=list(area.villages),
        clusters=[list(pair) for pair in area.clusters],
        polygons=list(contents.polygons),
        circle=contents.circle,
        onset=contents.onset,
        lasts_min=contents.lasts_min,
        contact=contents.contact[:200],
        note=contents.note.strip()[:500],
    )
    for one in words:
        text = AlertText(
            version=version,
            language=one.language,
            headline=one.headline,
            text=one.text,
            instruction=one.instruction,
        )
        sound = sound_of(
            unit=alert.unit,
            language=one.language,
            text=text.spoken,
            recording=one.recording,
            by=by,
            now=now,
        )
        text.way, text.rendition = sound.way, sound.rendition
        text.save()
    alert.current = version
    alert.save()


def _with_texts(alert: Alert) -> AlertVersion:
    found = AlertVersion.objects.select_related("alert__unit", "template")
    return found.prefetch_related("texts__rendition").get(pk=alert.version.pk)


def _check_update(old: Alert, unit: Unit, status: str) -> None:
    if old.unit_id != unit.pk or old.state not in STANDING:
        raise Refusal("not-standing", _("Only an alert that is in force can be updated."))
    if old.status != status:
        raise Refusal("other-status", _("A test never replaces the real thing, nor it a test."))


def _still_standing(old: Alert) -> list[Alert]:
    return list(old.references.filter(state__in=STANDING))
