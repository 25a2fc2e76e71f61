"""The text of a document, and deciding what was recognised of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.library import services
from vang.library.access import open_field, open_item
from vang.library.drafting import parts_of
from vang.library.official_words import FieldRow
from vang.library.permissions import KEEPERS
from vang.library.reading import text_of_item
from vang.library.typed_days import typed_day
from vang.people.access import may, require, signed_in
from vang.people.people import person_of


@require_GET
@signed_in
def document_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole text as it was read, and the parts from which a bulletin can be made."""
    person = person_of(request)
    item = open_item(person, pk, local_date(now()))
    document = getattr(item, "document", None)
    if document is None:
        raise Http404
    shown = {
        "item": item,
        "document": document,
        "text": text_of_item(item),
        "parts": parts_of(document),
        "may_change": may(person, KEEPERS, item.unit, local_date(now())),
    }
    return render(request, "library/text.html", shown)


@require_POST
@signed_in
def decide(request: HttpRequest, pk: int, field: int) -> HttpResponse:
    """Accept, edit or leave out one part."""
    person = person_of(request)
    item = open_item(person, pk, local_date(now()))
    require(person, KEEPERS, item.unit, local_date(now()))
    found = open_field(item, field)
    value = typed_day(found.name, request.POST.get("value", ""))
    wanted = None if request.POST.get("act") == "drop" else value
    problem = ""
    try:
        found = services.decide_field(field=found, value=wanted, by=person, now=now())
    except Refusal as refusal:
        problem = str(refusal)
    if request.headers.get("HX-Request"):
        shown = {"row": FieldRow(found), "item": item, "may_change": True, "problem": problem}
        return render(request, "library/parts/field.html", shown)
    if problem:
        messages.error(request, problem)
    return redirect(f"{reverse('library:detail', args=[pk])}#field-{found.pk}")


@require_POST
@signed_in
def accept_sure(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept at once everything that recognition was sure of."""
    person = person_of(request)
    item = open_item(person, pk, local_date(now()))
    count = services.accept_sure_fields(item=item, by=person, now=now())
    words = ngettext("%(count)s part accepted.", "%(count)s parts accepted.", count)
    messages.success(request, words % {"count": count} if count else _("Nothing was left open."))
    return redirect("library:detail", pk)
