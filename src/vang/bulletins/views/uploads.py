"""Files sent with the writing page: taken in at once, so that no refusal loses them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict

from vang.base.refusals import Refusal
from vang.library import documents, recordings
from vang.library.documents import ImportedText, read_document
from vang.library.drafting import draft_from
from vang.library.models import Item
from vang.library.official.recognition import recognise
from vang.library.pictures import sorts
from vang.library.services import keep_item, keep_recording
from vang.library.uploads import dropped_uploads
from vang.orgs.models import Unit
from vang.people.models import Person

_TOO_LARGE = {
    "document": documents.TOO_LARGE,
    "recording": recordings.TOO_LARGE,
    "pictures": sorts.TOO_LARGE,
}


@dataclass
class Uploads:
    """The posted fields with what the files added, and what was wrong with the files."""

    data: QueryDict
    imported: ImportedText | None = None
    kept: Item | None = None
    """The official document that was imported, as an item of the library."""

    problems: list[str] = field(default_factory=list)


def take_uploads(request: HttpRequest, unit: Unit, *, by: Person, now: datetime) -> Uploads:
    """Keep the recording, read the document, and say what could not be taken."""
    uploads = Uploads(request.POST.copy())
    uploads.problems += [str(_TOO_LARGE[name]) for name in sorted(_dropped(request))]
    try:
        _keep_recording(request, uploads, unit, by=by, now=now)
        _keep_pictures(request, uploads, unit, by=by, now=now)
        _import_document(request, uploads, unit, by=by, now=now)
    except Refusal as refusal:
        uploads.problems.append(str(refusal))
    return uploads


def _dropped(request: HttpRequest) -> set[str]:
    return {name for name in dropped_uploads(request) if name in _TOO_LARGE}


def _keep_recording(
    request: HttpRequest, uploads: Uploads, unit: Unit, *, by: Person, now: datetime
) -> None:
    file = request.FILES.get("recording")
    if file is None:
        return
    recording = keep_recording(
        unit=unit, file_name=file.name or "", content=file.read(), by=by, now=now
    )
    uploads.data["kept_recording"] = str(recording.pk)
    uploads.data.pop("without_recording", None)


def _keep_pictures(
    request: HttpRequest, uploads: Uploads, unit: Unit, *, by: Person, now: datetime
) -> None:
    """Into the library, and ticked on the page."""
    ticked = uploads.data.getlist("attachments")
    for file in request.FILES.getlist("pictures"):
        item = keep_item(unit=unit, file_name=file.name or "", content=file.read(), by=by, now=now)
        ticked.append(str(item.pk))
    uploads.data.setlist("attachments", ticked)


def _import_document(
    request: HttpRequest, uploads: Uploads, unit: Unit, *, by: Person, now: datetime
) -> None:
    """The text goes into the form. An official document is kept in the library besides, and only
    what residents are told is taken over: no head, no recipients, and its source in front."""
    file = request.FILES.get("document")
    if file is None:
        return
    content = file.read()
    found = uploads.imported = read_document(content)
    title, text = found.title, found.text
    official = recognise(found.lines)
    if official.is_official:
        drafted = draft_from(found.lines, official)
        title, text = drafted.title, drafted.text
        uploads.kept = keep_item(
            unit=unit, file_name=file.name or "", content=content, by=by, now=now
        )
    before: Any = uploads.data.get("text", "")
    uploads.data["text"] = f"{before}\n\n{text}" if before.strip() else text
    uploads.data["title"] = uploads.data.get("title") or title
