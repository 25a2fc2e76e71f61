"""Seeing letters off: claimed one by one, so that two workers never send the same."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation

from vang.letters import kinds
from vang.letters.message import Content, compose
from vang.letters.models import Letter
from vang.letters.outcomes import Failure, Outcome, pause_after
from vang.letters.server import MailServer
from vang.letters.transport import Connection

log = logging.getLogger(__name__)

_AT_ONCE = 200
_LOST_AFTER = timedelta(minutes=10)
_ANSWER_CHARS = 300
State = Letter.State


def deliver_due(*, clock: Callable[[], datetime]) -> int:
    """Send what is due, at most 200 letters. Returns how many the server took."""
    server: MailServer | None = settings.MAIL_SERVER
    if server is None:
        return 0
    _give_up_lost(clock())
    sent = 0
    with Connection(server) as connection:
        for pk in _due(clock()):
            outcome = _deliver(pk, connection, server, clock)
            sent += outcome is not None and outcome.failure is None
            if outcome is not None and outcome.concerns_all:
                _put_off_others(outcome, clock())
                break
    return sent


def _due(now: datetime) -> list[int]:
    waiting = Letter.objects.filter(state=State.WAITING, due_at__lte=now)
    return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:_AT_ONCE])


def _deliver(
    pk: int, connection: Connection, server: MailServer, clock: Callable[[], datetime]
) -> Outcome | None:
    """None when there was nothing to send after all."""
    letter = _claim(pk, clock())
    if letter is None:
        return None
    try:
        content = _written(letter)
        message = compose(letter, content, server) if content else None
    except Exception:
        log.exception("letter %s cannot be written", pk)
        outcome = Outcome(Failure.UNREADABLE)
    else:
        if message is None:
            _note(letter, State.DROPPED, clock())
            return None
        outcome = connection.send(message, server.address, letter.address)
    _note_outcome(letter, outcome, clock())
    return outcome


def _claim(pk: int, now: datetime) -> Letter | None:
    mine = Letter.objects.filter(pk=pk, state=State.WAITING).update(
        state=State.SENDING, changed_at=now
    )
    return Letter.objects.get(pk=pk) if mine else None


def _written(letter: Letter) -> Content | None:
    with transaction.atomic(), translation.override(letter.language):
        return kinds.content_of(letter)


def _note_outcome(letter: Letter, outcome: Outcome, now: datetime) -> None:
    letter.attempts += 1
    if outcome.failure is None:
        _note(letter, State.SENT, now)
        return
    log.warning("letter %s: %s %s", letter.pk, outcome.failure, outcome.answer)
    letter.failure, letter.answer = outcome.failure, outcome.answer[:_ANSWER_CHARS]
    pause = None if outcome.final else pause_after(letter.attempts)
    letter.due_at = now + (pause or timedelta())
    _note(letter, State.FAILED if pause is None else State.WAITING, now)


def _note(letter: Letter, state: State, now: datetime) -> None:
    letter.state, letter.changed_at = state, now
    letter.save()


def _put_off_others(outcome: Outcome, now: datetime) -> None:
    """The server is out of reach for all: each due letter counts an attempt and waits."""
    for pk in _due(now):
        letter = _claim(pk, now)
        if letter is not None:
            _note_outcome(letter, outcome, now)


def _give_up_lost(now: datetime) -> None:
    """A process died while it sent these: sending again might send twice."""
    lost = Letter.objects.filter(state=State.SENDING, changed_at__lt=now - _LOST_AFTER)
    lost.update(state=State.FAILED, failure=Failure.UNCERTAIN, changed_at=now)
