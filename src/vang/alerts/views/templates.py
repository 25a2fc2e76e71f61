"""Templates: taken over, written, approved by two."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.alerts import services
from vang.alerts.access import WRITERS, open_template, templates_for
from vang.alerts.forms import TemplateForm
from vang.alerts.models import AlertTemplate, TemplateText, TemplateVersion
from vang.alerts.services.templates import Draft, Said, blanks_of
from vang.alerts.starters import BY_KEY, STARTERS
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
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
    context = {
        "template": template,
        "version": newest,
        "in_force": template.approved,
        "texts": list(newest.texts.select_related("rendition")),
        "blanks": blanks_of(newest),
        "may_approve": decider and not newest.is_approved and person.pk not in makers,
        "barred": decider and not newest.is_approved and person.pk in makers,
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
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another version: the old one stays in force until two approve this one."""
    person, moment = person_of(request), now()
    template, _held = open_template(person, pk, local_date(moment))
    require(person, WRITERS, template.unit, local_date(moment))
    old = template.versions.order_by("-number")[0]
    form = TemplateForm(request.POST or None, initial=_initial(old))
    if request.method == "POST" and form.is_valid():
        try:
            services.make_template(
                unit=template.unit,
                draft=_draft(form, old),
                by=person,
                now=moment,
                template=template,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept as a new version. Two others must approve it."))
            return redirect("alerts:template", pk)
    context = {"form": form, "template": template, "blanks": blanks_of(old)}
    status = 422 if form.is_bound else 200
    return render(request, "alerts/template_form.html", context, status=status)


def _initial(version: TemplateVersion) -> dict[str, Any]:
    said = {one.use: one for one in version.texts.all()}
    alert, retraction = said[TemplateText.Use.ALERT], said[TemplateText.Use.RETRACTION]
    return {
        "name": version.template.name,
        "event": version.template.event,
        "headline": alert.headline,
        "text": alert.text,
        "ready": alert.ready,
        "retraction_headline": retraction.headline,
        "retraction": retraction.ready,
        "category": version.category,
        "response": version.response,
        "urgency": version.urgency,
        "severity": version.severity,
        "certainty": version.certainty,
        "most_s": version.most_s,
    }


def _draft(form: TemplateForm, old: TemplateVersion) -> Draft:
    data = form.cleaned_data
    return Draft(
        name=data["name"],
        event=data["event"],
        alert=Said(data["headline"], data["text"], data["ready"]),
        retraction=Said(data["retraction_headline"], data["retraction"], data["retraction"]),
        blanks=tuple(blanks_of(old)),
        category=data["category"],
        response=data["response"],
        urgency=data["urgency"],
        severity=data["severity"],
        certainty=data["certainty"],
        lasts_min=old.lasts_min,
        most_s=data["most_s"],
    )
