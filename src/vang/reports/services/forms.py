"""Writing a form of one's own: always in a draft; what is in use is never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text, slug
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports.access import MANAGERS, guard
from vang.reports.models import Form, FormVersion, Indicator, Section

State = FormVersion.State
MOST_INDICATORS = 180
"""Two fields each: a page sends no more than 400."""


def create_form(
    *, unit: Unit, code: str, name: str, like: Form | None = None, by: Person, now: datetime
) -> FormVersion:
    """A form of the unit's own, empty or begun from another; as a draft. Raises Refusal."""
    with transaction.atomic():
        guard(by, MANAGERS, unit, now)
        clean = slug(code).upper()[:40]
        words = " ".join(clean_text(name).split())[:300]
        if not clean or not words:
            raise Refusal("name-missing", _NAME_MISSING)
        try:
            with transaction.atomic():
                form = Form.objects.create(unit=unit, code=clean, name=words)
        except IntegrityError as error:
            raise Refusal("form-known", _FORM_KNOWN) from error
        draft = FormVersion.objects.create(form=form, number=1, begun_by=by, begun_at=now)
        if like is not None and (source := newest(like)) is not None:
            _copy(source, draft)
        _record("report-form.create", form, by, now)
    return draft


def newest(form: Form) -> FormVersion | None:
    """The version in use."""
    return form.versions.filter(state=State.ISSUED).order_by("-number").first()


def begin_version(*, form: Form, by: Person, now: datetime) -> FormVersion:
    """A draft of the next version, a copy of the one in use. Begun already, it is answered.

    Raises Refusal.
    """
    with transaction.atomic():
        fresh = _locked(form, by, now)
        draft = fresh.versions.filter(state=State.DRAFT).first()
        if draft is not None:
            return draft
        last = newest(fresh)
        number = last.number + 1 if last else 1
        draft = FormVersion.objects.create(form=fresh, number=number, begun_by=by, begun_at=now)
        if last is not None:
            draft.basis = last.basis
            draft.save(update_fields=["basis"])
            _copy(last, draft)
        _record("report-form.begin-version", fresh, by, now, number=number)
    return draft


def save_indicator(
    *, version: FormVersion, pk: int | None, fields: Mapping[str, Any], by: Person, now: datetime
) -> Indicator:
    """Add an indicator to a draft, or change one. Raises Refusal."""
    with transaction.atomic():
        draft = _draft(version, by, now)
        rows = draft.indicators
        one = rows.filter(pk=pk).first() if pk else None
        if one is None:
            if rows.count() >= MOST_INDICATORS:
                raise Refusal("too-many", _TOO_MANY)
            last = rows.order_by("-place").values_list("place", flat=True).first()
            one = Indicator(version=draft, place=0 if last is None else last + 1)
        for name, value in fields.items():
            setattr(one, name, value)
        if not one.counted:
            one.rollup, one.formula, one.decimals = Indicator.Rollup.NONE, "", 0
        try:
            one.full_clean(exclude=["version"])
        except ValidationError as error:
            raise Refusal("indicator-wrong", " ".join(error.messages)) from error
        try:
            with transaction.atomic():
                one.save()
        except IntegrityError as error:
            raise Refusal("indicator-known", _CODE_KNOWN) from error
        _record("report-form.change", draft.form, by, now, indicator=one.code)
    return one


def remove_indicator(*, version: FormVersion, pk: int, by: Person, now: datetime) -> None:
    """Out of a draft. Raises Refusal."""
    with transaction.atomic():
        draft = _draft(version, by, now)
        draft.indicators.filter(pk=pk).delete()
        _record("report-form.change", draft.form, by, now)


def move_indicator(*, version: FormVersion, pk: int, down: bool, by: Person, now: datetime) -> None:
    """One place up or down in a draft. Raises Refusal."""
    with transaction.atomic():
        draft = _draft(version, by, now)
        rows = list(draft.indicators.order_by("place", "pk"))
        at = next((n for n, one in enumerate(rows) if one.pk == pk), None)
        to = None if at is None else at + (1 if down else -1)
        if at is None or to is None or not 0 <= to < len(rows):
            return
        rows[at], rows[to] = rows[to], rows[at]
        for place, one in enumerate(rows):
            one.place = place
        Indicator.objects.bulk_update(rows, ["place"])


def issue_version(*, version: FormVersion, by: Person, now: datetime) -> FormVersion:
    """Rounds opened from now on use it; those that are open stay on theirs. Raises Refusal."""
    with transaction.atomic():
        draft = _draft(version, by, now)
        if not draft.indicators.exists():
            raise Refusal("form-empty", _EMPTY)
        draft.state, draft.issued_by, draft.issued_at = State.ISSUED, by, now
        draft.save(update_fields=["state", "issued_by", "issued_at"])
        _record("report-form.issue", draft.form, by, now, number=draft.number)
    return draft


def drop_version(*, version: FormVersion, by: Person, now: datetime) -> None:
    """Give a draft up. Raises Refusal."""
    with transaction.atomic():
        draft = _draft(version, by, now)
        _record("report-form.drop-version", draft.form, by, now, number=draft.number)
        draft.delete()


def _copy(source: FormVersion, draft: FormVersion) -> None:
    model: Any
    for model in (Indicator, Section):
        rows = list(model.objects.filter(version=source))
        for row in rows:
            row.pk, row.version = None, draft
        model.objects.bulk_create(rows)


def _locked(form: Form, by: Person, now: datetime) -> Form:
    Form.objects.select_for_update().only("pk").get(pk=form.pk)
    fresh = Form.objects.select_related("unit").get(pk=form.pk)
    if fresh.unit is None:
        raise Refusal("form-of-all", _OF_ALL)
    guard(by, MANAGERS, fresh.unit, now)
    return fresh


def _draft(version: FormVersion, by: Person, now: datetime) -> FormVersion:
    _locked(version.form, by, now)
    fresh = FormVersion.objects.select_related("form__unit").get(pk=version.pk)
    if fresh.state != State.DRAFT:
        raise Refusal("form-in-use", _IN_USE)
    return fresh


def _record(action: str, form: Form, by: Person, now: datetime, **detail: Any) -> None:
    record(action, f"report-form:{form.pk}", by=by, unit=form.unit, now=now, **detail)


_NAME_MISSING = _("Give the form a code and a name.")
_FORM_KNOWN = _("The unit has a form of this code already.")
_CODE_KNOWN = _("The form has an indicator of this code already.")
_TOO_MANY = _("A form has 180 indicators at most.")
_EMPTY = _("The form has no indicator yet.")
_OF_ALL = _("This form came with the system. Make one of your own from it.")
_IN_USE = _("This version is in use. Begin a new version to change it.")
