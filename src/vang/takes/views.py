"""What the recording page says to the server: clips in parts, sentences, trims, joining."""

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.files import FileStore
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.access import readable_unit
from vang.people.people import person_of
from vang.takes import services
from vang.takes.access import open_clip, open_take
from vang.takes.clips import add_part, begin_clip, clip_path, refusal_words
from vang.takes.models import Clip, Take
from vang.voice.failure_words import failure_sentence
from vang.voice.serving import sound_response

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
_KINDS = {b"OggS": "audio/ogg", b"\x1a\x45\xdf\xa3": "audio/webm", b"RIFF": "audio/wav"}


def answering(view: View[P]) -> View[P]:
    """For scripts: signed out is 401 and a refusal 422 with its code and sentence."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return JsonResponse({"code": "signed-out"}, status=401)
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=422)

    return answered


@require_POST
@answering
def new_clip(request: HttpRequest) -> HttpResponse:
    """Announce a clip: ``key``, ``unit``, ``size`` (bytes), ``sha256``."""
    person = person_of(request)
    unit = Unit.objects.filter(pk=_number(request.POST, "unit")).first()
    if unit is None or not readable_unit(person, unit, local_date(now())):
        raise Http404
    clip = begin_clip(
        key=clip_key(request.POST.get("key", "")),
        unit=unit,
        size=_number(request.POST, "size"),
        sha256=request.POST.get("sha256", ""),
        by=person,
        now=now(),
    )
    return JsonResponse(told_clip(clip))


@require_http_methods(["GET", "PUT"])
@answering
def clip_part(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """GET how much is here; PUT the part that begins at ``?offset=``. 409: another is expected."""
    person = person_of(request)
    clip = open_clip(person, key, local_date(now()))
    if request.method == "GET":
        return JsonResponse(told_clip(clip))
    if clip.by_id != person.pk:
        raise Http404
    try:
        content = request.body
    except RequestDataTooBig:
        return JsonResponse({"code": "clip-malformed"}, status=413)
    try:
        kept = add_part(
            clip=clip, offset=_number(request.GET, "offset"), content=content, now=now()
        )
    except Refusal as refusal:
        if refusal.code != "clip-offset":
            raise
        clip.refresh_from_db()
        return JsonResponse(told_clip(clip), status=409)
    return JsonResponse(told_clip(kept))


@require_safe
@answering
def clip_sound(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """The clip's own bytes, to be heard and drawn."""
    clip = open_clip(person_of(request), key, local_date(now()))
    if clip.kept_at is None:
        raise Http404
    return _sound(request, clip_path(clip), clip.sha256)


def _sound(request: HttpRequest, path: Path, sha256: str) -> HttpResponseBase:
    if not path.is_file():
        raise Http404
    with path.open("rb") as file:
        kind = _KINDS.get(file.read(4), "audio/mp4")
    return sound_response(request, path, sha256, kind)


@require_safe
@answering
def take_recording(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The joined recording as it lies in the library."""
    take = open_take(person_of(request), pk, local_date(now()))
    if take.recording is None:
        raise Http404
    sha256 = take.recording.sha256
    return _sound(request, FileStore(Path(settings.DATA) / "files").path(sha256), sha256)


@require_safe
@answering
def take_state(request: HttpRequest, pk: int) -> HttpResponse:
    """The sentences, what is recorded of them, and how far the take has come."""
    return JsonResponse(told_take(open_take(person_of(request), pk, local_date(now()))))


@require_POST
@answering
def change_take(request: HttpRequest, pk: int) -> HttpResponse:
    """One act of the reader: ``act`` is place, whole, trim, drop, join or reopen."""
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    take = open_take(person_of(request), pk, local_date(now()))
    return JsonResponse(told_take(act(request, take)))


def _place(request: HttpRequest, take: Take) -> Take:
    line = _number(request.POST, "line")
    clip = _clip(request)
    return services.place_clip(take=take, line=line, clip=clip, by=person_of(request), now=now())


def _whole(request: HttpRequest, take: Take) -> Take:
    clip = _clip(request)
    return services.place_whole(take=take, clip=clip, by=person_of(request), now=now())


def _trim(request: HttpRequest, take: Take) -> Take:
    return services.trim_piece(
        take=take,
        line=_number(request.POST, "line"),
        from_ms=_number(request.POST, "from"),
        to_ms=_number(request.POST, "to"),
        by=person_of(request),
        now=now(),
    )


def _drop(request: HttpRequest, take: Take) -> Take:
    line = _number(request.POST, "line")
    return services.drop_piece(take=take, line=line, by=person_of(request), now=now())


def _join(request: HttpRequest, take: Take) -> Take:
    return services.join_take(take=take, by=person_of(request), now=now())


def _reopen(request: HttpRequest, take: Take) -> Take:
    return services.reopen_take(take=take, by=person_of(request), now=now())


_ACTS: dict[str, Callable[[HttpRequest, Take], Take]] = {
    "place": _place,
    "whole": _whole,
    "trim": _trim,
    "drop": _drop,
    "join": _join,
    "reopen": _reopen,
}


def _clip(request: HttpRequest) -> Clip:
    key = clip_key(request.POST.get("clip", ""))
    return open_clip(person_of(request), key, local_date(now()))


def told_clip(clip: Clip) -> dict[str, Any]:
    """A clip as the page reads it."""
    return {
        "key": clip.key.hex,
        "received": clip.received,
        "size": clip.size,
        "kept": clip.kept_at is not None,
        "levels": clip.levels,
        "refused": refusal_words(clip),
    }


def told_take(take: Take) -> dict[str, Any]:
    """A take as the page reads it; faults of a clip stand beside each of its pieces."""
    keys = {piece["clip"] for piece in take.pieces.values()}
    clips = {clip.key.hex: clip for clip in Clip.objects.filter(key__in=keys)}
    pieces = {
        place: {
            **piece,
            "faults": clips[piece["clip"]].levels["faults"],
            "length": clips[piece["clip"]].duration_ms,
        }
        for place, piece in take.pieces.items()
    }
    return {
        "state": take.state,
        "lines": take.lines,
        "pieces": pieces,
        "missing": services.missing_lines(take),
        "failure": str(failure_sentence(take.failure)) if take.failure else "",
    }


def take_address(take: Take) -> str:
    """Where the page asks for the take's state."""
    return reverse("takes:take", args=[take.pk])


def clip_key(text: str) -> uuid.UUID:
    """A clip's key as the browser writes it. Raises Http404."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def _number(fields: Mapping[str, str], name: str) -> int:
    text = fields.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Http404
    return int(text)
