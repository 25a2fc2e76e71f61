"""What was done to the journal behind the application's back is found."""

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from vang.cli import main
from vang.journal.chain import Fault, head, seal, seal_due, verify
from vang.journal.models import Entry, Head, Mention, Seal
from vang.journal.services import record
from vang.orgs.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def journal(xa_a: Unit, now: datetime) -> list[int]:
    """Five rows in the chain; their numbers."""
    rows = [
        record("act", f"x:{n}", by=None, unit=xa_a, now=now, about=["y:1", "y:2"], n=n, lời="à ơi")
        for n in range(5)
    ]
    assert seal() == 5
    return [row.pk for row in rows]


def kinds() -> list[str]:
    return [fault.kind for fault in verify()]


def test_a_whole_journal_has_no_fault(journal: list[int]) -> None:
    assert list(verify()) == []
    assert head() == (5, Seal.objects.get(position=5).chain)
    assert list(verify([head()])) == []


def test_an_empty_journal_too(db: None) -> None:
    assert (list(verify()), head()) == ([], (0, "0" * 64))


def test_chained_once_and_in_order(journal: list[int], xa_a: Unit, now: datetime) -> None:
    assert seal() == 0
    record("act", "x:6", by=None, unit=xa_a, now=now)
    assert seal_due(now=now) == 1
    assert seal_due(now=now) == 0
    assert list(Seal.objects.order_by("position").values_list("entry", flat=True))[:5] == journal


def change_detail(journal: list[int]) -> None:
    Entry.objects.filter(pk=journal[2]).update(detail={"n": 7})


def change_who(journal: list[int]) -> None:
    Entry.objects.filter(pk=journal[2]).update(capacity="KT. CHỦ TỊCH")


def change_mention(journal: list[int]) -> None:
    Mention.objects.filter(entry=journal[2], subject="y:1").delete()


def delete(journal: list[int]) -> None:
    Mention.objects.filter(entry=journal[2]).delete()
    Seal.objects.filter(entry=journal[2]).delete()
    Entry.objects.filter(pk=journal[2]).delete()


def delete_the_last(journal: list[int]) -> None:
    Mention.objects.filter(entry=journal[4]).delete()
    Seal.objects.filter(entry=journal[4]).delete()
    Entry.objects.filter(pk=journal[4]).delete()


def reorder(journal: list[int]) -> None:
    one, two = (Seal.objects.get(position=n) for n in (2, 3))
    entries, chains = (one.entry_id, two.entry_id), (one.chain, two.chain)
    Seal.objects.filter(position__in=(2, 3)).delete()
    Seal.objects.create(position=2, entry_id=entries[1], chain=chains[1])
    Seal.objects.create(position=3, entry_id=entries[0], chain=chains[0])


def insert(journal: list[int]) -> None:
    """Between two that are there: a number that was left free."""
    Mention.objects.filter(entry=journal[1]).delete()
    row = Entry.objects.get(pk=journal[1])
    Seal.objects.filter(entry=journal[1]).delete()
    row.delete()
    Entry.objects.create(pk=journal[1], at=row.at, action="forged", subject="x:1", unit=row.unit)


@pytest.mark.parametrize(
    ("deed", "found"),
    [
        (change_detail, {"changed"}),
        (change_who, {"changed"}),
        (change_mention, {"changed"}),
        (delete, {"deleted"}),
        (delete_the_last, {"cut"}),
        (reorder, {"changed"}),
        (insert, {"deleted", "inserted"}),
    ],
)
def test_what_was_done_is_found(
    journal: list[int], deed: Callable[[list[int]], None], found: set[str]
) -> None:
    deed(journal)
    assert set(kinds()) == found


def test_a_row_put_in_with_a_seal_of_its_own(journal: list[int], now: datetime) -> None:
    forged = Entry.objects.create(at=now, action="forged", subject="x:1")
    Seal.objects.create(position=6, entry=forged, chain="ab" * 32)
    assert set(kinds()) == {"changed", "cut"}


def test_whoever_chains_everything_anew_is_found_by_what_others_kept(
    journal: list[int],
) -> None:
    kept = head()
    Entry.objects.filter(pk=journal[0]).update(detail={"n": 99})
    Seal.objects.all().delete()
    Head.objects.all().delete()
    seal()
    assert list(verify()) == [], "the chain itself is whole again"
    assert {fault.kind for fault in verify([kept])} == {"rewritten"}
    assert list(verify([(9, "ab" * 32)])) == [Fault("cut", 9, "kept outside, and no longer here")]


def test_told_on_the_terminal(journal: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 0
    told = capsys.readouterr().out
    assert "5 entries" in told
    assert main(["audit", "verify", "--known", told.split("head ")[1].split()[0]]) == 0
    change_detail(journal)
    assert main(["audit", "verify"]) == 1
    assert "changed at 3" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["audit", "verify", "--known", "nonsense"])


@pytest.mark.django_db(transaction=True)
def test_committed_it_is_chained_and_rolled_back_it_is_not(xa_a: Unit, now: datetime) -> None:
    with transaction.atomic():
        for n in range(3):
            record("act", f"x:{n}", by=None, unit=xa_a, now=now)
        assert head()[0] == 0
        assert len(connection.run_on_commit) == 1
    assert head()[0] == 3

    def fails() -> None:
        with transaction.atomic():
            record("act", "x:9", by=None, unit=xa_a, now=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert head()[0] == 3
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain(xa_a: Unit, now: datetime) -> None:
    gate, writers, each = Barrier(4), 4, 5

    def write(name: int) -> None:
        gate.wait()
        try:
            for n in range(each):
                with transaction.atomic():
                    record("act", f"{name}:{n}", by=None, unit=xa_a, now=now)
        finally:
            connection.close()

    threads = [Thread(target=write, args=(name,)) for name in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal(look_back=None)
    assert head()[0] == writers * each
    assert list(verify()) == []
