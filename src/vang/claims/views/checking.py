"""Steps, evidence and sources."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vang.base.clock import now
from vang.base.refusals import Refusal
from vang.claims import services
from vang.claims.forms import (
    SourceForm,
    StepForm,
)
from vang.claims.views.showing import acting, done_here, show_claim
from vang.library.attachments import attachment_response, sent_file
from vang.people.access import signed_in
from vang.people.people import person_of


@require_POST
@signed_in
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of checking."""
    sight, form = acting(request, pk), StepForm(request.POST)
    if not form.is_valid():
        return show_claim(request, sight, _("Write what was done."), status=422, step_form=form)
    fields = form.cleaned_data
    return done_here(
        request,
        sight,
        lambda: services.add_step(claim=sight.claim, **fields, by=person_of(request), now=now()),
        _("Added."),
        step_form=form,
    )


@require_POST
@signed_in
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a file that shows the claim."""
    sight = acting(request, pk)
    try:
        name, content = sent_file(request, "evidence")
    except Refusal as refusal:
        return show_claim(request, sight, str(refusal), status=422)
    return done_here(
        request,
        sight,
        lambda: services.add_evidence(
            claim=sight.claim,
            file_name=name,
            content=content,
            by=person_of(request),
            now=now(),
        ),
        _("Kept, named by its hash."),
    )


@require_safe
@signed_in
def file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """One file of the evidence; the journal notes who opened it."""
    sight = acting(request, pk)
    found = sight.claim.evidence.select_related("claim__unit").filter(pk=file_pk).first()
    if found is None:
        raise Http404
    services.note_looking(evidence=found, by=person_of(request), now=now())
    return attachment_response(found.sha256, found.name)


@require_POST
@signed_in
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """What the verdict rests on."""
    sight, form = acting(request, pk), SourceForm(request.POST)
    if not form.is_valid():
        words = _("Name the authority or the document; a link begins with https://.")
        return show_claim(request, sight, words, status=422, source_form=form)
    fields = form.cleaned_data
    return done_here(
        request,
        sight,
        lambda: services.add_source(claim=sight.claim, **fields, by=person_of(request), now=now()),
        _("Added."),
        source_form=form,
    )


@require_POST
@signed_in
def remove_source(request: HttpRequest, pk: int, source_pk: int) -> HttpResponse:
    """Take a source away."""
    sight = acting(request, pk)
    found = sight.claim.sources.select_related("claim").filter(pk=source_pk).first()
    if found is None:
        raise Http404
    return done_here(
        request,
        sight,
        lambda: services.remove_source(source=found, by=person_of(request), now=now()),
        _("Removed."),
    )
