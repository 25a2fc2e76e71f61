"""Letters from the outbox to a real mail server."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils.translation import gettext as _
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.letters.post_office import PostOffice, html_of, text_of, unused_port
from vang.base.refusals import Refusal
from vang.letters import kinds
from vang.letters.delivering import deliver_due
from vang.letters.jobs import deliver_letters
from vang.letters.message import Content, Part
from vang.letters.models import Letter
from vang.letters.outcomes import pause_after
from vang.letters.server import read_mail_server
from vang.letters.services import forget_letters, send_due, write_letter
from vang.people.models import Person

KIND = "of-the-tests"
TO = "an@xa.example.vn"


def words(letter: Letter) -> Content | None:
    if letter.reference == "nothing to say":
        return None
    if letter.reference == "broken":
        raise ZeroDivisionError
    title = 'Cắt điện <thôn "Thuận 1">'
    part = Part(title=title, text="Sáng 10/06/2026.", url="/bulletins/12", action="Mở")
    return Content(subject=f"Tin\nmới {letter.reference}", parts=[part], why="Vì sao.")


@pytest.fixture(autouse=True)
def _kind() -> Iterator[None]:
    kinds.register(KIND, words)
    yield
    kinds._renderers.pop(KIND)


def at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


def put(now: datetime, address: str = TO, **more: object) -> Letter:
    return write_letter(kind=KIND, address=address, now=now, **more)  # type: ignore[arg-type]


def reread(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


pytestmark = pytest.mark.django_db


def test_a_letter_arrives_whole_in_both_forms(post_office: PostOffice, now: datetime) -> None:
    letter = put(now)
    assert deliver_due(clock=at(now)) == 1
    (message,) = post_office.taken
    assert message["Subject"] == "Tin mới"
    assert message["From"] == "Vang <vang@queson.example.vn>"
    assert message["To"] == TO
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].startswith(f"<letter-{letter.pk}-")
    assert 'Cắt điện <thôn "Thuận 1">' in text_of(message)
    assert "Mở: http://" in text_of(message)
    assert "/bulletins/12" in text_of(message)
    assert "&lt;thôn" in html_of(message)
    assert "<thôn" not in html_of(message)
    assert reread(letter).state == "SENT"


def test_each_letter_speaks_the_language_of_its_reader(
    post_office: PostOffice, now: datetime
) -> None:
    put(now, language="vi")
    put(now, language="en")
    deliver_due(clock=at(now))
    vietnamese, english = (text_of(message) for message in post_office.taken)
    assert "Please do not answer it" in english
    assert "Please do not answer it" not in vietnamese
    assert _("Vang sends this letter by itself. Please do not answer it.") in vietnamese


def test_sent_once_only(post_office: PostOffice, now: datetime) -> None:
    put(now)
    assert [deliver_due(clock=at(now)) for _again in range(3)] == [1, 0, 0]
    assert len(post_office.taken) == 1


def test_the_same_matter_is_written_once(post_office: PostOffice, now: datetime) -> None:
    assert put(now, once="digest:1").pk == put(now, once="digest:1").pk
    assert put(now, once="digest:2").pk != put(now).pk
    deliver_due(clock=at(now))
    assert len(post_office.taken) == 3


def test_two_workers_do_not_send_the_same(
    post_office: PostOffice, now: datetime, transactional_db: None
) -> None:
    for number in range(12):
        put(now, reference=str(number))

    def work() -> None:
        try:
            deliver_due(clock=at(now))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    subjects = [message["Subject"] for message in post_office.taken]
    assert sorted(subjects) == sorted(f"Tin mới {number}" for number in range(12))


def test_while_the_server_is_away_all_wait_and_then_all_leave(
    post_office: PostOffice, now: datetime, settings: Settings
) -> None:
    letters = [put(now), put(now)]
    settings.MAIL_SERVER = read_mail_server(f"smtp://127.0.0.1:{unused_port()}", "a@b.vn")
    assert deliver_due(clock=at(now)) == 0
    for letter in map(reread, letters):
        assert (letter.state, letter.attempts, letter.failure) == ("WAITING", 1, "away")
        assert letter.due_at == now + timedelta(minutes=1)
        assert letter.answer
    settings.MAIL_SERVER = post_office.server
    assert deliver_due(clock=at(now + timedelta(seconds=59))) == 0
    assert deliver_due(clock=at(now + timedelta(seconds=60))) == 2
    assert {reread(letter).state for letter in letters} == {"SENT"}


def test_a_letter_is_given_up_after_a_day_and_says_why(
    post_office: PostOffice, now: datetime
) -> None:
    post_office.on_rcpt[TO] = "451 greylisted"
    letter, instant = put(now), now
    for _attempt in range(20):
        deliver_due(clock=at(instant))
        instant = reread(letter).due_at
    lost = reread(letter)
    assert (lost.state, lost.failure, lost.answer) == ("FAILED", "try-later", "451 greylisted")
    assert pause_after(lost.attempts) is None
    assert instant - now < timedelta(days=1)


def test_a_wrong_address_is_not_tried_again_and_holds_up_nobody(
    post_office: PostOffice, now: datetime
) -> None:
    post_office.on_rcpt["sai@xa.example.vn"] = "550 no such mailbox"
    wrong, right = put(now, "sai@xa.example.vn"), put(now)
    assert deliver_due(clock=at(now)) == 1
    assert (reread(wrong).state, reread(wrong).failure) == ("FAILED", "refused")
    assert reread(right).state == "SENT"


def test_what_may_have_left_is_not_sent_again(post_office: PostOffice, now: datetime) -> None:
    post_office.on_data[TO] = "hang up"
    letter = put(now)
    deliver_due(clock=at(now))
    post_office.on_data.clear()
    deliver_due(clock=at(now + timedelta(days=1)))
    assert (reread(letter).state, reread(letter).failure) == ("FAILED", "uncertain")
    assert post_office.taken == []


def test_a_worker_that_died_while_sending_leaves_it_open(
    post_office: PostOffice, now: datetime
) -> None:
    letter = put(now)
    Letter.objects.update(state="SENDING")
    deliver_due(clock=at(now + timedelta(minutes=9)))
    assert reread(letter).state == "SENDING"
    deliver_due(clock=at(now + timedelta(minutes=11)))
    assert (reread(letter).state, reread(letter).failure) == ("FAILED", "uncertain")
    assert post_office.taken == []


def test_a_letter_without_words_or_with_a_fault_holds_up_nobody(
    post_office: PostOffice, now: datetime
) -> None:
    moot, broken, fine = (
        put(now, reference="nothing to say"),
        put(now, reference="broken"),
        put(now),
    )
    assert deliver_due(clock=at(now)) == 1
    states = [reread(letter).state for letter in (moot, broken, fine)]
    assert states == ["DROPPED", "FAILED", "SENT"]
    assert reread(broken).failure == "unreadable"


def test_without_a_server_no_letter_is_taken(now: datetime, settings: Settings) -> None:
    settings.MAIL_SERVER = None
    with pytest.raises(Refusal) as refused:
        put(now)
    assert refused.value.code == "no-mail-server"
    assert (send_due(now=now), deliver_due(clock=at(now))) == (0, 0)


def test_writing_waits_for_nothing_and_the_task_does_the_rest(
    post_office: PostOffice,
    now: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        put(now)
        put(now)
    assert post_office.taken == []
    deliver_letters.call()
    assert len(post_office.taken) == 2


def test_the_tick_finds_what_is_due(post_office: PostOffice, now: datetime) -> None:
    put(now, due_at=now + timedelta(minutes=1))
    assert send_due(now=now) == 0
    assert send_due(now=now + timedelta(minutes=1)) == 1


def test_old_letters_are_forgotten_those_that_wait_are_not(
    post_office: PostOffice, now: datetime, an: Person
) -> None:
    kept = put(now, person=an)
    for state, failure in (("SENT", ""), ("DROPPED", ""), ("FAILED", "refused")):
        letter = put(now)
        Letter.objects.filter(pk=letter.pk).update(state=state, failure=failure)
    assert forget_letters(now=now + timedelta(days=91)) == 2
    assert forget_letters(now=now + timedelta(days=366)) == 1
    assert list(Letter.objects.all()) == [kept]
