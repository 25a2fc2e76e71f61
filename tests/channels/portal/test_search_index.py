"""The search index: every word leads to its notice, whatever is typed."""

import json
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.channels.portal.publishing import folder, released, write_pages
from tests.channels.releasing import corrected
from vang.bulletins.services import withdraw_bulletin
from vang.channels.portal import paths
from vang.channels.portal.jobs import freeze_site_search
from vang.channels.portal.models import Site
from vang.channels.portal.search_index import (
    Doc,
    freeze,
    pack,
    recent_row,
    shard_of,
    unpack,
    words_of,
)
from vang.orgs.models import Unit
from vang.people.models import Person

TEXTS = st.text(alphabet="abđĐếẾ ờô1\n-.,<>", max_size=40)


def doc(number: int, title: str, text: str) -> Doc:
    return Doc(f"{number:08x}", f"2026/06/{number}.html", title, "2026-06-10", 3, text)


def found(files: dict[str, bytes], shards: int, word: str) -> set[int]:
    part = json.loads(files[f"w{shard_of(word, shards)}.json"])
    return {n for packed in part.get(word, []) for n in unpack(packed)}


@given(st.sets(st.integers(0, 10_000)))
def test_numbers_survive_packing(numbers: set[int]) -> None:
    assert unpack(pack(sorted(numbers))) == sorted(numbers)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=12))
def test_every_word_leads_to_exactly_the_notices_that_have_it(
    told: list[tuple[str, str]],
) -> None:
    docs = [doc(n, title, text) for n, (title, text) in enumerate(told)]
    frozen = freeze(docs)
    words = {n: set(words_of(f"{d.title} {d.text}")) for n, d in enumerate(docs)}
    for word in set().union(*words.values()) if words else set():
        assert found(frozen.files, frozen.shards, word) == {
            n for n, w in words.items() if word in w
        }


def test_marks_do_not_matter() -> None:
    assert words_of("Đường dây 22 kV, Quế Sơn!") == ["duong", "day", "22", "kv", "que", "son"]
    assert words_of("Duong day 22 KV que son") == words_of("Đường dây 22 kV, Quế Sơn!")


def test_a_telephone_loads_little_of_a_large_archive() -> None:
    words = [f"tu{n % 900} chu{n % 700} so{n}" for n in range(4000)]
    docs = [doc(n, f"Tin {words[n]}", " ".join(words[n : n + 40])) for n in range(3000)]
    frozen = freeze(docs)
    assert max(len(content) for name, content in frozen.files.items() if name[0] in "wd") < 40_000
    assert json.loads(frozen.files["d29.json"])[99][0] == "2026/06/2999.html"


def test_a_recent_notice_carries_its_words_once() -> None:
    row = recent_row(doc(0, "Cắt điện", "Cắt điện điện điện thôn 1 < 2"))
    assert row[4] == "1 2 thon"


def test_a_release_is_found_at_once_and_a_withdrawal_is_not(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    one = released(xa_a, an, binh, now, title="Tin một")
    two = released(xa_a, an, binh, now, title="Tin hai")
    write_pages(xa_a, now=now)

    def titles() -> list[str]:
        index = json.loads((folder(xa_a) / paths.SEARCH_INDEX).read_text())
        return sorted(row[1] for row in index["recent"])

    assert titles() == ["Tin hai", "Tin một"]
    withdraw_bulletin(bulletin=one.bulletin, reason="Nhầm.", by=binh, now=later)
    corrected(two, an, binh, later)
    write_pages(xa_a, now=later)
    assert titles() == ["Đính chính: Tin hai"]


def test_the_frozen_part_is_replaced_whole_and_knows_what_is_gone(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    one = released(xa_a, an, binh, now - timedelta(days=2), title="Tin một")
    released(xa_a, an, binh, now - timedelta(days=1), title="Tin hai")
    write_pages(xa_a, now=now)
    freeze_site_search.func(xa_a.pk)
    site = Site.objects.get(unit=xa_a)
    base = folder(xa_a) / "search" / site.search_base
    index = json.loads((folder(xa_a) / paths.SEARCH_INDEX).read_text())
    assert (index["base"], index["recent"], index["gone"]) == (site.search_base, [], [])
    assert [row[1] for row in json.loads((base / "d0.json").read_text())] == ["Tin một", "Tin hai"]
    withdraw_bulletin(bulletin=one.bulletin, reason="Nhầm.", by=binh, now=later)
    released(xa_a, an, binh, later, title="Tin ba")
    write_pages(xa_a, now=later)
    index = json.loads((folder(xa_a) / paths.SEARCH_INDEX).read_text())
    assert index["gone"] == [0]
    assert [row[1] for row in index["recent"]] == ["Tin ba"]
    freeze_site_search.func(xa_a.pk)
    after = Site.objects.get(unit=xa_a).search_base
    kept = {one.name for one in (folder(xa_a) / "search").iterdir() if one.is_dir()}
    assert kept == {site.search_base, after}
