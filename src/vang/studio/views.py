"""The page on which a bulletin is read into the microphone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.languages import VIETNAMESE, language_name, languages
from vang.base.permissions import may_use_microphone
from vang.base.refusals import Refusal
from vang.bulletins.access import open_bulletin
from vang.bulletins.content import content_of
from vang.bulletins.models import MAX_TEXT, Bulletin
from vang.library import recordings
from vang.library.services import keep_recording
from vang.library.uploads import dropped_uploads
from vang.people.access import Role, current_unit, require, signed_in
from vang.people.people import person_of
from vang.review.verbs import EDIT
from vang.studio import services
from vang.studio.listening import listening_to
from vang.studio.readings import recording_in, text_to_read
from vang.takes.access import open_take
from vang.takes.queries import reads_another_text, take_of
from vang.takes.reading import reading_lines
from vang.takes.views import answering, told_take
from vang.voice.hearings import repeat_hearing, request_hearing
from vang.voice.manners import typed_manner
from vang.voice.models import Rendition
from vang.voice.queries import dictionary_of
from vang.voice.speech.hints import hints

MOST_HINTS = 20


@require_safe
@may_use_microphone
@signed_in
def studio(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The prompter, the microphone, and the sentences read so far."""
    return _page(request, _bulletin(request, pk))


@require_POST
@answering
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's take of the newest text: its state and its addresses."""
    bulletin = _bulletin(request, pk)
    take = services.begin_take(
        bulletin=bulletin, by=person_of(request), now=now(), language=_language(request)
    )
    return JsonResponse(
        {
            **told_take(take),
            "pk": take.pk,
            "url": reverse("takes:take", args=[take.pk]),
            "change": reverse("takes:change", args=[take.pk]),
        }
    )


@require_safe
@signed_in
def result(request: HttpRequest, pk: int, take_pk: int) -> HttpResponse:
    """What has become of a take: still being joined, failed, or ready to be heard and used."""
    bulletin = _bulletin(request, pk)
    take = open_take(person_of(request), take_pk, local_date(now()))
    return render(
        request,
        "studio/parts/result.html",
        {"bulletin": bulletin, "take": take, "query": _query(request)},
    )


@require_POST
@signed_in
def use(request: HttpRequest, pk: int, take_pk: int) -> HttpResponse:
    """Play the bulletin from this take."""
    bulletin = _bulletin(request, pk)
    take = open_take(person_of(request), take_pk, local_date(now()))
    try:
        services.use_take(
            bulletin=bulletin,
            take=take,
            by=person_of(request),
            now=now(),
            language=_language(request),
        )
    except Refusal as refusal:
        return _page(request, bulletin, problem=str(refusal), status=409)
    messages.success(request, _("The bulletin is now played from your recording."))
    return redirect("bulletins:detail", bulletin.pk)


@require_POST
@may_use_microphone
@signed_in
def upload(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Attach a recording made elsewhere, which reads the newest text."""
    bulletin = _bulletin(request, pk)
    if "recording" in dropped_uploads(request):
        return _page(request, bulletin, problem=str(recordings.TOO_LARGE), status=422)
    file = request.FILES.get("recording")
    if file is None:
        return _page(request, bulletin, problem=_("Choose the file first."), status=422)
    person = person_of(request)
    try:
        recording = keep_recording(
            unit=bulletin.unit, file_name=file.name or "", content=file.read(), by=person, now=now()
        )
        services.use_file(
            bulletin=bulletin,
            recording=recording,
            by=person,
            now=now(),
            language=_language(request),
        )
    except Refusal as refusal:
        return _page(request, bulletin, problem=str(refusal), status=422)
    messages.success(request, _("The bulletin is now played from your recording."))
    return redirect("bulletins:detail", bulletin.pk)


@require_safe
@signed_in
def heard(request: HttpRequest, pk: int) -> HttpResponse:
    """What the machine heard, or that it still listens: the part that renews itself."""
    reading = open_bulletin(person_of(request), pk, local_date(now()))
    newsroom = reading.is_writer or reading.is_approver
    listening = listening_to(reading.bulletin, newsroom=newsroom)
    if listening is None:
        raise Http404
    return render(request, "studio/parts/listening.html", {"listening": listening})


@require_POST
@signed_in
def listen(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the machine listen to the bulletin's sound, or listen again after a failure."""
    person = person_of(request)
    bulletin = open_bulletin(person, pk, local_date(now())).bulletin
    require(person, {Role.WRITER, Role.APPROVER}, bulletin.unit, local_date(now()))
    rendition = bulletin.current.rendition if bulletin.current else None
    if rendition is None or rendition.state != Rendition.State.READY:
        raise Http404
    hearing = request_hearing(rendition=rendition, now=now())
    if hearing is not None:
        repeat_hearing(hearing=hearing, now=now())
    back = "bulletins:review" if "review" in request.POST else "bulletins:detail"
    return redirect(back, bulletin.pk)


@require_POST
@signed_in
def show_hints(request: HttpRequest) -> HttpResponse:
    """What is hard to read aloud in the text as typed so far."""
    person, unit = person_of(request), current_unit(request)
    require(person, Role.WRITER, unit, local_date(now()))
    manner = typed_manner(request.POST)
    known = {**dictionary_of(unit), **{mark.words: mark.words for mark in manner.marks}}
    found = hints(request.POST.get("text", "")[:MAX_TEXT], known)
    shown = {"hints": found[:MOST_HINTS], "more": max(0, len(found) - MOST_HINTS)}
    return render(request, "studio/parts/hints.html", shown)


def _bulletin(request: HttpRequest, pk: int) -> Bulletin:
    person = person_of(request)
    bulletin = open_bulletin(person, pk, local_date(now())).bulletin
    require(person, Role.WRITER, bulletin.unit, local_date(now()))
    return bulletin


def _language(request: HttpRequest) -> str:
    """The language that is read: ``?language=``, Vietnamese without it."""
    language = request.GET.get("language", VIETNAMESE)
    if language not in languages():
        raise Http404
    return language


def _query(request: HttpRequest) -> str:
    language = _language(request)
    return "" if language == VIETNAMESE else f"?language={language}"


def _page(
    request: HttpRequest, bulletin: Bulletin, *, problem: str = "", status: int = 200
) -> HttpResponse:
    version, language = bulletin.current, _language(request)
    if version is None:
        raise Http404
    content = content_of(version)
    text = text_to_read(content, language)
    attached = take_of(recording_in(content, language))
    return render(
        request,
        "studio/studio.html",
        {
            "bulletin": bulletin,
            "version": version,
            "language": "" if language == VIETNAMESE else language_name(language),
            "subject": services.subject_of(bulletin, language),
            "query": _query(request),
            "lines": reading_lines(text),
            "stale": reads_another_text(attached, text),
            "closed": _closed(bulletin, text),
            "problem": problem,
        },
        status=status,
    )


def _closed(bulletin: Bulletin, text: str) -> str:
    """Why nothing can be recorded now, "" when it can."""
    if bulletin.state not in EDIT.sources:
        return str(EDIT.only_when)
    return "" if text else str(services.NOTHING_TO_READ)
