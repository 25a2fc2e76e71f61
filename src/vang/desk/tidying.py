"""What would fill the disk if nobody looked: done once an hour."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from vang.base.files import write_atomic
from vang.channels.jobs import tidy_channels
from vang.desk.snoozing import forget_past
from vang.letters.services import forget_letters
from vang.notices.services import forget_notices
from vang.people.limits import forget_limits
from vang.people.services.sessions import forget_sessions
from vang.takes.clips import forget_unfinished_due
from vang.voice.choices import sentence_cache

_EVERY = timedelta(hours=1)
_KEEP_SPEECH_BYTES = 2_000_000_000
_KEEP_TASKS_DAYS = 14


def tidy_due(*, now: datetime) -> int:
    """Forget the longest unused speech beyond 2 GB, jobs done a fortnight ago, old letters, notices
    and sessions, and uploads that nobody finished.

    Returns the number of files removed.
    """
    stamp = Path(settings.DATA) / "cache" / "tidied"
    if stamp.is_file() and now - datetime.fromisoformat(stamp.read_text()) < _EVERY:
        return 0
    write_atomic(stamp, now.isoformat().encode())
    call_command(
        "prune_db_task_results", queue_name="*", min_age_days=_KEEP_TASKS_DAYS, verbosity=0
    )
    forget_sessions(now=now)
    forget_limits(now=now)
    forget_notices(now=now)
    forget_letters(now=now)
    forget_unfinished_due(now=now)
    tidy_channels(now=now)
    forget_past(now=now)
    return sentence_cache().prune(keep_bytes=_KEEP_SPEECH_BYTES, now=now.timestamp())
