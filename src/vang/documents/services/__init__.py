"""Every write of the register and of campaigns."""

from vang.documents.services.campaigns import (
    Meeting,
    close_campaign,
    confirm,
    note_session,
    remind_missing,
    start_campaign,
)
from vang.documents.services.entries import (
    MOST_LINES,
    Entry,
    change_document,
    end_document,
    hold_item,
    keep_on_basis,
    register_document,
)
from vang.documents.services.files import attach_file, remove_file
from vang.documents.services.sending import receive_document, send_document

__all__ = [
    "MOST_LINES",
    "Entry",
    "Meeting",
    "attach_file",
    "change_document",
    "close_campaign",
    "confirm",
    "end_document",
    "hold_item",
    "keep_on_basis",
    "note_session",
    "receive_document",
    "register_document",
    "remind_missing",
    "remove_file",
    "send_document",
    "start_campaign",
]
