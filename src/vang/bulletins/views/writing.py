"""Writing a bulletin: typing, importing, listening ahead, saving; nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.clock import local_date, now
from vang.base.languages import VIETNAMESE
from vang.base.refusals import Refusal
from vang.bulletins import companions, services
from vang.bulletins.access import open_bulletin
from vang.bulletins.attachments import items_to_attach
from vang.bulletins.comparing import Section, section
from vang.bulletins.content import MAX_TITLE, Content, cleaned, vietnamese_speech
from vang.bulletins.forms import BulletinForm, fields_of, kept_recording, same_fields, typed_fields
from vang.bulletins.matrix import rows_of
from vang.bulletins.models import MAX_TEXT, Bulletin, Category, Draft, Priority, ReviewStep, Version
from vang.bulletins.present import has
from vang.bulletins.queries import draft_of, proposed, reading_seconds, return_step_of
from vang.bulletins.talk import Talk
from vang.bulletins.tickets import make_ticket, read_ticket
from vang.bulletins.views.keeping import based_on, keeps_typed_text
from vang.bulletins.views.leases import held_by_another, show_held
from vang.bulletins.views.uploads import Uploads, take_uploads
from vang.bulletins.wording_forms import Part
from vang.library import drafting
from vang.library.access import open_item
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.people.access import Role, current_unit, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of
from vang.review.adverts import beyond
from vang.voice.queries import speakable_text

EMPTY = {"category": Category.DIRECTION.value, "priority": Priority.NORMAL.value}


@dataclass
class Page:
    """One showing of the writing page."""

    person: Person
    unit: Unit
    bulletin: Bulletin | None
    problems: list[str] = field(default_factory=list)
    theirs: Version | None = None
    """Another version saved meanwhile, to be compared with what is typed."""
    held: bool = False
    """Somebody else is editing: it may be taken over."""

    resumed: Mapping[str, Any] = field(default_factory=dict)
    """What was typed before and is gone on with."""

    source: Item | None = None
    """The official document from which the text was taken."""

    @property
    def current(self) -> Version | None:
        return self.bulletin.current if self.bulletin else None

    @property
    def return_step(self) -> ReviewStep | None:
        return return_step_of(self.bulletin) if self.bulletin else None

    @cached_property
    def draft(self) -> Draft | None:
        """What the person was typing here, if it was not saved."""
        if self.bulletin is not None and not has(self.bulletin, "drafts"):
            return None
        return draft_of(self.person, self.unit, self.bulletin)

    @property
    def number(self) -> int:
        return self.current.number if self.current else 0


@require_http_methods(["GET", "POST"])
@keeps_typed_text
@signed_in
def new_bulletin(request: HttpRequest) -> HttpResponse:
    """A bulletin of the commune that the page was opened for, even if another was chosen since."""
    person = person_of(request)
    ticket = read_ticket(request.POST.get("ticket", ""))
    unit = ticket.unit if ticket and ticket.person == person else current_unit(request)
    require(person, Role.WRITER, unit, local_date(now()))
    return _write(request, Page(person, unit, None))


@require_http_methods(["GET", "POST"])
@keeps_typed_text
@signed_in
def edit_bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version of a bulletin."""
    person = person_of(request)
    looking, today = request.method == "GET", local_date(now())
    bulletin = open_bulletin(person, pk, today, showing=looking).bulletin
    require(person, Role.WRITER, bulletin.unit, today)
    if looking and (lease := held_by_another(bulletin, "", person)):
        return show_held(request, lease, Part(""))
    return _write(request, Page(person, bulletin.unit, bulletin))


def _write(request: HttpRequest, page: Page) -> HttpResponse:
    if request.method != "POST":
        return _show(request, page, _first_form(request, page))
    uploads = take_uploads(request, page.unit, by=page.person, now=now())
    page.problems += uploads.problems
    act = request.POST.get("act", "save")
    if act == "import" and uploads.imported is None and not page.problems:
        page.problems.append(_("Choose the file first."))
    page.source = uploads.kept
    if uploads.imported or page.problems or act in {"import", "preview"}:
        return _show(request, page, _unchecked_form(page, uploads.data))
    return _save(request, page, uploads, act)


def _save(request: HttpRequest, page: Page, uploads: Uploads, act: str) -> HttpResponse:
    form = _form(page, uploads.data)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    page.problems += companions.problems_with(uploads.data)
    if page.problems:
        return _show(request, page, form, status=422)
    try:
        bulletin = _store(page, form)
    except Refusal as refusal:
        return _refused(request, page, uploads, refusal)
    companions.tell_saved(bulletin, uploads.data, by=page.person, now=now())
    if act == "submit":
        return _submit(request, page, bulletin)
    messages.success(request, _("Saved."))
    if act == "versions":
        return redirect(reverse("bulletins:detail", args=[bulletin.pk]) + "#versions")
    return redirect("bulletins:detail", bulletin.pk)


@transaction.atomic
def _store(page: Page, form: BulletinForm) -> Bulletin:
    """The text with what was said about its topic, or nothing."""
    content, by = form.content(), page.person
    if page.bulletin is None:
        bulletin = services.create_bulletin(unit=page.unit, content=content, by=by, now=now())
    else:
        bulletin, seen = page.bulletin, based_on(form.data)
        services.save_version(
            bulletin=bulletin, content=content, based_on=seen, by=by, now=now(), part=""
        )
    if form.called_sensitive is not None:
        services.decide_sensitivity(
            bulletin=bulletin, sensitive=form.called_sensitive, by=by, now=now()
        )
    return bulletin


def _refused(request: HttpRequest, page: Page, uploads: Uploads, refusal: Refusal) -> HttpResponse:
    """The typed text goes into the drafts and back into the form; nothing is lost."""
    services.save_draft(
        unit=page.unit,
        bulletin=page.bulletin,
        fields=typed_fields(uploads.data),
        based_on=based_on(uploads.data),
        by=page.person,
        now=now(),
    )
    page.problems.append(str(refusal))
    if page.bulletin is not None:
        page.bulletin.refresh_from_db()
    if refusal.code == "changed-meanwhile":
        page.theirs = page.current
    page.held = refusal.code == "held"
    return _show(request, page, _unchecked_form(page, uploads.data), status=409)


def _submit(request: HttpRequest, page: Page, bulletin: Bulletin) -> HttpResponse:
    try:
        services.submit_bulletin(bulletin=bulletin, by=page.person, now=now())
    except Refusal as refusal:
        messages.warning(request, _("Saved, but not submitted:") + f" {refusal}")
    else:
        messages.success(request, _("Submitted for approval. An approver other than you decides."))
    return redirect("bulletins:detail", bulletin.pk)


def _form(page: Page, data: Any) -> BulletinForm:
    return BulletinForm(data, unit=page.unit, on=local_date(now()))


def _unchecked_form(page: Page, data: Any) -> BulletinForm:
    return _shown_form(page, typed_fields(data))


def _shown_form(page: Page, fields: dict[str, Any]) -> BulletinForm:
    initial = {
        **EMPTY,
        **fields,
        "version": page.number,
        "ticket": make_ticket(page.person, page.unit, page.bulletin),
    }
    return BulletinForm(initial=initial, unit=page.unit, on=local_date(now()))


def _first_form(request: HttpRequest, page: Page) -> BulletinForm:
    if page.bulletin is None and request.GET.get("document", "").isdecimal():
        return _shown_form(page, _from_document(request, page))
    draft = page.draft
    if draft is None or "draft" not in request.GET:
        return _shown_form(page, fields_of(page.current) if page.current else {})
    if draft.based_on != page.number:
        page.theirs = page.current
    page.resumed = draft.fields
    return _shown_form(page, draft.fields)


def _show(
    request: HttpRequest, page: Page, form: BulletinForm, *, status: int = 200
) -> HttpResponse:
    shown = (*EMPTY, "title", "text", "kept_recording", "sensitive", "advert")
    typed = {name: form[name].value() for name in shown}
    ticked = [str(key) for key in form["attachments"].value() or []]
    return render(
        request,
        "bulletins/write.html",
        {
            "form": form,
            "page": page,
            "bulletin": page.bulletin,
            "draft": _offered_draft(request, page),
            "recording": kept_recording(page.unit, typed["kept_recording"]),
            "typed_text": typed["text"] or "",
            "ticked": ticked,
            "items": items_to_attach(page.unit, ticked),
            "conflict": _conflict(page.theirs, typed) if page.theirs else [],
            "proposed": _proposed(page.unit, typed, page.bulletin),
            "beyond": _beyond(typed),
            "talk": Talk(page.current, page.person, may_say=True) if page.current else None,
            "rows": rows_of(page.current) if page.current else [],
            "parts": companions.parts_while_writing(_writing(request, page, typed)),
            **_preview(page.unit, typed["title"], typed["text"], page.bulletin),
        },
        status=status,
    )


def _conflict(theirs: Version, typed: dict[str, Any]) -> list[Section]:
    """Their version beside what is typed."""
    mine = cleaned(Content(typed["title"] or "", typed["text"] or ""))
    label, saved = _("Theirs, and yours"), (theirs.title, theirs.text)
    return [section(label, VIETNAMESE, saved, (mine.title, mine.text))]


def _proposed(unit: Unit, typed: Mapping[str, Any], bulletin: Bulletin | None = None) -> list[str]:
    """What proposes that the topic is sensitive, while the form does not say."""
    if typed.get("sensitive"):
        return []
    text = f"{typed.get('title') or ''}\n{typed.get('text') or ''}"[:MAX_TEXT]
    own = bulletin is None or has(bulletin, "topics")
    return proposed(unit, typed.get("category") or "", text, own_topics=own)


def _beyond(typed: Mapping[str, Any]) -> list[str]:
    """Words that the notice of an outside body may not hold."""
    text = f"{typed.get('title') or ''}\n{typed.get('text') or ''}"[:MAX_TEXT]
    return beyond(typed.get("advert") or "", text)


def _writing(request: HttpRequest, page: Page, typed: dict[str, Any]) -> companions.Writing:
    kept = {name: page.resumed[name] for name in companions.field_names() if name in page.resumed}
    asked = {**kept, **request.GET.dict(), **request.POST.dict()}
    return companions.Writing(page.person, page.unit, page.bulletin, typed, asked)


def _from_document(request: HttpRequest, page: Page) -> dict[str, Any]:
    """Title and text of a document of the library, or of one part of it."""
    item = open_item(page.person, int(request.GET["document"]), local_date(now()))
    part = request.GET.get("part", "")
    try:
        drafted = drafting.draft_of(item, int(part) if part.isdecimal() else None)
    except Refusal as refusal:
        page.problems.append(str(refusal))
        return {}
    page.source = item
    return {"title": drafted.title, "text": drafted.text}


def _offered_draft(request: HttpRequest, page: Page) -> Draft | None:
    """A draft that says something else than what is shown on opening the page."""
    if request.method != "GET" or "draft" in request.GET:
        return None
    draft = page.draft
    if draft is None:
        return None
    shown = fields_of(page.current) if page.current else EMPTY
    shown = {**shown, **companions.saved_fields(page.bulletin)}
    return None if same_fields(draft.fields, shown) else draft


def _preview(
    unit: Unit, title: str | None, text: str | None, bulletin: Bulletin | None = None
) -> dict[str, Any]:
    content = cleaned(Content((title or "")[:MAX_TITLE], (text or "")[:MAX_TEXT]))
    known = bulletin is None or has(bulletin, "dictionary")
    dictionary: dict[str, str] | None = None if known else {}
    speakable = speakable_text(unit, vietnamese_speech(content), dictionary=dictionary)
    return {"speakable": speakable, "reading_s": reading_seconds(speakable)}


@require_POST
@signed_in
def preview(request: HttpRequest) -> HttpResponse:
    """What the loudspeakers would say to the text as typed so far."""
    person = person_of(request)
    ticket = read_ticket(request.POST.get("ticket", ""))
    unit = ticket.unit if ticket and ticket.person == person else current_unit(request)
    require(person, Role.WRITER, unit, local_date(now()))
    told = _preview(unit, request.POST.get("title"), request.POST.get("text"))
    found = _proposed(unit, request.POST)
    context = {"live": True, "proposed": found, "beyond": _beyond(request.POST), **told}
    return render(request, "bulletins/parts/speakable.html", context)
