"""Writing one language or level of a bulletin beside its main text."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.access import open_bulletin
from vang.bulletins.comparing import Section, section
from vang.bulletins.content import content_of, part_name, words_of
from vang.bulletins.forms import kept_recording
from vang.bulletins.models import Bulletin, Draft, Version
from vang.bulletins.queries import draft_of
from vang.bulletins.tickets import make_ticket
from vang.bulletins.views.keeping import based_on, keeps_typed_text
from vang.bulletins.views.leases import held_by_another, keys_of, show_held
from vang.bulletins.views.uploads import Uploads, take_uploads
from vang.bulletins.wording_forms import (
    Part,
    WordingForm,
    fields_of_words,
    same_words,
    typed_words,
)
from vang.people.access import Role, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of


@dataclass
class Page:
    """One showing of the page of a part."""

    person: Person
    bulletin: Bulletin
    version: Version
    part: Part
    problems: list[str] = field(default_factory=list)
    theirs: dict[str, Any] | None = None
    """The fields as somebody else saved them meanwhile."""
    held: bool = False
    """Somebody else is editing: it may be taken over."""

    @property
    def saved(self) -> dict[str, Any]:
        mine = [words for words in words_of(self.version) if part_name(words) == self.part.name]
        return fields_of_words(mine)


@require_safe
@signed_in
def wordings(request: HttpRequest, pk: int) -> HttpResponse:
    """From the choice of a language, and of a channel, to its page."""
    language, channel = request.GET.get("language", ""), request.GET.get("channel", "")
    part = _part(language, channel)
    open_bulletin(person_of(request), pk, local_date(now()))
    return _to(pk, part)


@require_http_methods(["GET", "POST"])
@keeps_typed_text
@signed_in
def wording(request: HttpRequest, pk: int, language: str, channel: str = "") -> HttpResponse:
    """All levels of one language, or one channel's own words."""
    person, part = person_of(request), _part(language, channel)
    bulletin = open_bulletin(person, pk, local_date(now())).bulletin
    require(person, Role.WRITER, bulletin.unit, local_date(now()))
    if bulletin.current is None:
        raise Http404
    page = Page(person, bulletin, bulletin.current, part)
    if request.method == "GET" and (lease := held_by_another(bulletin, part.name, person)):
        return show_held(request, lease, part)
    if request.method != "POST":
        return _show(request, page, _first_form(request, page))
    uploads = take_uploads(request, bulletin.unit, by=person, now=now())
    page.problems += uploads.problems
    if page.problems:
        return _show(request, page, _unchecked_form(page, typed_words(uploads.data)), status=422)
    return _save(request, page, uploads)


def _part(language: str, channel: str) -> Part:
    part = Part(language, channel)
    if not part.is_known:
        raise Http404
    return part


def _to(pk: int, part: Part) -> HttpResponse:
    return redirect("bulletins:wording", *keys_of(pk, part))


def _save(request: HttpRequest, page: Page, uploads: Uploads) -> HttpResponse:
    form = WordingForm(uploads.data, unit=page.bulletin.unit, part=page.part)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    ours = replace(content_of(page.version), wordings=form.words())
    try:
        services.save_version(
            bulletin=page.bulletin,
            content=ours,
            based_on=based_on(form.data),
            by=page.person,
            now=now(),
            part=page.part.name,
        )
    except Refusal as refusal:
        return _refused(request, page, uploads, refusal)
    messages.success(request, _("Saved."))
    return redirect("bulletins:detail", page.bulletin.pk)


def _refused(request: HttpRequest, page: Page, uploads: Uploads, refusal: Refusal) -> HttpResponse:
    """What was typed goes into the drafts and back into the form; nothing is lost."""
    typed = typed_words(uploads.data)
    services.save_draft(
        unit=page.bulletin.unit,
        bulletin=page.bulletin,
        part=page.part.name,
        fields=typed,
        based_on=based_on(uploads.data),
        by=page.person,
        now=now(),
    )
    page.problems.append(str(refusal))
    page.bulletin.refresh_from_db()
    page.version = page.bulletin.current or page.version
    if refusal.code == "changed-meanwhile":
        page.theirs = page.saved
    page.held = refusal.code == "held"
    return _show(request, page, _unchecked_form(page, typed), status=409)


def _unchecked_form(page: Page, fields: dict[str, Any]) -> WordingForm:
    ticket = make_ticket(page.person, page.bulletin.unit, page.bulletin, page.part.name)
    initial = {**fields, "version": page.version.number, "ticket": ticket}
    return WordingForm(initial=initial, unit=page.bulletin.unit, part=page.part)


def _first_form(request: HttpRequest, page: Page) -> WordingForm:
    draft = _draft(page)
    if draft is None or "draft" not in request.GET:
        return _unchecked_form(page, page.saved)
    if draft.based_on != page.version.number and not same_words(draft.fields, page.saved):
        page.theirs = page.saved
    return _unchecked_form(page, draft.fields)


def _draft(page: Page) -> Draft | None:
    return draft_of(page.person, page.bulletin.unit, page.bulletin, page.part.name)


def _offered_draft(request: HttpRequest, page: Page) -> Draft | None:
    """A draft that says something else than what is shown on opening the page."""
    if request.method != "GET" or "draft" in request.GET:
        return None
    draft = _draft(page)
    return None if draft is None or same_words(draft.fields, page.saved) else draft


def _show(
    request: HttpRequest, page: Page, form: WordingForm, *, status: int = 200
) -> HttpResponse:
    keys = keys_of(page.bulletin.pk, page.part)
    typed = {name: form[name].value() or "" for name in form.fields}
    context = {
        "page": page,
        "part": page.part,
        "bulletin": page.bulletin,
        "version": page.version,
        "form": form,
        "conflict": _conflict(page, typed),
        "draft": _offered_draft(request, page),
        "recording": kept_recording(page.bulletin.unit, typed.get("kept_recording")),
        "take_over_url": reverse("bulletins:take-over-wording", args=keys),
        "autosave_url": reverse("bulletins:autosave-wording", args=keys),
        "discard_url": reverse("bulletins:discard-wording", args=keys),
    }
    return render(request, "bulletins/wording.html", context, status=status)


def _conflict(page: Page, typed: dict[str, Any]) -> list[Section]:
    """Their words beside what is typed, level by level."""
    if page.theirs is None:
        return []
    labels = {
        "full": _("Full text"),
        "spoken": _("Short form to be spoken"),
        "one_line": _("One line"),
    }
    titles = {"full": (page.theirs["title"], typed.get("title", ""))}
    return [
        section(label, page.part.language, (before, page.theirs[name]), (after, typed[name]))
        for name, label in labels.items()
        if name in typed
        for before, after in [titles.get(name, ("", ""))]
    ]
