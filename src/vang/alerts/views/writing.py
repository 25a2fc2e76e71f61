"""Drafts: from a template, a starter, free words; edited, submitted, copied."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.alerts import services
from vang.alerts.access import WRITERS, open_alert, template_to_use
from vang.alerts.areas import Area, area_of, choices_of
from vang.alerts.blanks import Blank, shown
from vang.alerts.contents import Contents, Words
from vang.alerts.forms import BlankForm, PlaceForm, WordsForm, said_in
from vang.alerts.models import Alert, AlertVersion, Status, TemplateText, TemplateVersion
from vang.alerts.models.words import CATEGORY_OF, Event, Way
from vang.alerts.services.templates import blanks_of
from vang.alerts.services.writing import contents_of
from vang.alerts.starters import BY_KEY, Starter
from vang.alerts.views.recordings import recording_of
from vang.base.clock import local_date, now
from vang.base.languages import VIETNAMESE, languages
from vang.base.refusals import Refusal
from vang.library.models import Recording
from vang.orgs.models import Unit
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of


@dataclass(frozen=True)
class Asked:
    """One language with its blanks. ``recording``: a person has spoken ``ready``."""

    language: str
    headline: str
    text: str
    ready: str = ""
    recording: Recording | None = None

    @property
    def heard(self) -> bool:
        """Whether it can be heard once it is filled in."""
        spoken = self.recording is not None and self.text == self.ready
        return spoken or languages()[self.language].has_computer_voice

    def words(self, form: BlankForm) -> Words:
        """Filled in. What a person has spoken is heard where it says the very same."""
        text = form.filled(self.text, self.language)
        recording = self.recording if text == self.ready else None
        return Words(self.language, self.headline, text, recording=recording)


@dataclass(frozen=True)
class Form:
    """What a form with blanks is made of: an approved template or a starter."""

    name: str
    said: tuple[Asked, ...]
    blanks: tuple[Blank, ...]
    source: Starter | TemplateVersion

    @property
    def shown(self) -> list[tuple[Asked, str]]:
        """Each language, and its text with the labels of the blanks."""
        return [(one, shown(one.text, self.blanks)) for one in self.said]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_from_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Only blanks, place and "real or not" are asked."""
    unit = _writing_unit(request)
    version = template_to_use(unit, pk)
    texts = version.texts.filter(use=TemplateText.Use.ALERT).select_related("rendition__recording")
    said = tuple(_asked(one) for one in texts)
    form = Form(version.template.name, said, tuple(blanks_of(version)), version)
    return _filled_in(request, unit, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_from_starter(request: HttpRequest, key: str) -> HttpResponse:
    """The national words, where the commune has approved none of its own yet."""
    unit = _writing_unit(request)
    starter = BY_KEY.get(key)
    if starter is None:
        raise Http404
    said = Asked(VIETNAMESE, starter.headline, starter.text)
    form = Form(starter.name, (said,), starter.blanks, starter)
    return _filled_in(request, unit, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Free words; with ``updates`` the alert in force that it shall replace."""
    unit = _writing_unit(request)
    old = _updated(request)
    if old is not None:
        unit = old.unit
    options = _place_options(unit, fixed=old.status if old else "")
    initial = _initial(old.version) if old else None
    kept = _kept(old.version) if old else ()
    form = WordsForm(
        request.POST or None, request.FILES or None, initial=initial, kept=kept, **options
    )
    if request.method == "POST" and form.is_valid():
        return _make(request, unit, form, _contents(request, unit, form), updates=old)
    context = {"form": form, "unit": unit, "updates": old}
    return render(request, "alerts/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another version; what was signed is signed no more."""
    person, moment = person_of(request), now()
    alert = open_alert(person, pk, local_date(moment)).alert
    require(person, WRITERS, alert.unit, local_date(moment))
    options = _place_options(alert.unit, fixed=alert.status)
    form = WordsForm(
        request.POST or None,
        request.FILES or None,
        initial=_initial(alert.version),
        kept=_kept(alert.version),
        **options,
    )
    if request.method == "POST" and form.is_valid():
        try:
            contents = _edited(request, alert, form)
            services.edit_alert(alert=alert, contents=contents, by=person, now=moment)
            if "submit" in request.POST:
                services.submit_alert(alert=alert, by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Whatever was signed before counts no more."))
            return redirect("alerts:alert", alert.pk)
    context = {"form": form, "unit": alert.unit, "alert": alert}
    return render(request, "alerts/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same words as a new draft, as what the person says."""
    person, moment = person_of(request), now()
    alert = open_alert(person, pk, local_date(moment)).alert
    status = request.POST.get("status", Status.TEST)
    if status not in Status.values:
        raise Http404
    try:
        made = services.copy_alert(alert=alert, status=status, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("alerts:alert", alert.pk)
    messages.success(request, _("Copied as a new draft."))
    return redirect("alerts:alert", made.pk)


def _writing_unit(request: HttpRequest) -> Unit:
    unit = current_unit(request)
    require(person_of(request), WRITERS, unit, local_date(now()))
    return unit


def _updated(request: HttpRequest) -> Alert | None:
    key = request.GET.get("updates", "")
    if not key:
        return None
    try:
        pk = UUID(key)
    except ValueError:
        raise Http404 from None
    person, today = person_of(request), local_date(now())
    alert = open_alert(person, pk, today).alert
    require(person, WRITERS, alert.unit, today)
    return alert


def _place_options(unit: Unit, fixed: str = "") -> dict[str, Any]:
    choices = choices_of(unit, local_date(now()))
    whole = unit.full_name if unit.level == Unit.Level.COMMUNE else ""
    return {"choices": choices, "whole": whole, "fixed": fixed}


def _filled_in(request: HttpRequest, unit: Unit, made_of: Form) -> HttpResponse:
    options = _place_options(unit)
    villages = [one.full_name for one in options["choices"]]
    initial = {"lasts_h": max(1, made_of.source.lasts_min // 60)}
    form = BlankForm(
        request.POST or None, blanks=made_of.blanks, villages=villages, initial=initial, **options
    )
    if request.method == "POST" and form.is_valid():
        contents = _from_blanks(unit, form, made_of)
        if contents is not None:
            return _make(request, unit, form, contents, made_of=made_of)
    context = {"form": form, "unit": unit, "made_of": made_of}
    return render(request, "alerts/fill.html", context, status=422 if form.is_bound else 200)


def _asked(text: TemplateText) -> Asked:
    spoken = text.way == Way.RECORDED and text.rendition is not None
    recording = text.rendition.recording if spoken and text.rendition else None
    return Asked(text.language, text.headline, text.text, text.ready, recording)


def _from_blanks(unit: Unit, form: BlankForm, made_of: Form) -> Contents | None:
    source = made_of.source
    version = source if isinstance(source, TemplateVersion) else None
    event = source.template.event if isinstance(source, TemplateVersion) else source.event
    area = _area(unit, form)
    if area is None:
        return None
    return Contents(
        event=event,
        area=area,
        words=tuple(one.words(form) for one in made_of.said),
        category=source.category,
        response=source.response,
        urgency=source.urgency,
        severity=source.severity,
        certainty=source.certainty,
        lasts_min=form.cleaned_data["lasts_h"] * 60,
        note=form.cleaned_data["note"],
        template=version,
        values=form.values,
    )


def _area(unit: Unit, form: PlaceForm) -> Area | None:
    try:
        return area_of(unit, form.cleaned_data["places"], local_date(now()))
    except Refusal as refusal:
        form.add_error("places", str(refusal))
        return None


def _contents(request: HttpRequest, unit: Unit, form: WordsForm) -> Contents | None:
    area = _area(unit, form)
    if area is None:
        return None
    data = form.cleaned_data
    try:
        recording = recording_of(request, request.FILES.get("recording"), unit)
    except Refusal as refusal:
        form.add_error("recording", str(refusal))
        return None
    words = [Words(VIETNAMESE, data["headline"], data["text"], data["instruction"], recording)]
    words += [Words(*further) for further in form.further]
    return Contents(
        event=data["event"],
        area=area,
        words=tuple(words),
        category=CATEGORY_OF[Event(data["event"])],
        response=data["response"],
        urgency=data["urgency"],
        severity=data["severity"],
        certainty=data["certainty"],
        lasts_min=data["lasts_h"] * 60,
        note=data["note"],
    )


def _edited(request: HttpRequest, alert: Alert, form: WordsForm) -> Contents:
    """Raises Refusal. Where the words are still the template's, it remains from the template."""
    made = _contents(request, alert.unit, form)
    if made is None:
        raise Refusal("area", _("Choose from the places that are listed."))
    old = contents_of(alert.version)
    spoken = {replace(one, recording=None): one.recording for one in old.words}
    words = tuple(
        one if one.recording else replace(one, recording=spoken.get(one)) for one in made.words
    )
    made = replace(made, words=words, onset=old.onset, contact=old.contact)
    if made.area == old.area:
        made = replace(made, polygons=old.polygons, circle=old.circle)
    if replace(made.words[0], recording=None) in spoken:
        made = replace(made, template=old.template, values=old.values)
    return made


def _make(
    request: HttpRequest,
    unit: Unit,
    form: PlaceForm,
    contents: Contents | None,
    *,
    updates: Alert | None = None,
    made_of: Form | None = None,
) -> HttpResponse:
    person, moment = person_of(request), now()
    template = "alerts/fill.html" if made_of else "alerts/form.html"
    context = {"form": form, "unit": unit, "updates": updates, "made_of": made_of}
    if contents is None:
        return render(request, template, context, status=422)
    try:
        alert = services.create_alert(
            unit=unit,
            contents=contents,
            by=person,
            now=moment,
            status=updates.status if updates else form.cleaned_data["status"],
            updates=updates,
        )
        if "submit" in request.POST:
            services.submit_alert(alert=alert, by=person, now=moment)
            messages.success(request, _("Submitted. Two others must sign it now; they were told."))
        else:
            messages.success(request, _("Saved as a draft."))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, template, context, status=422)
    return redirect("alerts:alert", alert.pk)


def _initial(version: AlertVersion) -> dict[str, Any]:
    texts = {one.language: one for one in version.texts.all()}
    said = texts[VIETNAMESE]
    found = {
        "event": version.event,
        "headline": said.headline,
        "text": said.text,
        "instruction": said.instruction,
        "places": version.villages or ([] if len(version.units) == 1 else version.units),
        "lasts_h": max(1, version.lasts_min // 60),
        "note": version.note,
        "response": version.response,
        "urgency": version.urgency,
        "severity": version.severity,
        "certainty": version.certainty,
    }
    for code in _kept(version):
        one = texts[code]
        found |= said_in(code, one.headline, one.text, one.instruction)
    return found


def _kept(version: AlertVersion) -> list[str]:
    """Its languages but Vietnamese."""
    return [one.language for one in version.texts.all() if one.language != VIETNAMESE]
