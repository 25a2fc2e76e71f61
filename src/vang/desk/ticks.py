"""What must be done by itself as time passes: the worker calls this every few seconds."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from vang.alerts.services import advance_due
from vang.bulletins.services import expire_due
from vang.captures.process import begin_due as begin_captures_due
from vang.carriages.process import begin_due as begin_relays_due
from vang.channels.jobs import work_off_due
from vang.channels.portal.freshness import refresh_due
from vang.desk.tidying import tidy_due
from vang.dispatch.commands import send_again
from vang.dispatch.services import renew_plans_due
from vang.documents.notices import remind_due as remind_of_documents
from vang.equipment.notices import remind_of_ends
from vang.evidence.services import mark_overdue_due
from vang.figures.services import recount_due
from vang.journal.chain import seal_due
from vang.letters.services import send_due
from vang.library.services import replace_dead_items_due
from vang.live.services import end_overdue as close_overdue
from vang.mergers.carrying import carry_out_due
from vang.notices.gathering import letters_due
from vang.plans.services import remind_due as remind_tasks_due
from vang.pool.services import follow_origins_due, remind_due
from vang.repairs.watching import watch_due
from vang.reports.due import reports_due
from vang.rollouts.demonstration import demonstrate_due
from vang.rollouts.progress import advance_due as advance_rollouts_due
from vang.trust.demonstration import renew_due
from vang.trust.publishing import resign_due
from vang.upstream.polling import ask_due
from vang.voice.hearings import repeat_dead_hearings_due
from vang.voice.services import replace_dead_renditions_due

log = logging.getLogger(__name__)

_DUTIES: tuple[tuple[str, Callable[..., object]], ...] = (
    ("alerts moved on", advance_due),
    ("changes of units carried out", carry_out_due),
    ("microphones closed", close_overdue),
    ("sounds put back in the queue", replace_dead_renditions_due),
    ("hearings put back in the queue", repeat_dead_hearings_due),
    ("material put back in the queue", replace_dead_items_due),
    ("bulletins expired", expire_due),
    ("plans renewed", renew_plans_due),
    ("relays begun", begin_relays_due),
    ("recordings for later begun", begin_captures_due),
    ("plays without word marked", mark_overdue_due),
    ("channels served", work_off_due),
    ("feeds of warnings asked", ask_due),
    ("days counted again", recount_due),
    ("public pages of the day written", refresh_due),
    ("offers that follow their bulletins", follow_origins_due),
    ("requests reminded of", remind_due),
    ("documents to be confirmed reminded of", remind_of_documents),
    ("tasks of plans reminded of", remind_tasks_due),
    ("devices looked at", watch_due),
    ("ends of licences, warranties and loans reminded of", remind_of_ends),
    ("notices put into letters", letters_due),
    ("letters sent", send_due),
    ("rounds of reports opened, reminders sent", reports_due),
    ("old files forgotten", tidy_due),
    ("journal rows chained", seal_due),
    ("trust vouched for again", resign_due),
    ("policy of the demonstration renewed", renew_due),
    ("releases of the demonstration listed", demonstrate_due),
    ("roll-outs moved on", advance_rollouts_due),
)


_URGENT: tuple[tuple[str, Callable[..., object]], ...] = (
    ("commands sent again or ended", send_again),
)


def tick(*, now: datetime) -> list[str]:
    """What was done. A duty that fails is logged and does not hold up the others."""
    return _done(_DUTIES, now)


def urgent(*, now: datetime) -> list[str]:
    """What cannot wait for the next tick: called every second, one question when idle."""
    return _done(_URGENT, now)


def _done(duties: Iterable[tuple[str, Callable[..., object]]], now: datetime) -> list[str]:
    done = []
    for name, duty in duties:
        try:
            outcome = duty(now=now)
        except Exception:
            log.exception("%s: failed", name)
            continue
        if outcome:
            done.append(f"{name}: {outcome}")
    return done
