"""Forms, their versions, and the editor of a draft."""

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.orgs.queries import ancestors
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.reports.access import MANAGERS, open_form, open_version
from vang.reports.forms import IndicatorForm, NewForm
from vang.reports.models import Form, FormVersion, Indicator
from vang.reports.services import forms as services


def offered(request: HttpRequest) -> QuerySet[Form]:
    """Forms of everybody's, of the unit's own and of those above it."""
    line = ancestors(current_unit(request))
    return Form.objects.filter(Q(unit__isnull=True) | Q(unit__in=line)).order_by("name", "pk")


@require_safe
@signed_in
def form_list(request: HttpRequest) -> HttpResponse:
    """Which forms there are."""
    rows = offered(request).select_related("unit").annotate(
        used=Count("versions", filter=Q(versions__state=FormVersion.State.ISSUED))
    )  # fmt: skip
    context = {
        "unit": current_unit(request),
        "rows": rows,
        "manages": _manages(request),
        "new_form": NewForm(offered=offered(request)),
    }
    return render(request, "reports/forms.html", context)


def _manages(request: HttpRequest) -> bool:
    return may(person_of(request), MANAGERS, current_unit(request), local_date(now()))


@require_POST
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """A form of the unit's own."""
    unit, person = current_unit(request), person_of(request)
    require(person, MANAGERS, unit, local_date(now()))
    form = NewForm(request.POST, offered=offered(request))
    if not form.is_valid():
        messages.error(request, _("Give the form a code and a name."))
        return redirect("reports:forms")
    try:
        draft = services.create_form(unit=unit, **form.cleaned_data, by=person, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:forms")
    return redirect("reports:version", draft.pk)


@require_safe
@signed_in
def form_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A form with its versions, the one in use shown whole."""
    form = open_form(person_of(request), pk, local_date(now()))
    versions = list(form.versions.annotate(used=Count("rounds", distinct=True)))
    shown = next((one for one in versions if one.state == FormVersion.State.ISSUED), None)
    context = {
        "form": form,
        "versions": versions,
        "shown": shown,
        "groups": _groups(shown) if shown else [],
        "draft": next((one for one in versions if one.state == FormVersion.State.DRAFT), None),
        "owns": form.unit is not None and _owns(request, form),
    }
    return render(request, "reports/form.html", context)


def _owns(request: HttpRequest, form: Form) -> bool:
    unit = form.unit
    return unit is not None and may(person_of(request), MANAGERS, unit, local_date(now()))


def _groups(version: FormVersion) -> list[tuple[str, list[Indicator]]]:
    found: dict[str, list[Indicator]] = {}
    for one in version.indicators.all():
        found.setdefault(str(one.get_group_display()), []).append(one)
    return list(found.items())


@require_POST
@signed_in
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of the next version."""
    form = open_form(person_of(request), pk, local_date(now()))
    try:
        draft = services.begin_version(form=form, by=person_of(request), now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:form", pk)
    return redirect("reports:version", draft.pk)


def _draft(request: HttpRequest, pk: int) -> FormVersion:
    """A draft that the person may change. Raises Http404, PermissionDenied."""
    version = open_version(person_of(request), pk, local_date(now()))
    if version.form.unit is None or version.state != FormVersion.State.DRAFT:
        raise Http404
    require(person_of(request), MANAGERS, version.form.unit, local_date(now()))
    return version


@require_safe
@signed_in
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor of a draft."""
    version = _draft(request, pk)
    before = services.newest(version.form)
    open_rounds = before.rounds.count() if before is not None else 0
    context = {"version": version, "groups": _groups(version), "open_rounds": open_rounds}
    return render(request, "reports/version.html", context)


@require_safe
@signed_in
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As whoever reports will see it."""
    version = open_version(person_of(request), pk, local_date(now()))
    context = {
        "version": version,
        "groups": _groups(version),
        "sections": version.sections.all(),
    }
    return render(request, "reports/preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def indicator(request: HttpRequest, pk: int, indicator_pk: int | None = None) -> HttpResponse:
    """Add an indicator to a draft, or change one."""
    version = _draft(request, pk)
    one = version.indicators.filter(pk=indicator_pk).first() if indicator_pk else None
    if indicator_pk and one is None:
        raise Http404
    form = IndicatorForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_indicator(
                version=version, pk=indicator_pk, fields=form.values(), by=person_of(request),
                now=now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("reports:version", pk)
    context = {"form": form, "version": version, "indicator": one}
    status = 422 if form.errors else 200
    return render(request, "reports/indicator.html", context, status=status)


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponse:
    """Out of a draft."""
    version = _draft(request, pk)
    return done(
        request,
        lambda: services.remove_indicator(
            version=version, pk=indicator_pk, by=person_of(request), now=now()
        ),
        _("Removed."),
        "reports:version",
        pk,
    )


@require_POST
@signed_in
def move(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponse:
    """One place up or down."""
    version = _draft(request, pk)
    return done(
        request,
        lambda: services.move_indicator(
            version=version, pk=indicator_pk, down=request.POST.get("to") == "down",
            by=person_of(request), now=now(),
        ),
        _("Moved."),
        "reports:version",
        pk,
    )  # fmt: skip


@require_POST
@signed_in
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft into use."""
    version = _draft(request, pk)
    return done(
        request,
        lambda: services.issue_version(version=version, by=person_of(request), now=now()),
        _("In use for rounds opened from now on; open rounds stay on their version."),
        "reports:form",
        version.form_id,
    )


@require_POST
@signed_in
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    version = _draft(request, pk)
    return done(
        request,
        lambda: services.drop_version(version=version, by=person_of(request), now=now()),
        _("The draft is gone."),
        "reports:form",
        version.form_id,
    )
