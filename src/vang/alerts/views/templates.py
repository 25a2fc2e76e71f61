"""Templates: taken over, written, approved by two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.alerts import services
from vang.alerts.access import WRITERS, open_template, templates_for
from vang.alerts.lengths import lengths_of
from vang.alerts.models import AlertTemplate, TemplateText, TemplateVersion, Way
from vang.alerts.services.templates import Draft, Further, blanks_of
from vang.alerts.starters import BY_KEY, STARTERS
from vang.alerts.template_forms import Filled, Keep, filled_in, row_of, said_of, with_one_more
from vang.alerts.views.recordings import recording_of
from vang.base.clock import local_date, now
from vang.base.languages import VIETNAMESE, language_name
from vang.base.refusals import Refusal
from vang.library.models import Recording
from vang.orgs.models import Unit
from vang.people.access import DECIDE, current_unit, here, require, signed_in
from vang.people.people import person_of


@require_safe
@signed_in
def template_list(request: HttpRequest) -> HttpResponse:
    """Those in service, and national ones to take over."""
    unit = current_unit(request)
    found = list(templates_for(unit).prefetch_related("versions"))
    taken = {one.event for one in found if one.unit_id == unit.pk}
    context = {
        "unit": unit,
        "rows": [(one, _waiting(one)) for one in found],
        "starters": [one for one in STARTERS if one.event not in taken],
        "writer": not here(request).roles.isdisjoint(WRITERS),
    }
    return render(request, "alerts/templates.html", context)


def _waiting(template: AlertTemplate) -> TemplateVersion | None:
    """The newest version while two have not approved it."""
    newest = max(template.versions.all(), key=lambda one: one.number, default=None)
    return newest if newest is not None and not newest.is_approved else None


@require_POST
@signed_in
def take_over(request: HttpRequest, key: str) -> HttpResponse:
    """A national template becomes the commune's own, to be approved by two."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, WRITERS, unit, local_date(moment))
    starter = BY_KEY.get(key)
    if starter is None:
        raise Http404
    try:
        made = services.template_from_starter(unit=unit, starter=starter, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("alerts:templates")
    messages.success(request, _("Taken over. Two others must approve it before it counts."))
    return redirect("alerts:template", made.template_id)


@require_safe
@signed_in
def template_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Its words, its sounds, and the approval."""
    person = person_of(request)
    template, held = open_template(person, pk, local_date(now()))
    versions = template.versions.select_related("made_by", "first_by", "second_by")
    newest = versions.order_by("-number")[0]
    decider = not held.isdisjoint(DECIDE)
    makers = {newest.made_by_id, newest.first_by_id}
    texts = list(newest.texts.select_related("rendition"))
    lengths = lengths_of(texts, newest.most_s)
    too_long = [one.words for one in lengths if one.made and not one.fits]
    open_to = decider and not newest.is_approved
    context = {
        "template": template,
        "version": newest,
        "in_force": template.approved,
        "texts": texts,
        "lengths": lengths,
        "too_long": too_long,
        "blanks": blanks_of(newest),
        "may_approve": open_to and person.pk not in makers and not too_long,
        "barred": open_to and person.pk in makers,
        "may_edit": not held.isdisjoint(WRITERS),
        "may_retire": decider,
    }
    return render(request, "alerts/template.html", context)


@require_POST
@signed_in
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """One of two."""
    person, moment = person_of(request), now()
    template, _held = open_template(person, pk, local_date(moment))
    version = template.versions.order_by("-number")[0]
    try:
        services.approve_template(
            version=version, sha256=request.POST.get("sha256", ""), by=person, now=moment
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Approved."))
    return redirect("alerts:template", pk)


@require_POST
@signed_in
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of service."""
    person, moment = person_of(request), now()
    template, _held = open_template(person, pk, local_date(moment))
    try:
        services.retire_template(template=template, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("alerts:template", pk)
    messages.success(request, _("The template is out of service."))
    return redirect("alerts:templates")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """A template of one's own, where no national one fits."""
    unit, person = current_unit(request), person_of(request)
    require(person, WRITERS, unit, local_date(now()))
    return _written(request, unit, None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another version: the old one stays in force until two approve this one."""
    person, moment = person_of(request), now()
    template, _held = open_template(person, pk, local_date(moment))
    require(person, WRITERS, template.unit, local_date(moment))
    return _written(request, template.unit, template)


def _written(request: HttpRequest, unit: Unit, template: AlertTemplate | None) -> HttpResponse:
    old = template.versions.order_by("-number")[0] if template else None
    texts = list(old.texts.select_related("rendition__recording")) if old else []
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = filled_in(data, files, _initial(old, texts), new=old is None)
    more = request.POST.get("more", "")
    if more:
        form = with_one_more(form, more, new=old is None)
    elif request.method == "POST" and form.is_valid():
        kept = _Kept(request, unit, texts)
        try:
            made = services.make_template(
                unit=unit,
                draft=_draft(form, template, kept),
                by=person_of(request),
                now=now(),
                template=template,
            )
        except Refusal as refusal:
            form.main.add_error(None, str(refusal))
        else:
            _tell(request, made, texts)
            return redirect("alerts:template", made.template_id)
    context = {"form": form, "template": template, "unit": unit, "spoken": _spoken(texts)}
    status = 422 if form.main.is_bound else 200
    return render(request, "alerts/template_form.html", context, status=status)


@dataclass(frozen=True)
class _Kept:
    """Recordings: one that comes now, else the old one of the very same words."""

    request: HttpRequest
    unit: Unit
    texts: Sequence[TemplateText]

    def __call__(self, sent: Any, headline: str, ready: str) -> Recording | None:
        """Raises Refusal for what is no recording."""
        brought = recording_of(self.request, sent, self.unit)
        if brought is not None:
            return brought
        same = [one for one in self.texts if (one.headline, one.ready) == (headline, ready)]
        return next(
            (one.rendition.recording for one in same if one.rendition and one.way == Way.RECORDED),
            None,
        )


def _tell(request: HttpRequest, made: TemplateVersion, old: Sequence[TemplateText]) -> None:
    messages.success(request, _("Kept as a new version. Two others must approve it."))
    silent = set(made.texts.filter(rendition=None).values_list("language", flat=True))
    lost = {one.language for one in old if one.rendition} & silent
    for code in sorted(lost):
        words = _("%(language)s is only to be read now: the recording said other words.")
        messages.warning(request, words % {"language": capfirst(language_name(code))})


def _spoken(texts: Sequence[TemplateText]) -> list[str]:
    """Languages that people have spoken."""
    return list(dict.fromkeys(one.language for one in texts if one.way == Way.RECORDED))


def _initial(version: TemplateVersion | None, texts: Sequence[TemplateText]) -> dict[str, Any]:
    if version is None:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for one in texts:
        row = found.setdefault(one.language, {"language": one.language})
        if one.use == TemplateText.Use.ALERT:
            row |= {"headline": one.headline, "text": one.text, "ready": one.ready}
        else:
            row |= {"retraction_headline": one.headline, "retraction": one.ready}
    grades = ("category", "response", "urgency", "severity", "certainty", "most_s")
    return {
        **found.pop(VIETNAMESE),
        **{name: getattr(version, name) for name in grades},
        "lasts_h": max(1, version.lasts_min // 60),
        "blanks": [row_of(blank) for blank in blanks_of(version)],
        "further": list(found.values()),
    }


def _draft(form: Filled, template: AlertTemplate | None, keep: Keep) -> Draft:
    """Raises Refusal for a file that is no recording."""
    data = form.main.cleaned_data
    alert, retraction = said_of(data, keep)
    rows = [row for row in form.further.forms if row.is_given]
    return Draft(
        name=template.name if template else data["name"],
        event=template.event if template else data["event"],
        alert=alert,
        retraction=retraction,
        further=tuple(Further(row.cleaned_data["language"], *row.said(keep)) for row in rows),
        blanks=tuple(row.blank for row in form.blanks.forms if row.blank is not None),
        category=data["category"],
        response=data["response"],
        urgency=data["urgency"],
        severity=data["severity"],
        certainty=data["certainty"],
        lasts_min=data["lasts_h"] * 60,
        most_s=data["most_s"],
    )
