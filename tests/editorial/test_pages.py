"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.bulletins import newsroom
from tests.conftest import SignedIn, person
from tests.editorial.planning import begun, opened
from tests.pool.sharing import STORM
from vang.bulletins.models import Bulletin
from vang.editorial import services
from vang.editorial.models import Criterion, Line, Place, Plan, Score, Season, Series
from vang.orgs.models import Unit
from vang.people.models import Person


def address(name: str, *args: object) -> str:
    return reverse(f"editorial:{name}", args=args)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def episode(series: Series, xa_a: Unit, an: Person, binh: Person, now: datetime) -> Bulletin:
    bulletin = newsroom.released(xa_a, an, binh, now, STORM).bulletin
    services.place_bulletin(bulletin=bulletin, series=series, line=None, by=an, now=now)
    return bulletin


@pytest.fixture
def rooms(
    plan: Plan, series: Series, episode: Bulletin, an: Person, binh: Person, now: datetime
) -> dict[str, int]:
    """Keys of everything that a page shows."""
    services.add_first_criteria(unit=plan.unit, by=binh, now=now)
    season = services.add_season(
        unit=plan.unit, name="Vụ dưa", month_from=2, month_to=4, by=binh, now=now
    )
    return {
        "plan": plan.pk, "line": plan.lines.get().pk, "series": series.pk, "season": season.pk,
        "bulletin": episode.pk, "criterion": Criterion.objects.filter(unit=plan.unit)[0].pk,
    }  # fmt: skip


PAGES = {
    "plan": "", "seasons": "", "series-list": "", "new-series": "", "criteria": "",
    "open": "plan", "change": "plan", "new-line": "plan", "suggestions": "plan", "below": "plan",
    "line": "line", "series": "series", "change-series": "series", "place": "bulletin",
    "score": "bulletin",
}  # fmt: skip
ACTS = {
    "start": "", "first-criteria": "", "copy": "plan", "adopt": "plan", "reopen": "plan",
    "remove-line": "line", "remove-season": "season", "end-series": "series",
    "end-criterion": "criterion",
}  # fmt: skip


def url_of(name: str, kind: str, rooms: dict[str, int]) -> str:
    return address(name, rooms[kind]) if kind else address(name)


@pytest.mark.parametrize(("name", "kind"), PAGES.items())
def test_pages_open_for_the_newsroom_and_not_for_strangers(
    name: str, kind: str, rooms: dict[str, int], an: Person, chi: Person, signed_in: SignedIn
) -> None:
    url = url_of(name, kind, rooms)
    client = signed_in(an)
    assert client.get(url).status_code == 200
    assert client.delete(url).status_code == 405
    assert Client().get(url).status_code == 302
    if kind:
        assert signed_in(chi).get(url).status_code == 404


@pytest.mark.parametrize(("name", "kind"), ACTS.items())
def test_acts_are_posted_by_those_who_may(
    name: str, kind: str, rooms: dict[str, int], an: Person, chi: Person, tech: Person,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    url = url_of(name, kind, rooms)
    assert signed_in(an).get(url).status_code == 405
    assert Client().post(url).status_code == 302
    assert signed_in(tech).post(url).status_code == 403
    if kind:
        assert signed_in(chi).post(url).status_code == 404
    assert Line.objects.exists()
    assert Season.objects.exists()
    assert not Series.objects.filter(ended_on__isnull=False).exists()


def test_a_plan_is_begun_filled_adopted_and_opened_again(
    xa_a: Unit, an: Person, binh: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert "Kế hoạch tuyên truyền năm 2026" in body(client.get(address("plan")))
    client.post(address("start"), {"year": "2026", "title": "Kế hoạch 2026", "number": "15/KH"})
    plan = Plan.objects.get(unit=xa_a)
    wrong = {"name": "Bão", "month_from": "9", "month_to": "3", "source": "ANY"}
    page = body(client.post(address("new-line", plan.pk), wrong))
    assert "Tháng cuối không được trước tháng đầu." in page
    assert "Hãy ghi số bản tin, số phút, hoặc cả hai." in page
    client.post(address("new-line", plan.pk), {**wrong, "month_to": "12", "items": "6"})
    line = plan.lines.get()
    client.post(address("line", line.pk), {**wrong, "month_to": "12", "items": "7"})
    line.refresh_from_db()
    assert line.items == 7
    client.post(address("change", plan.pk), {"title": "Kế hoạch mới", "number": ""})
    client.post(address("adopt", plan.pk))
    plan.refresh_from_db()
    assert (plan.title, plan.state) == ("Kế hoạch mới", "DRAFT")
    boss = signed_in(binh)
    boss.post(address("adopt", plan.pk))
    assert "Đã ban hành" in body(boss.get(address("plan")))
    client.post(address("remove-line", line.pk))
    assert plan.lines.exists()
    boss.post(address("reopen", plan.pk))
    client.post(address("remove-line", line.pk))
    assert not plan.lines.exists()


def test_the_calendar_of_seasons_fills_a_plan(plan: Plan, an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    fields = {"chosen": ["mua-bao", "dong-xuan"], "items-mua-bao": "5", "items-dong-xuan": "x"}
    client.post(address("suggestions", plan.pk), fields)
    storm = plan.lines.get(name__startswith="Mùa mưa bão")
    assert (storm.items, storm.month_from, storm.month_to) == (5, 9, 12)
    assert plan.lines.filter(name__startswith="Vụ lúa đông xuân").count() == 2
    season = {"name": "Lễ hội", "month_from": "3", "month_to": "3", "category": ""}
    client.post(address("seasons"), season)
    assert "Lễ hội" in body(client.get(address("seasons")))


def test_the_plan_above_is_read_and_copied(
    district: Unit, xa_a: Unit, an: Person, dung: Person, now: datetime, signed_in: SignedIn
) -> None:
    head = person("nga", "Nga", district, "WRITER", "APPROVER")
    above = begun(district, head, now)
    client = signed_in(an)
    assert client.get(address("open", above.pk)).status_code == 404
    services.adopt_plan(plan=above, by=head, now=now)
    assert address("copy", above.pk) in body(client.get(address("plan")))
    assert client.get(address("open", above.pk)).status_code == 200
    client.post(address("copy", above.pk))
    assert Plan.objects.get(unit=xa_a).parent == above
    below = address("below", above.pk)
    assert below in body(signed_in(dung).get(address("open", above.pk)))
    assert xa_a.full_name in body(signed_in(dung).get(below))
    assert below not in body(client.get(address("open", above.pk)))
    assert client.get(address("below", above.pk)).status_code == 404


def test_a_series_is_begun_written_for_and_ended(
    xa_a: Unit, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    fields = {"name": "Nhà nông", "frequency": "WEEKLY", "target_min": "5.5", "responsible": an.pk}
    client.post(address("new-series"), fields)
    series = Series.objects.get()
    assert (series.target_s, series.responsible) == (330, an)
    write = f"{reverse('bulletins:new')}?series={series.pk}"
    assert write in body(client.get(address("series", series.pk)))
    assert "selected" in body(client.get(write)).split('name="series"')[1][:600]
    typed = {"title": "Tin", "text": "Nội dung.", "category": "SCIENCE", "priority": "NORMAL"}
    client.post(write, {**typed, "series": series.pk, "line": ""})
    assert Place.objects.get().series == series
    assert "Tin" in body(client.get(address("series", series.pk)))
    client.post(address("change-series", series.pk), {**fields, "frequency": "DAILY"})
    client.post(address("end-series", series.pk))
    assert "Nhà nông" in body(client.get(address("series-list"), {"view": "ended"}))
    assert "Nhà nông" not in body(client.get(address("series-list")))


def test_a_bulletin_is_put_into_a_series_from_its_page(
    series: Series, xa_a: Unit, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = newsroom.draft(xa_a, an, now)
    client = signed_in(an)
    assert address("place", bulletin.pk) in body(
        client.get(reverse("bulletins:detail", args=[bulletin.pk]))
    )
    client.post(address("place", bulletin.pk), {"series": series.pk, "line": ""})
    assert series.name in body(client.get(reverse("bulletins:detail", args=[bulletin.pk])))


def test_scores_are_given_on_their_page(
    episode: Bulletin, an: Person, binh: Person, signed_in: SignedIn
) -> None:
    boss = signed_in(binh)
    boss.post(address("first-criteria"))
    boss.post(address("criteria"), {"name": "Kịp thời", "weight": "2"})
    fields = {f"c{one.pk}": "9" for one in Criterion.objects.all()}
    assert len(fields) == 5
    assert boss.post(address("score", episode.pk), {"comment": "x"}).status_code == 200
    boss.post(address("score", episode.pk), {**fields, "comment": "Dễ nghe."})
    assert Score.objects.get().average == 9
    page = body(signed_in(an).get(address("score", episode.pk)))
    assert "Dễ nghe." in page
    mine = signed_in(an).post(address("score", episode.pk), fields)
    assert "Không tự chấm" in body(mine)
    boss.post(address("end-criterion", Criterion.objects.first().pk))  # type: ignore[union-attr]
    assert Criterion.objects.filter(ended_at=None).count() == 4


def test_the_budgets(
    rooms: dict[str, int], plan: Plan, xa_a: Unit, an: Person, binh: Person, now: datetime,
    signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for number in range(5):
        opened(xa_a, an, now, f"Chuyên mục {number}")
        bulletin = newsroom.draft(xa_a, an, now)
        series = Series.objects.get(pk=rooms["series"])
        services.place_bulletin(bulletin=bulletin, series=series, line=None, by=an, now=now)
    client = signed_in(an)
    for name, kind in PAGES.items():
        url = url_of(name, kind, rooms)
        client.get(url)
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200, name
