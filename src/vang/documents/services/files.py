"""Files kept with a document."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.documents.models import (
    Attachment,
    Document,
)
from vang.documents.services.acting import note, own
from vang.library.attachments import keep_attachment
from vang.people.models import Person

MOST_ATTACHMENTS = 20


def attach_file(
    *, document: Document, file_name: str, content: bytes, by: Person, now: datetime
) -> Attachment:
    """Keep a file with the document; the same file twice is one. Raises Refusal."""
    with transaction.atomic():
        fresh = own(document, by, now)
        if fresh.attachments.count() >= MOST_ATTACHMENTS:
            raise Refusal("too-many-files", _("Twenty files at most belong to one document."))
        kept = keep_attachment(file_name, content)
        attachment, _created = Attachment.objects.get_or_create(
            document=fresh,
            sha256=kept.sha256,
            defaults={"name": kept.name, "size": kept.size, "added_by": by, "added_at": now},
        )
        note("attach-to-document", fresh, by, now)
    return attachment


def remove_file(*, attachment: Attachment, by: Person, now: datetime) -> None:
    """Raises Refusal."""
    with transaction.atomic():
        fresh = own(attachment.document, by, now)
        attachment.delete()
        note("detach-from-document", fresh, by, now)
