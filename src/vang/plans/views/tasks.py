"""One task: its days, reports, proofs and evidence."""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.library.attachments import attachment_response, sent_file
from vang.library.uploads import dropped_uploads
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of
from vang.plans import services
from vang.plans.access import NEWSROOM, Sight, open_task
from vang.plans.counting import counted
from vang.plans.forms import (
    EvidenceForm,
    ProgressForm,
    ProofForm,
    TaskForm,
    known_task,
)
from vang.plans.models import Occurrence, Plan, Proof, Task
from vang.plans.standing import standing_of
from vang.plans.views.plans import sight_of

log = logging.getLogger(__name__)
_MOST_DAYS = 60


def _opened(request: HttpRequest, pk: int) -> tuple[Task, Sight]:
    return open_task(person_of(request), current_unit(request), pk, local_date(now()))


def _own(request: HttpRequest, pk: int) -> tuple[Task, Sight]:
    """For its newsroom. Raises Http404 or PermissionDenied."""
    task, sight = _opened(request, pk)
    require(person_of(request), NEWSROOM, task.plan.unit, local_date(now()))
    return task, sight


@require_safe
@signed_in
def task_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One task."""
    task, sight = _opened(request, pk)
    return _task_page(request, task, sight)


def _task_page(
    request: HttpRequest,
    task: Task,
    sight: Sight,
    refusal: str = "",
    *,
    evidence_form: EvidenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today, plan = local_date(now()), task.plan
    context = {
        "task": task,
        "plan": plan,
        "sight": sight,
        "standing": standing_of(task.percent, task.next_due, task.finished_on, today),
        "days": list(task.occurrences.select_related("done_by").order_by("due_on")[:_MOST_DAYS]),
        "today": today,
        "reports": list(task.reports.select_related("by")[:50]),
        "evidence": list(task.evidence.select_related("by")[:200]),
        "progress": ProgressForm(initial={"percent": task.percent}),
        "evidence_form": evidence_form or EvidenceForm(),
        "carried": list(
            task.derived.exclude(plan__state=Plan.State.DRAFT)
            .select_related("plan__unit")
            .order_by("plan__unit__name", "pk")[:200]
        )
        if sight.own
        else [],
        "refusal": refusal,
    }
    return render(request, "plans/task.html", context, status=status)


def _done(
    request: HttpRequest, task: Task, sight: Sight, act: Callable[[], object], said: str
) -> HttpResponse:
    """A refusal is said on the task's page."""

    def refused(refusal: Refusal) -> HttpResponse:
        return _task_page(request, task, sight, str(refusal), status=409)

    return done(request, act, said, "plans:task", task.pk, refused=refused)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """One task more."""
    sight = sight_of(request, pk)
    require(person_of(request), NEWSROOM, sight.plan.unit, local_date(now()))
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_task(plan=sight.plan, work=form.work(), by=person_of(request), now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Added."), "plans:plan", pk)
    return render(request, "plans/work.html", {"form": form, "plan": sight.plan, "task": None})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another content of a task."""
    task, _sight = _own(request, pk)
    form = TaskForm(request.POST or None, initial=known_task(task))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_task(task=task, work=form.work(), by=person_of(request), now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Saved."), "plans:task", pk)
    return render(request, "plans/work.html", {"form": form, "plan": task.plan, "task": task})


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of a draft."""
    task, _sight = _own(request, pk)
    return done(
        request,
        lambda: services.remove_task(task=task, by=person_of(request), now=now()),
        _("Removed."),
        "plans:plan",
        task.plan_id,
    )


@require_POST
@signed_in
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come."""
    task, sight = _own(request, pk)
    form = ProgressForm(request.POST)
    if not form.is_valid():
        return _task_page(request, task, sight, _("Give a percentage from 0 to 100."), status=422)
    return _done(
        request,
        task,
        sight,
        lambda: services.report_progress(
            task=task,
            percent=form.cleaned_data["percent"],
            text=form.cleaned_data["note"],
            by=person_of(request),
            now=now(),
        ),
        _("Noted."),
    )


@require_POST
@signed_in
def mark(request: HttpRequest, pk: int, day_pk: int) -> HttpResponse:
    """One of the days due is done, or not yet."""
    task, sight = _own(request, pk)
    day = Occurrence.objects.select_related("task__plan").filter(pk=day_pk, task=task).first()
    if day is None:
        raise Http404
    return _done(
        request,
        task,
        sight,
        lambda: services.mark_day(
            day=day, done=request.POST.get("done") == "1", by=person_of(request), now=now()
        ),
        _("Noted."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """What counts by itself, and what more shall."""
    task, sight = _opened(request, pk)
    plan = task.plan
    form = ProofForm(request.POST or None, unit=plan.unit)
    if request.method == "POST":
        require(person_of(request), NEWSROOM, plan.unit, local_date(now()))
        if form.is_valid():
            kind, value = form.chosen()
            wanted = form.cleaned_data["wanted"]
            try:
                services.add_proof(
                    task=task,
                    kind=kind,
                    value=value,
                    wanted=wanted,
                    by=person_of(request),
                    now=now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                said = _("From now on it counts by itself.")
                return done(request, lambda: None, said, "plans:prove", pk)
    proofs = [
        counted(one, task, plan=plan, first=plan.starts_on, last=plan.ends_on, names=form.names)
        for one in task.proofs.all()
    ]
    context = {
        "task": task, "plan": plan, "sight": sight, "form": form,
        "proofs": [one for one in proofs if one is not None],
    }  # fmt: skip
    return render(request, "plans/proofs.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def unprove(request: HttpRequest, pk: int, proof_pk: int) -> HttpResponse:
    """It counts no more."""
    task, _sight = _own(request, pk)
    proof = Proof.objects.select_related("task__plan").filter(pk=proof_pk, task=task).first()
    if proof is None:
        raise Http404
    return done(
        request,
        lambda: services.remove_proof(proof=proof, by=person_of(request), now=now()),
        _("Removed."),
        "plans:prove",
        pk,
    )


@require_POST
@signed_in
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """What shows it."""
    task, sight = _own(request, pk)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid() and _bring(request, task, form):
        messages.success(request, _("Kept."))
        return redirect("plans:task", pk)
    return _task_page(request, task, sight, evidence_form=form, status=422)


def _file(request: HttpRequest) -> tuple[str, bytes]:
    """Words alone are evidence too. Raises Refusal."""
    if "evidence" in request.FILES or "evidence" in dropped_uploads(request):
        return sent_file(request, "evidence")
    return "", b""


def _bring(request: HttpRequest, task: Task, form: EvidenceForm) -> bool:
    """A refusal is said at the file."""
    try:
        name, content = _file(request)
        services.bring_evidence(
            task=task,
            text=form.cleaned_data["text"],
            file_name=name,
            content=content,
            by=person_of(request),
            now=now(),
        )
    except Refusal as refusal:
        log.info("a file for task %s was not kept: %s", task.pk, refusal.code)
        form.add_error("evidence", str(refusal))
    return not form.errors


@require_safe
@signed_in
def file(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """A file that shows it."""
    task, _sight = _opened(request, pk)
    found = task.evidence.filter(pk=evidence_pk).exclude(sha256="").first()
    if found is None:
        raise Http404
    return attachment_response(found.sha256, found.name)
