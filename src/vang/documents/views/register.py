"""The register, one document, and what is done with it."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.base.tabs import tabs
from vang.documents import services
from vang.documents.access import CLERKS, Sight, open_document
from vang.documents.forms import (
    DocumentForm,
    EndForm,
    FindForm,
    WhyForm,
    known,
    recognised,
)
from vang.documents.models import Attachment, Basis
from vang.documents.queries import VIEWS, listed, offered_items, waiting, weak, weak_in
from vang.library.attaching import AttachmentForm, attached
from vang.library.attachments import attachment_response
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of

PER_PAGE = 30


@require_safe
@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """What the unit keeps, receives and is bound by."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    view = request.GET.get("view", "now")
    view = view if view in VIEWS else "now"
    words = request.GET.get("q", "")[:200]
    page = Paginator(listed(unit, view, words, today), PER_PAGE).get_page(request.GET.get("page"))
    ended = weak_in(list(page.object_list), today)
    context = {
        "unit": unit,
        "view": view,
        "words": words,
        "form": FindForm(initial={"q": words}),
        "tabs": _tabs(view, weak(unit, today).count()),
        "page": page,
        "rows": [(one, one.status(today), one.pk in ended) for one in page.object_list],
        "may_write": may(person, CLERKS, unit, today),
        "arrived": waiting(unit)[:10],
    }
    return render(request, "documents/list.html", context)


def _tabs(view: str, ended: int) -> list[dict[str, object]]:
    labels = {
        "now": pgettext("documents", "In force"),
        "out": pgettext("documents", "Sent"),
        "in": pgettext("documents", "Received"),
        "state": _("Of the State"),
        "past": pgettext("documents", "Over"),
        "weak": _("Basis has ended"),
    }
    return tabs(labels, view, {"weak": ended})


def _sight(request: HttpRequest, pk: int) -> Sight:
    return open_document(person_of(request), current_unit(request), pk, local_date(now()))


def _own(request: HttpRequest, pk: int) -> Sight:
    """For whoever changes the register; who only reads it gets 403."""
    sight = _sight(request, pk)
    unit = sight.document.unit
    if unit is None:
        raise Http404
    require(person_of(request), CLERKS, unit, local_date(now()))
    return sight


@require_safe
@signed_in
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document."""
    return _page(request, _sight(request, pk))


def _page(
    request: HttpRequest,
    sight: Sight,
    refusal: str = "",
    *,
    file_form: AttachmentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    one, today = sight.document, local_date(now())
    bases = one.bases.select_related("basis__replaced_by", "kept_by")
    seen = [(row, row.basis.status(today) if row.basis else "") for row in bases]
    mine = None if sight.own else one.recipients.filter(unit=sight.unit, sent_at__isnull=False)
    ends = sight.may_change and one.in_force_to is None
    context = {
        "sight": sight,
        "document": one,
        "status": one.status(today),
        "bases": seen,
        "based": one.based_on_it.filter(document__unit=sight.unit).select_related("document")[:50],
        "recipients": one.recipients.select_related("received_by") if sight.own else [],
        "mine": mine.first() if mine is not None else None,
        "attachments": one.attachments.all(),
        "campaigns": one.campaigns.filter(unit=sight.unit),
        "file_form": file_form or AttachmentForm(),
        "end_form": EndForm(document=one, unit=sight.unit) if ends else None,
        "why": WhyForm(),
        "refusal": refusal,
    }
    return render(request, "documents/document.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Write a document into the register, begun from what the library recognised of it."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, CLERKS, unit, local_date(moment))
    item = _item(request, unit)
    form = DocumentForm(request.POST or None, initial=recognised(item, unit) if item else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register_document(
                unit=unit, entry=form.entry(item), by=person, now=moment
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("documents:document", made.pk)
    context = {"form": form, "unit": unit, "document": None, "item": item}
    if item is None:
        context["offered"] = offered_items(unit)
    return render(request, "documents/form.html", context)


def _item(request: HttpRequest, unit: Unit) -> Item | None:
    key = request.POST.get("item", request.GET.get("item", ""))
    if not key.isdecimal():
        return None
    return Item.objects.filter(pk=int(key), unit=unit, registered=None).first()


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what was written down."""
    sight = _own(request, pk)
    form = DocumentForm(request.POST or None, initial=known(sight.document))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_document(
                document=sight.document, entry=form.entry(), by=person_of(request), now=now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("documents:document", pk)
    context = {"form": form, "unit": sight.unit, "document": sight.document}
    return render(request, "documents/form.html", context)


def _done(request: HttpRequest, sight: Sight, act: Callable[[], object], said: str) -> HttpResponse:
    """A refusal is said on the document's page."""

    def refused(refusal: Refusal) -> HttpResponse:
        return _page(request, sight, str(refusal), status=409)

    return done(request, act, said, "documents:document", sight.document.pk, refused=refused)


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """It holds no longer."""
    sight = _own(request, pk)
    form = EndForm(request.POST, document=sight.document, unit=sight.unit)
    if not form.is_valid():
        return _page(
            request, sight, _("Give the first day on which it no longer holds."), status=422
        )
    return _done(
        request,
        sight,
        lambda: services.end_document(
            document=sight.document,
            ends_on=form.cleaned_data["ends_on"],
            replaced_by=form.follower(),
            by=person_of(request),
            now=now(),
        ),
        _("Noted. What rests on it is shown in the register."),
    )


@require_POST
@signed_in
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """To every recipient."""
    sight = _own(request, pk)
    return _done(
        request,
        sight,
        lambda: services.send_document(document=sight.document, by=person_of(request), now=now()),
        _("Sent. Units that use this system see it at once; the others are marked as sent."),
    )


@require_POST
@signed_in
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """It came."""
    sight = _sight(request, pk)
    row = sight.document.recipients.filter(unit=sight.unit, sent_at__isnull=False).first()
    if row is None:
        raise Http404
    require(person_of(request), CLERKS, sight.unit, local_date(now()))
    return _done(
        request,
        sight,
        lambda: services.receive_document(
            recipient=row, unit=sight.unit, by=person_of(request), now=now()
        ),
        _("Noted that it came."),
    )


@require_POST
@signed_in
def keep(request: HttpRequest, pk: int, basis_pk: int) -> HttpResponse:
    """The document still stands."""
    sight = _own(request, pk)
    basis = Basis.objects.filter(pk=basis_pk, document=sight.document).first()
    if basis is None:
        raise Http404
    return _done(
        request,
        sight,
        lambda: services.keep_on_basis(
            basis=basis, why=request.POST.get("why", ""), by=person_of(request), now=now()
        ),
        _("Noted."),
    )


@require_POST
@signed_in
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a file with it."""
    sight = _own(request, pk)

    def keep(name: str, content: bytes) -> None:
        services.attach_file(
            document=sight.document,
            file_name=name,
            content=content,
            by=person_of(request),
            now=now(),
        )

    def page(form: AttachmentForm) -> HttpResponse:
        return _page(request, sight, file_form=form, status=422)

    return attached(request, keep, page, "documents:document", pk)


def _attachment(sight: Sight, pk: int) -> Attachment:
    return get_object_or_404(sight.document.attachments.select_related("document"), pk=pk)


@require_safe
@signed_in
def file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """One attached file."""
    found = _attachment(_sight(request, pk), file_pk)
    return attachment_response(found.sha256, found.name)


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Take a file away."""
    sight = _own(request, pk)
    found = _attachment(sight, file_pk)
    return _done(
        request,
        sight,
        lambda: services.remove_file(attachment=found, by=person_of(request), now=now()),
        _("Removed."),
    )
