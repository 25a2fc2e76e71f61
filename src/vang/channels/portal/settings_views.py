"""The administrator's pages about what the public page tells of the unit."""

from django.contrib import messages
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.channels.portal import telling
from vang.channels.portal.forms import ProfileForm, SectionForm
from vang.channels.portal.models import Profile, Section
from vang.people.access import Role, current_unit, require, signed_in
from vang.people.people import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Contact, who answers, and the list of the unit's parts."""
    unit, person = current_unit(request), person_of(request)
    require(person, Role.ADMINISTRATOR, unit, local_date(now()))
    known = Profile.objects.filter(unit=unit).first()
    form = ProfileForm(request.POST or None, initial=model_to_dict(known) if known else None)
    if request.method == "POST" and form.is_valid():
        try:
            telling.save_profile(unit=unit, fields=form.cleaned_data, by=person, now=now())
        except Refusal as refusal:
            form.add_error("site_address", str(refusal))
        else:
            messages.success(request, _("Saved. The public page is being written anew."))
            return redirect("portal-settings:profile")
    context = {"unit": unit, "form": form, "sections": Section.objects.filter(unit=unit)}
    return render(request, "portal_settings/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def section(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One part of the unit, a new one for 0."""
    unit, person = current_unit(request), person_of(request)
    require(person, Role.ADMINISTRATOR, unit, local_date(now()))
    known = _section(request, pk) if pk else None
    form = SectionForm(request.POST or None, initial=model_to_dict(known) if known else None)
    if request.method == "POST" and form.is_valid():
        try:
            telling.save_section(
                unit=known.unit if known else unit,
                section=known,
                fields=form.cleaned_data,
                by=person,
                now=now(),
            )
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved. The public page is being written anew."))
            return redirect("portal-settings:profile")
    return render(request, "portal_settings/section.html", {"form": form, "section": known})


def _section(request: HttpRequest, pk: int) -> Section:
    found = Section.objects.filter(pk=pk).select_related("unit").first()
    if found is None:
        raise Http404
    require(person_of(request), Role.ADMINISTRATOR, found.unit, local_date(now()))
    return found


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a part away."""
    telling.remove_section(section=_section(request, pk), by=person_of(request), now=now())
    messages.success(request, _("Taken away."))
    return redirect("portal-settings:profile")


@require_POST
@signed_in
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up, or down with ``down`` in the form."""
    up = "down" not in request.POST
    telling.move_section(section=_section(request, pk), up=up, by=person_of(request), now=now())
    return redirect("portal-settings:profile")
