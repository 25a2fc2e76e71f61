"""The journal is read by those whom it concerns."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.airtime.factories import cluster, daily, edition, placed, three_clusters
from tests.airtime.wanting import DAY, at
from tests.claims.register import noted
from tests.editorial.planning import opened
from tests.library.material import picture
from tests.people.entering import entered
from vang.airtime import services as airtime
from vang.bulletins.models import Bulletin
from vang.chronicle.reading import Row
from vang.journal.models import Entry
from vang.journal.queries import A_PAGE
from vang.journal.services import record
from vang.library.services import keep_item
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.people.services import grant_role
from vang.people.services.delegating import Terms, delegate

MINE = "/journal/mine"
UNIT = "/journal/"


@pytest.fixture
def air(xa_a: Unit) -> Unit:
    three_clusters(xa_a)
    return xa_a


def rows(client: Client, path: str) -> list[Row]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    journal = answer.context.get("journal")
    found: list[Row] = journal.rows if journal else answer.context["rows"]
    return found


def labels(client: Client, path: str) -> list[str]:
    return [row.label for row in rows(client, path)]


def of_bulletin(bulletin: Bulletin) -> str:
    return f"/journal/of/bulletin/{bulletin.pk}"


def test_what_was_placed_stands_on_the_page_of_its_bulletin(
    client: Client, air: Unit, binh: Person, an: Person
) -> None:
    placement = placed(air, binh, at("17:00"))
    airtime.remove_placement(placement=placement, by=binh, now=at("08:00"))
    about = of_bulletin(placement.edition.bulletin)
    entered(client, an)
    assert labels(client, about) == ["Gỡ khỏi lịch phát", "Xếp lịch phát"]
    page = client.get(about).content.decode()
    assert "Trần Thị Bình" in page
    assert "lúc 17:00 10/06/2026" in page
    assert "place-edition" not in page


def test_what_was_stopped_stands_there_too(
    client: Client, air: Unit, binh: Person, an: Person
) -> None:
    placement = placed(air, binh, at("17:00"))
    airtime.stop_all(unit=air, by=binh, now=at("16:59"))
    about = of_bulletin(placement.edition.bulletin)
    assert labels(entered(client, an), about)[0] == "Dừng tất cả"


def test_a_programme_tells_of_its_changes_and_of_what_was_put_into_it(
    client: Client, air: Unit, binh: Person, an: Person
) -> None:
    programme = daily(air, binh)
    made = edition(air, binh)
    airtime.place_in_programme(
        edition=made, programme=programme, from_day=DAY, to_day=DAY, by=binh, now=at("08:00")
    )
    path = f"/journal/of/programme/{programme.pk}"
    assert labels(entered(client, an), path) == ["Xếp lịch phát", "Lập chương trình"]


def test_pages_hold_a_way_to_the_journal_that_needs_no_script(
    client: Client, xa_a: Unit, an: Person, binh: Person, quan: Person
) -> None:
    programme, speaker = daily(xa_a, binh), cluster(xa_a, 1)
    entered(client, an)
    for page, about in (
        (f"/bulletins/{edition(xa_a, an).bulletin_id}", "bulletin"),
        (f"/airtime/programmes/{programme.pk}/times", "programme"),
        (f"/stations/{speaker.pk}", "cluster"),
    ):
        assert f'href="/journal/of/{about}/' in client.get(page).content.decode(), page
    entered(client, quan)
    page = client.get(f"/account/people/{an.pk}").content.decode()
    assert f'href="/journal/of/person/{an.pk}"' in page


def test_claims_series_and_material_have_their_own(
    client: Client, xa_a: Unit, an: Person, chi: Person, now: datetime
) -> None:
    claim, series = noted(xa_a, an, now), opened(xa_a, an, now)
    item = keep_item(unit=xa_a, file_name="cho.jpg", content=picture(), by=an, now=now)
    for kind, thing, label in (
        ("claim", claim, "Ghi nhận thông tin"),
        ("series", series, "Mở chuyên mục"),
        ("item", item, "Đưa tư liệu vào"),
    ):
        path = f"/journal/of/{kind}/{thing.pk}"
        assert labels(entered(client, an), path)[-1].startswith(label), kind
        page = client.get(path).context["thing"].url
        assert f'href="{path}"' in client.get(page).content.decode(), kind
        assert entered(client, chi).get(path).status_code == 404, kind


def test_strangers_find_nothing(
    client: Client, xa_a: Unit, binh: Person, an: Person, chi: Person
) -> None:
    programme, speaker, made = daily(xa_a, binh), cluster(xa_a, 1), edition(xa_a, binh)
    entered(client, chi)
    for kind, pk in (
        ("bulletin", made.bulletin_id),
        ("programme", programme.pk),
        ("cluster", speaker.pk),
        ("person", an.pk),
    ):
        for path in (f"/journal/of/{kind}/{pk}", f"/journal/of/{kind}/{pk}/latest"):
            assert client.get(path).status_code == 404, path
    for odd in ("bulletin/x", "bulletin/99999999999999999999", "unit/1", "entry/1", "bulletin/²"):
        assert client.get(f"/journal/of/{odd}").status_code == 404, odd


def test_one_must_be_signed_in_and_only_read(client: Client, an: Person, quan: Person) -> None:
    for path in (MINE, UNIT, f"/journal/of/person/{an.pk}", f"/journal/of/person/{an.pk}/latest"):
        assert client.get(path).headers["Location"].startswith("/account/sign-in"), path
    entered(client, quan)
    for path in (MINE, UNIT, f"/journal/of/person/{an.pk}"):
        assert client.post(path).status_code == 405, path


def test_mine_is_what_i_did_and_what_was_done_to_me(
    client: Client, xa_a: Unit, an: Person, quan: Person, chi: Person, now: datetime
) -> None:
    grant_role(person=an, unit=xa_a, role="TECHNICIAN", since=now.date(), by=quan, now=now)
    record("create-bulletin", "bulletin:1", by=an, unit=xa_a, now=now)
    record("create-bulletin", "bulletin:2", by=quan, unit=xa_a, now=now)
    entered(client, an)
    assert labels(client, MINE) == ["Bắt đầu soạn bản tin", "Giao vai trò"]
    page = client.get(MINE).content.decode()
    assert "kỹ thuật" in page
    assert labels(entered(client, chi), MINE) == []
    assert "sẽ được ghi tại đây" in client.get(MINE).content.decode()


def test_the_administrator_reads_what_happened_here_and_nowhere_else(
    client: Client, xa_a: Unit, xa_b: Unit, an: Person, quan: Person, chi: Person, now: datetime
) -> None:
    record("create-bulletin", "bulletin:1", by=an, unit=xa_a, now=now)
    record("create-bulletin", "bulletin:2", by=chi, unit=xa_b, now=now)
    entered(client, quan)
    assert [row.entry.subject for row in rows(client, UNIT)] == ["bulletin:1"]
    assert client.get(UNIT).status_code == 200
    assert entered(client, an).get(UNIT).status_code == 403


def test_of_a_colleague_the_administrator_reads_only_what_concerns_this_unit(
    client: Client, xa_a: Unit, xa_b: Unit, an: Person, quan: Person, now: datetime
) -> None:
    about = f"person:{an.pk}"
    record("role.grant", about, by=quan, unit=xa_a, now=now, role="WRITER")
    record("role.grant", about, by=quan, unit=xa_b, now=now, role="LEADER")
    record("person.change-password", about, by=an, unit=None, now=now)
    path = f"/journal/of/person/{an.pk}"
    assert labels(entered(client, quan), path) == ["Đổi mật khẩu của mình", "Giao vai trò"]
    assert len(rows(entered(client, an), path)) == 3


def test_it_says_in_whose_name(
    client: Client, air: Unit, hanh: Person, tech: Person, quan: Person, now: datetime
) -> None:
    today = now.date()
    terms = Terms("LEADER", "KT", "Chủ tịch", "Phó Chủ tịch", today, today + timedelta(days=9))
    delegate(unit=air, principal=hanh, deputy=tech, terms=terms, by=hanh, now=now)
    placed(air, tech, at("17:00", DAY + timedelta(days=2)))
    page = entered(client, quan).get(UNIT).content.decode()
    assert "KT. CHỦ TỊCH Lý Thị Hạnh" in page
    given = labels(entered(client, tech), MINE)
    assert given == ["Xếp lịch phát", "Ủy quyền"]


def test_looking_for_a_kind_of_work_a_person_and_days(
    client: Client, xa_a: Unit, an: Person, quan: Person, now: datetime
) -> None:
    for days, who in ((0, an), (1, an), (2, quan)):
        when = now - timedelta(days=10 - days)
        record("create-bulletin", f"bulletin:{days}", by=who, unit=xa_a, now=when)
        record("cluster.changed", f"cluster:{days}", by=who, unit=xa_a, now=when)
    entered(client, quan)

    def found(query: str) -> list[str]:
        return [row.entry.subject for row in rows(client, f"{UNIT}?{query}")]

    assert found("what=equipment") == ["cluster:2", "cluster:1", "cluster:0"]
    assert found(f"what=equipment&who={an.pk}") == ["cluster:1", "cluster:0"]
    assert found("first=2026-06-01&last=2026-06-01") == ["cluster:1", "bulletin:1"]
    assert found("first=2026-06-02") == ["cluster:2", "bulletin:2"]
    assert found("last=2026-05-31") == ["cluster:0", "bulletin:0"]
    assert found("last=2020-01-01") == []
    assert "Không có việc nào phù hợp" in client.get(f"{UNIT}?last=2020-01-01").content.decode()
    assert len(found("what=everything&who=x&first=yesterday&before=-3")) == 6


def test_pages_go_back_in_time_without_counting(
    client: Client, xa_a: Unit, an: Person, quan: Person, now: datetime
) -> None:
    many = A_PAGE * 2 + 3
    Entry.objects.bulk_create(
        Entry(at=now, by=an, unit=xa_a, action="create-bulletin", subject=f"bulletin:{one}")
        for one in range(many)
    )
    entered(client, quan)
    seen, path = [], f"{UNIT}?what=bulletins"
    while path:
        answer = client.get(path)
        journal = answer.context["journal"]
        seen += [row.entry.subject for row in journal.rows]
        path = journal.older
        assert "what=bulletins" in journal.older or not journal.older
    assert seen == [f"bulletin:{one}" for one in reversed(range(many))]
    assert journal.newest == f"{UNIT}?what=bulletins"


def test_a_page_asks_little_however_many_rows(
    client: Client,
    xa_a: Unit,
    an: Person,
    quan: Person,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    bulletins = [edition(xa_a, an).bulletin_id for _ in range(5)]
    for pk in bulletins:
        about = [f"bulletin:{pk}", f"person:{an.pk}", "programme:7", "invitation:1"]
        about += ["claim:1", "item:1", "series:1"]
        record("place-edition", f"placement:{pk}", by=an, unit=xa_a, now=now, about=about)
        record("role.grant", f"person:{an.pk}", by=quan, unit=xa_a, now=now, role="WRITER")
    entered(client, quan)
    for path in (
        f"{UNIT}?first=2026-06-01&last=2026-07-01",
        MINE,
        f"/journal/of/person/{an.pk}",
        f"/journal/of/bulletin/{bulletins[0]}",
        f"/journal/of/bulletin/{bulletins[0]}/latest",
    ):
        client.get(path)
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200


def test_it_is_taken_away_as_a_table_that_no_spreadsheet_runs(
    client: Client, xa_a: Unit, an: Person, quan: Person, now: datetime
) -> None:
    told = {"name": "=HYPERLINK(1)", "starts_at": "17:00"}
    record("create-programme", "programme:7", by=an, unit=xa_a, now=now, **told)
    record("token.issue", "token:1", by=quan, unit=xa_a, now=now, name="=cmd|'/c calc'!A1")
    Entry.objects.bulk_create(
        Entry(at=now, by=an, unit=xa_a, action="make-sound", subject=f"bulletin:{one}")
        for one in range(A_PAGE * 3)
    )
    entered(client, quan)
    page = client.get(f"{UNIT}?what=systems")
    assert page.context["journal"].table == f"{UNIT}?what=systems&as=csv"
    answer = client.get(page.context["journal"].table)
    assert answer.headers["Content-Type"].startswith("text/csv")
    head, line, end = b"".join(answer).decode("utf-8-sig").split("\r\n")
    assert head.startswith('"Thời gian";"Việc"')
    assert "\"'=cmd|'/c calc'!A1\"" in line
    assert end == ""
    everything = b"".join(client.get(f"{UNIT}?as=csv")).decode()
    assert everything.count("\r\n") == 1 + 2 + A_PAGE * 3
    assert entered(client, an).get(f"{UNIT}?as=csv").status_code == 403
    assert client.get(f"/journal/of/person/{quan.pk}?as=csv").status_code == 404


def test_the_newest_few_come_into_the_page_of_the_thing(
    client: Client, xa_a: Unit, an: Person, now: datetime
) -> None:
    pk = edition(xa_a, an).bulletin_id
    for _time in range(10):
        record("make-sound", f"bulletin:{pk}", by=an, unit=xa_a, now=now)
    entered(client, an)
    part = client.get(f"/journal/of/bulletin/{pk}/latest").content.decode()
    assert part.count("Cho tạo bản âm thanh") == 8
    assert "Toàn bộ nhật ký" in part
    assert "<html" not in part
