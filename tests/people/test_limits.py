"""Counted attempts, the same for every process."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.people.limits import LimitCache, forget_limits
from vang.people.models import Limit


@pytest.mark.django_db
def test_it_is_the_cache_that_the_doors_use() -> None:
    cache.set("a", [1.5, 2.5], 60)
    assert cache.get("a") == [1.5, 2.5]
    assert Limit.objects.get().value == "[1.5, 2.5]"
    cache.delete("a")
    assert cache.get("a", "none") == "none"


@pytest.mark.django_db
def test_what_has_run_out_counts_no_more() -> None:
    hand = ManualClock(timezone.now())
    clock.use_clock(hand)
    try:
        assert cache.add("a", "y", 30)
        assert not cache.add("a", "y", 30)
        hand.set(hand.now() + timedelta(seconds=31))
        assert cache.get("a") is None
        assert not cache.touch("a", 30)
        assert cache.add("a", "y", 30)
        assert cache.touch("a", 60)
        assert forget_limits(now=hand.now()) == 0
        assert forget_limits(now=hand.now() + timedelta(seconds=61)) == 1
    finally:
        clock.use_clock(SystemClock())


@pytest.mark.django_db
def test_values_are_data_never_code() -> None:
    with pytest.raises(TypeError):
        cache.set("a", object(), 60)
    cache.set("b", 1, None)
    cache.set("c", 1)
    cache.clear()
    assert not Limit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_the_same_one_succeeds() -> None:
    won: list[bool] = []

    def add() -> None:
        try:
            won.append(LimitCache("", {}).add("once", "y", 60))
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 5 + [True]
