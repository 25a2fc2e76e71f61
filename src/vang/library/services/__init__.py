"""Every write of the library."""

from vang.library.services.deciding import accept_sure_fields, decide_field
from vang.library.services.describing import (
    archive_item,
    delete_item,
    describe_item,
    restore_item,
)
from vang.library.services.keeping import (
    clean_name,
    keep_item,
    keep_recording,
    note_duration,
    share_recording,
)
from vang.library.services.leasing import replace_dead_items_due, retry_item

__all__ = [
    "accept_sure_fields",
    "archive_item",
    "clean_name",
    "decide_field",
    "delete_item",
    "describe_item",
    "keep_item",
    "keep_recording",
    "note_duration",
    "replace_dead_items_due",
    "restore_item",
    "retry_item",
    "share_recording",
]
