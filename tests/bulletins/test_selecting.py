"""Finding bulletins again: quick views, subject, language, series, words."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from tests.bulletins.newsroom import NOTICE, approved, co_tu, draft, released, submitted, take
from tests.conftest import SignedIn
from vang.base import pages
from vang.bulletins import services
from vang.bulletins.content import Content
from vang.bulletins.selecting import VIEWS, Looking, Search, found_bulletins
from vang.editorial.models import Place, Series
from vang.orgs.models import Unit
from vang.people.models import Person


def titles(
    search: Search, person: Person, unit: Unit, now: datetime, role: str = "WRITER"
) -> list[str]:
    looking = Looking(person, unit, frozenset({role}), ["ktv"], now)
    return [row.current.title for row in found_bulletins(search, looking) if row.current]


def named(title: str, **more: object) -> Content:
    return replace(NOTICE, title=title, **more)  # type: ignore[arg-type]


def test_each_view_shows_its_part_of_the_way(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    draft(xa_a, an, now, named("nháp"))
    submitted(xa_a, an, now, named("chờ"))
    approved(submitted(xa_a, an, now, named("duyệt")), binh, now)
    released(xa_a, an, binh, now, named("phát", valid_until=date(2026, 12, 31)))
    soon = now.date() + timedelta(days=1)
    released(xa_a, an, binh, now, named("sắp hết", valid_until=soon))
    gone = released(xa_a, an, binh, now, named("thu hồi")).bulletin
    services.withdraw_bulletin(bulletin=gone, reason="Sai.", publicly="MISTAKE", by=binh, now=now)
    found = {view: set(titles(Search(view=view), an, xa_a, now)) for view in VIEWS}
    assert found["drafts"] == found["with-me"] == {"nháp"}
    assert found["waiting"] == {"chờ"}
    assert found["approved"] == {"duyệt"}
    assert found["on-air"] == {"phát", "sắp hết"}
    assert found["ending"] == {"sắp hết"}
    assert found["over"] == {"thu hồi"}
    assert found["missing"] == found[""] - {"thu hồi"}
    assert len(found[""]) == 6
    assert titles(Search(view="with-me"), binh, xa_a, now, "APPROVER") == ["chờ"]


def test_they_are_found_by_subject_language_and_what_is_missing(
    an: Person, xa_a: Unit, now: datetime
) -> None:
    told = (co_tu(take(xa_a, an, now)),)
    draft(xa_a, an, now, named("bão", category="DISASTER", wordings=told))
    draft(xa_a, an, now, named("họp"))
    assert titles(Search(category="DISASTER"), an, xa_a, now) == ["bão"]
    assert titles(Search(language="ktv"), an, xa_a, now) == ["bão"]
    assert titles(Search(language="-ktv"), an, xa_a, now) == ["họp"]
    assert len(titles(Search(language="-ONE_LINE"), an, xa_a, now)) == 2


def test_words_of_the_text_count_in_every_language(an: Person, xa_a: Unit, now: datetime) -> None:
    draft(xa_a, an, now, named("một", wordings=(co_tu(take(xa_a, an, now)),)))
    draft(xa_a, an, now, replace(NOTICE, title="hai", text="Tiêm phòng cho trâu bò."))
    assert titles(Search(words="tiem phong"), an, xa_a, now) == ["hai"]
    assert titles(Search(words="Prá"), an, xa_a, now) == ["một"]
    assert titles(Search(words="tiem phong", category="DISASTER"), an, xa_a, now) == []


def test_series_are_offered_once_there_are_some(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    client, address = signed_in(an), reverse("bulletins:list")
    bulletin = draft(xa_a, an, now, named("ruộng lúa"))
    draft(xa_a, an, now, named("đường làng"))
    assert 'name="series"' not in client.get(address).content.decode()
    series = Series.objects.create(
        unit=xa_a, name="Nhà nông", frequency="WEEKLY", started_on=now.date(), created_by=an
    )
    Place.objects.create(bulletin=bulletin, series=series, by=an, at=now)
    shown = client.get(address, {"series": str(series.pk)}).content.decode()
    assert "ruộng lúa" in shown
    assert "đường làng" not in shown


def test_a_filter_that_makes_no_sense_does_not_narrow(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    draft(xa_a, an, now, named("còn đây"))
    client = signed_in(an)
    for asked in ({"view": "x"}, {"language": "-"}, {"category": "?"}, {"page": "x"}):
        assert "còn đây" in client.get(reverse("bulletins:list"), asked).content.decode()


def test_a_long_list_is_cut_and_says_so(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST", 20)
    for number in range(21):
        draft(xa_a, an, now, named(f"Tin {number}"))
    shown = signed_in(an).get(reverse("bulletins:list"), {"page": "9"}).content.decode()
    assert "Tin 20<" in shown
    assert "Tin 0<" not in shown
    assert "những tin mới nhất" in shown
