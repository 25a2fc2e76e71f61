"""A document → rows beside their sentences → a plan."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.library.documents import TOO_LARGE
from vang.library.uploads import dropped_uploads
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of
from vang.plans import services
from vang.plans.access import NEWSROOM, open_draft, open_row
from vang.plans.forms import DocumentForm, RowForm, known_row
from vang.plans.models import Draft, DraftRow
from vang.plans.recognition.duties import duties_in
from vang.plans.services.drafting import TAKEN

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bring(request: HttpRequest) -> HttpResponse:
    """Choose the document."""
    unit, person = current_unit(request), person_of(request)
    require(person, NEWSROOM, unit, local_date(now()))
    posted = request.method == "POST"
    form = DocumentForm(*(request.POST, request.FILES) if posted else ())
    if posted and form.is_valid():
        pasted = form.cleaned_data["text"] and not form.cleaned_data["document"]
        try:
            name, content = _sent(request, form)
            draft = services.take_document(
                unit=unit, file_name=name, content=content, by=person, now=now()
            )
        except Refusal as refusal:
            log.info("a plan for unit %s was not read: %s", unit.pk, refusal.code)
            form.add_error("text" if pasted else "document", str(refusal))
        else:
            return redirect("plans:draft", draft.pk)
    context = {"form": form, "unit": unit}
    return render(request, "plans/bring.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest, form: DocumentForm) -> tuple[str, bytes]:
    """Name and bytes of the file, or of the text that was pasted. Raises Refusal."""
    if "document" in dropped_uploads(request):
        raise Refusal("document-too-large", TOO_LARGE)
    file, text = form.cleaned_data["document"], form.cleaned_data["text"]
    if file is not None:
        return file.name or "", file.read()
    if text.strip():
        return _("pasted text") + ".txt", text.encode()
    raise Refusal("no-file", _("Choose the file first, or paste its text."))


@require_safe
@signed_in
def draft_page(request: HttpRequest, pk: int) -> HttpResponse:
    """All rows beside the words they were read from."""
    draft = open_draft(person_of(request), pk, local_date(now()))
    if draft.plan_id is not None:
        return redirect("plans:plan", draft.plan_id)
    rows = list(draft.rows.all())
    context = {
        "draft": draft,
        "head": draft.head,
        "sections": _sections(draft, rows),
        "tasks": sum(_goes(row) and row.kind == "task" for row in rows),
        "objectives": sum(_goes(row) and row.kind == "objective" for row in rows),
        "doubtful": sum(bool(row.doubts) and _goes(row) for row in rows),
        "unknown": sum(row.kind == "unknown" for row in rows),
    }
    return render(request, "plans/draft.html", context)


def _goes(row: DraftRow) -> bool:
    """Whether the row goes into the plan as things stand."""
    return row.kind in TAKEN and row.state != DraftRow.State.DROPPED


def _sections(draft: Draft, rows: list[DraftRow]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for row in rows:
        title = " › ".join(row.section)
        if not found or found[-1][0] != title:
            found.append((title, []))
        passage = draft.text[row.start : row.end]
        found[-1][1].append({"row": row, "passage": passage, "goes": _goes(row)})
    return found


@require_POST
@signed_in
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep which rows are taken; with "make" the plan is made at once."""
    person = person_of(request)
    draft = open_draft(person, pk, local_date(now()))
    require(person, NEWSROOM, draft.unit, local_date(now()))
    taken = {int(key) for key in request.POST.getlist("take") if key.isdecimal()}
    make = "make" in request.POST

    def act() -> None:
        services.set_taken(draft=draft, taken=taken, by=person, now=now())
        if make:
            services.make_plan(draft=draft, by=person, now=now())

    said = (
        _("The plan is made, as a draft. Look it over, then have it adopted.")
        if make
        else _("Saved.")
    )
    return done(request, act, said, "plans:draft", pk)


@require_POST
@signed_in
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the document aside."""
    person = person_of(request)
    draft = open_draft(person, pk, local_date(now()))
    require(person, NEWSROOM, draft.unit, local_date(now()))
    return done(
        request,
        lambda: services.drop_draft(draft=draft, by=person, now=now()),
        _("Put aside."),
        "plans:list",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def row_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one row."""
    person, today = person_of(request), local_date(now())
    row = open_row(person, pk, today)
    require(person, NEWSROOM, row.draft.unit, today)
    form = RowForm(request.POST or None, initial=known_row(row))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_row(row=row, reading=form.reading(), by=person, now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(f"/plans/drafts/{row.draft_id}#row-{row.pk}")
    context = {
        "form": form,
        "row": row,
        "passage": row.draft.text[row.start : row.end],
        "duties": [duty.text for duty in duties_in(row.text, 0, 0)],
    }
    return render(request, "plans/row.html", context)


@require_POST
@signed_in
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """One row for each duty."""
    person, today = person_of(request), local_date(now())
    row = open_row(person, pk, today)
    require(person, NEWSROOM, row.draft.unit, today)
    parts = [duty.text for duty in duties_in(row.text, 0, 0)]
    return done(
        request,
        lambda: services.split_row(row=row, parts=parts, by=person, now=now()),
        _("Divided. Each duty is a row of its own now."),
        f"/plans/drafts/{row.draft_id}#row-{row.pk}",
    )
