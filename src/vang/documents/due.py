"""What the register brings to the first page (vang.people.due)."""

from collections.abc import Iterator

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.documents.queries import unconfirmed, waiting, weak
from vang.people.access import Role
from vang.people.due import Desk, Task, brings

_MOST = 20


def _weak_bases(desk: Desk) -> Iterator[Task]:
    rows = weak(desk.unit, local_date(desk.now)).select_related("document", "basis__replaced_by")
    for row in rows.order_by("document__issued_on", "pk")[:_MOST]:
        ended = row.basis
        if ended is None or ended.in_force_to is None:
            continue
        text = _("%(basis)s is no longer in force since %(day)s.") % {
            "basis": ended,
            "day": vi_date(ended.in_force_to),
        }
        if ended.replaced_by is not None:
            text += " " + _("In its place stands %(newer)s.") % {"newer": ended.replaced_by}
        yield Task(
            harm=38,
            tone="warn",
            icon="file-text",
            title=_("Basis has ended: %(document)s") % {"document": row.document},
            text=text,
            url=reverse("documents:document", args=[row.document_id]),
            action=_("Look at it"),
            key=f"basis:{row.pk}",
        )


def _unconfirmed(desk: Desk) -> Iterator[Task]:
    today = local_date(desk.now)
    for one in unconfirmed(desk.person, desk.unit)[:_MOST]:
        late = one.due_on < today
        yield Task(
            harm=60 if late else 44,
            tone="warn" if late else "note",
            icon="file-text",
            title=_("To be known: %(document)s") % {"document": one.document},
            text=_("%(unit)s asks you to confirm until %(day)s.")
            % {"unit": one.unit.full_name, "day": vi_date(one.due_on)},
            url=reverse("documents:campaign", args=[one.pk]),
            action=_("Read it"),
            key=f"campaign:{one.pk}",
        )


def _arrived(desk: Desk) -> Iterator[Task]:
    for row in waiting(desk.unit)[:_MOST]:
        sender = row.document.unit
        yield Task(
            harm=40,
            tone="note",
            icon="inbox",
            title=_("A document has come: %(document)s") % {"document": row.document},
            text=f"{sender.full_name}: {row.document.abstract[:200]}" if sender else "",
            url=reverse("documents:document", args=[row.document_id]),
            action=_("Look at it"),
            key=f"recipient:{row.pk}",
        )


def register() -> None:
    """Called when the process starts."""
    clerks = (Role.WRITER, Role.APPROVER)
    brings(
        "documents-weak",
        (Role.APPROVER, Role.LEADER),
        _weak_bases,
        if_any=lambda desk: Exists(weak(desk.unit, local_date(desk.now))),
    )
    brings(
        "documents-campaigns",
        clerks,
        _unconfirmed,
        if_any=lambda desk: Exists(unconfirmed(desk.person, desk.unit)),
    )
    brings("documents-arrived", clerks, _arrived, if_any=lambda desk: Exists(waiting(desk.unit)))
