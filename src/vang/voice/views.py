"""Listening, the pronunciation dictionary, and the choice of a voice."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.files import FileStore
from vang.base.refusals import Refusal
from vang.base.sheets import Column, csv_download
from vang.base.undo import offer
from vang.orgs.models import Unit
from vang.people.access import Role, current_unit, may, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of
from vang.voice import services
from vang.voice.access import open_pronunciation, open_rendition
from vang.voice.choices import choice_of, installed_voices, pace_of, voice_of
from vang.voice.decisions import DICTIONARY_ROLES
from vang.voice.failures import EngineMissing, SynthesisFailed
from vang.voice.forms import ExampleForm, PronunciationForm, VoiceForm
from vang.voice.manners import typed_manner
from vang.voice.models import Pronunciation
from vang.voice.queries import speakable_text
from vang.voice.serving import sound_response
from vang.voice.speech.abbreviations import known
from vang.voice.trying import LONGEST, tried

LISTENING_ROLES = frozenset({Role.WRITER, Role.APPROVER, Role.LEADER, Role.ADMINISTRATOR})
EXAMPLE = "UBND xã thông báo: 6h30 ngày 05/9/2026, cắt điện thôn 1 theo Công văn số 12/CV-ĐL."


@require_safe
@signed_in
def sound(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The finished sound, whole or the part that a player seeks (RFC 9110, section 14)."""
    rendition = open_rendition(person_of(request), pk, local_date(now()))
    path = FileStore(Path(settings.DATA) / "files").path(rendition.sha256)
    return sound_response(request, path, rendition.sha256)


@require_POST
@signed_in
def try_sentence(request: HttpRequest) -> HttpResponse:
    """The first sentence of ``text`` spoken at once (WAV), as typed with its marks."""
    person, unit = person_of(request), current_unit(request)
    require(person, LISTENING_ROLES, unit, local_date(now()))
    manner = typed_manner(request.POST)
    text = speakable_text(unit, request.POST.get("text", "")[:LONGEST], manner)
    if "literal" in request.POST:  # a reading as somebody wrote it, not a text to be read
        text = request.POST.get("text", "")[:LONGEST]
    try:
        sound = tried(manner.voice or voice_of(unit), manner.pace or pace_of(unit), text)
    except (EngineMissing, SynthesisFailed):
        return HttpResponse(status=422)
    return HttpResponse(sound, content_type="audio/wav", headers={"Cache-Control": "no-store"})


@require_http_methods(["GET", "POST"])
@signed_in
def pronunciations(request: HttpRequest) -> HttpResponse:
    """The commune's dictionary, with an example spoken by it; POST adds a word."""
    person, unit = person_of(request), current_unit(request)
    form = PronunciationForm(request.POST or None)
    if request.method == "POST":
        require(person, DICTIONARY_ROLES, unit, local_date(now()))
    if _told(request, form, lambda: _save(form, unit, person, now())):
        return redirect("voice:pronunciations")
    return _dictionary(request, unit, person, form)


@require_safe
@signed_in
def export_pronunciations(request: HttpRequest) -> HttpResponseBase:
    """The commune's dictionary as a table to take away."""
    unit = current_unit(request)
    require(person_of(request), LISTENING_ROLES, unit, local_date(now()))
    entries = Pronunciation.objects.filter(unit=unit).values_list("written", "spoken")
    columns = [Column(str(_("Written"))), Column(str(_("Spoken")))]
    return csv_download(str(_("Pronunciation dictionary")), columns, entries)


@require_POST
@signed_in
def import_pronunciations(request: HttpRequest) -> HttpResponse:
    """Take over a table that was taken away here or elsewhere."""
    person, unit = person_of(request), current_unit(request)
    require(person, DICTIONARY_ROLES, unit, local_date(now()))
    file = request.FILES.get("dictionary")
    if file is None:
        messages.error(request, _("Choose a CSV file of at most 500 kB first."))
        return redirect("voice:pronunciations")
    try:
        taken = services.import_pronunciations(unit=unit, content=file.read(), by=person, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("voice:pronunciations")
    messages.success(request, _("Words taken over: %(n)d.") % {"n": taken.saved})
    if taken.wrong:
        messages.warning(request, _("Left out: %(lines)s") % {"lines": "; ".join(taken.wrong[:5])})
    return redirect("voice:pronunciations")


@require_http_methods(["GET", "POST"])
@signed_in
def edit_pronunciation(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how one word is said."""
    person = person_of(request)
    entry = open_pronunciation(person, pk, local_date(now()))
    require(person, DICTIONARY_ROLES, entry.unit, local_date(now()))
    initial = {"written": entry.written, "spoken": entry.spoken}
    form = PronunciationForm(request.POST or None, initial=initial)
    if _told(request, form, lambda: _change(form, entry, person, now())):
        return redirect("voice:pronunciations")
    return render(request, "voice/pronunciation.html", {"form": form, "entry": entry})


@require_POST
@signed_in
def remove_pronunciation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a word out of the dictionary."""
    person = person_of(request)
    entry = open_pronunciation(person, pk, local_date(now()))
    require(person, DICTIONARY_ROLES, entry.unit, local_date(now()))
    moment = now()
    services.remove_pronunciation(entry=entry, by=person, now=moment)
    words = _("Removed from the dictionary: %(word)s.") % {"word": entry.written}
    facts = {"unit": entry.unit_id, "written": entry.written, "spoken": entry.spoken}
    offer(request, "voice.remove-pronunciation", words, by=person, now=moment, **facts)
    return redirect("voice:pronunciations")


@require_http_methods(["GET", "POST"])
@signed_in
def voices(request: HttpRequest) -> HttpResponse:
    """The voices of this server and the commune's choice; the administrator decides."""
    person, unit = person_of(request), current_unit(request)
    require(person, Role.ADMINISTRATOR, unit, local_date(now()))
    choice = choice_of(unit)
    initial = {
        "voice": voice_of(unit),
        "pace": pace_of(unit),
        "trial_may_air": choice is not None and choice.trial_may_air,
    }
    form = VoiceForm(request.POST or None, initial=initial, voices=installed_voices())
    if _told(request, form, lambda: _choose(form, unit, person, now())):
        return redirect("voice:voices")
    return render(
        request,
        "voice/voices.html",
        {"form": form, "unit": unit, "choice": choice, "voices": installed_voices()},
    )


def _dictionary(
    request: HttpRequest, unit: Unit, person: Person, form: PronunciationForm
) -> HttpResponse:
    example = request.GET.get("example", EXAMPLE)[:2000]
    return render(
        request,
        "voice/pronunciations.html",
        {
            "unit": unit,
            "form": form,
            "example_form": ExampleForm(initial={"example": example}),
            "spoken_example": speakable_text(unit, example),
            "entries": [
                (entry, _built_in(entry))
                for entry in Pronunciation.objects.filter(unit=unit).select_related("updated_by")
            ],
            "may_change": may(person, DICTIONARY_ROLES, unit, local_date(now())),
        },
    )


def _built_in(entry: Pronunciation) -> str:
    """What the built-in rules would say, where the entry says something else."""
    rule = known(entry.written) or ""
    return "" if rule.lower() == entry.spoken.lower() else rule


def _told(
    request: HttpRequest, form: PronunciationForm | VoiceForm, act: Callable[[], object]
) -> bool:
    """Whether a good form was sent and the act done; a refusal is shown at the form's head."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Saved."))
    return True


def _save(form: PronunciationForm, unit: Unit, by: Person, at: datetime) -> None:
    fields = form.cleaned_data
    services.save_pronunciation(
        unit=unit, written=fields["written"], spoken=fields["spoken"], by=by, now=at
    )


def _change(form: PronunciationForm, entry: Pronunciation, by: Person, at: datetime) -> None:
    fields = form.cleaned_data
    services.change_pronunciation(
        entry=entry, written=fields["written"], spoken=fields["spoken"], by=by, now=at
    )


def _choose(form: VoiceForm, unit: Unit, by: Person, at: datetime) -> None:
    fields = form.cleaned_data
    services.choose_voice(
        unit=unit,
        voice=fields["voice"],
        trial_may_air=fields["trial_may_air"],
        pace=int(fields["pace"]),
        by=by,
        now=at,
    )
