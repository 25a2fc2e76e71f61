"""The pages of live voices: for whom they open, what they say, how much they ask."""

from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from tests.link.conftest import RunningLink
from tests.live.conftest import LiveKeeper
from tests.live.test_speaking import leave, opened, prepared
from vang.base.tokens import derived_secret
from vang.live import services
from vang.live.models import Permission, Session
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node


@pytest.fixture
def session(
    xa_a: Unit,
    binh: Person,
    keeper: LiveKeeper,
    nodes: list[Node],
    link: RunningLink,
    now: datetime,
) -> Session:
    """Bình's, open."""
    return opened(prepared(xa_a, binh, nodes, now), binh, keeper, now)


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def test_from_the_choice_to_the_signature(
    client: Client, binh: Person, keeper: LiveKeeper, nodes: list[Node], link: RunningLink,
    django_assert_max_num_queries: object,
) -> None:  # fmt: skip
    signed_in(client, binh)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = client.get("/live/new")
    assert "microphone=(self)" in page["Permissions-Policy"]
    clusters = [node.cluster.pk for node in nodes]
    bad = client.post("/live/new", {"subject": "", "minutes": 3})
    assert bad.status_code == 422
    told = {"subject": "Họp thôn", "clusters": clusters, "minutes": 3}
    done = client.post("/live/new", told)
    session = Session.objects.get()
    assert done["Location"] == f"/live/{session.pk}/sign"
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = client.get(done["Location"])
    assert session.sha256[:16] in page.content.decode()
    assert client.get(f"/live/{session.pk}")["Location"] == done["Location"]


def test_on_the_air_the_page_brings_the_microphone_to_the_link(
    client: Client, binh: Person, session: Session, django_assert_max_num_queries: object
) -> None:
    signed_in(client, binh)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = client.get(f"/live/{session.pk}")
    text = page.content.decode()
    assert 'data-address="ws://testserver:9/link/microphone"' in text
    assert "connect-src 'self' ws://testserver:9" in page["Content-Security-Policy"]
    assert "data-token" in text
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert client.get(f"/live/{session.pk}/part").status_code == 200
    assert client.get("/live/").status_code == 200


def test_only_the_speaker_is_given_the_microphone(
    client: Client, an: Person, session: Session
) -> None:
    text = signed_in(client, an).get(f"/live/{session.pk}").content.decode()
    assert "data-token" not in text
    assert session.subject in text


@pytest.mark.parametrize("page", ["", "/sign", "/part", "/recording"])
def test_a_stranger_finds_nothing(client: Client, chi: Person, session: Session, page: str) -> None:
    assert client.get(f"/live/{session.pk}{page}").status_code == 302  # to the sign-in
    assert signed_in(client, chi).get(f"/live/{session.pk}{page}").status_code == 404


@pytest.mark.parametrize("act", ["stop", "words"])
def test_acts_are_posted_and_not_by_strangers(
    client: Client, chi: Person, session: Session, act: str
) -> None:
    assert client.post(f"/live/{session.pk}/{act}").status_code == 302
    signed_in(client, chi)
    assert client.get(f"/live/{session.pk}/{act}").status_code == 405
    assert client.post(f"/live/{session.pk}/{act}").status_code == 404
    session.refresh_from_db()
    assert session.state == Session.State.OPEN


def test_the_end_is_told_by_the_link_alone_and_the_recording_is_kept(
    client: Client, binh: Person, session: Session, settings: object, tmp_path: Path
) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / f"{session.name}.opus").write_bytes(b"OggS as aired")
    body = {
        "session": session.name, "why": "speaker", "frames": 100, "file": f"{session.name}.opus",
    }  # fmt: skip
    address = "/api/node/v1/internal/live"
    assert client.post(address, body, "application/json").status_code == 401
    secret = derived_secret(b"tests-only", "link-internal")
    told = client.post(address, body, "application/json", headers={"X-Vang-Internal": secret})
    assert told.json() == {"known": True}
    session.refresh_from_db()
    assert (session.state, session.spoken_ms) == (Session.State.ENDED, 6_000)
    signed_in(client, binh)
    heard = client.get(f"/live/{session.pk}/recording")
    assert b"".join(heard.streaming_content) == b"OggS as aired"  # type: ignore[attr-defined]


def test_what_was_said_is_written_down_once_it_is_over(
    client: Client, an: Person, binh: Person, session: Session, now: datetime,
    django_assert_max_num_queries: object,
) -> None:  # fmt: skip
    address = f"/live/{session.pk}"
    signed_in(client, binh)
    assert 'name="words"' not in client.get(address).content.decode()
    refused = client.post(f"{address}/words", {"words": "Đang nói."}, follow=True)
    assert "Chỉ ghi lại được lời đã phát" in refused.content.decode()
    services.close_session(session=session, by=binh, why="speaker", now=now)
    assert 'name="words"' in client.get(address).content.decode()
    done = client.post(
        f"{address}/words", {"words": "Tối nay họp thôn.\r\nMời bà con.", "seen": ""}
    )
    assert done["Location"] == address
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        text = client.get(address).content.decode()
    assert "Tối nay họp thôn.<br>Mời bà con." in text
    assert f"Người ghi gần nhất: {binh.full_name}" in text
    text = signed_in(client, an).get(address).content.decode()
    assert "Tối nay họp thôn.<br>Mời bà con." in text
    assert 'name="words"' not in text
    client.post(f"{address}/words", {"words": "Khác", "seen": ""})
    session.refresh_from_db()
    assert session.words == "Tối nay họp thôn.\nMời bà con."


def test_what_cannot_be_kept_stays_in_the_field(
    client: Client, binh: Person, session: Session, now: datetime,
    django_assert_max_num_queries: object,
) -> None:  # fmt: skip
    services.close_session(session=session, by=binh, why="speaker", now=now)
    address = f"/live/{session.pk}/words"
    signed_in(client, binh)
    long = client.post(address, {"words": "Dài " * 5_001, "seen": ""})
    assert long.status_code == 409
    assert "Dài Dài" in long.content.decode()
    client.post(address, {"words": "Lời của Bình.", "seen": ""})
    with django_assert_max_num_queries(12 + 2):  # type: ignore[operator] # and a savepoint
        late = client.post(address, {"words": "Lời ghi sau.", "seen": ""})
    text = late.content.decode()
    assert late.status_code == 409
    assert "Lời của Bình." in text
    assert "Lời ghi sau." in text
    session.refresh_from_db()
    assert session.words == "Lời của Bình."
    assert f'value="{session.words_sha256}"' in text
    client.post(address, {"words": "Lời ghi sau.", "seen": session.words_sha256})
    session.refresh_from_db()
    assert session.words == "Lời ghi sau."


def test_leave_is_given_and_withdrawn_on_one_page(
    client: Client, an: Person, binh: Person, nodes: list[Node], now: datetime,
    django_assert_max_num_queries: object,
) -> None:  # fmt: skip
    assert signed_in(client, an).get("/live/leave").status_code == 403
    signed_in(client, binh)
    told = {
        "person": an.pk, "clusters": [nodes[0].cluster.pk], "valid_from": "01/01/2026",
        "valid_to": "31/12/2030", "hours_from": "05:00", "hours_to": "21:00",
    }  # fmt: skip
    assert client.post("/live/leave", {**told, "hours_to": "04:00"}).status_code == 422
    assert client.post("/live/leave", told).status_code == 302
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert an.full_name in client.get("/live/leave").content.decode()
    given = Permission.objects.get()
    client.post(f"/live/leave/{given.pk}/withdraw")
    given.refresh_from_db()
    assert given.withdrawn_by == binh


def test_a_stranger_withdraws_nothing(
    client: Client, xa_a: Unit, an: Person, binh: Person, chi: Person, nodes: list[Node],
    now: datetime,
) -> None:  # fmt: skip
    given = services.give_permission(unit=xa_a, leave=leave(an, nodes[0], now), by=binh, now=now)
    assert signed_in(client, chi).post(f"/live/leave/{given.pk}/withdraw").status_code in {403, 404}
    given.refresh_from_db()
    assert given.withdrawn_at is None


def test_who_was_given_leave_sees_where_and_when(
    client: Client, xa_a: Unit, an: Person, binh: Person, nodes: list[Node], now: datetime
) -> None:
    services.give_permission(unit=xa_a, leave=leave(an, nodes[0], now), by=binh, now=now)
    page = signed_in(client, an).get("/live/new").content.decode()
    assert f"Bạn được nói ở {nodes[0].cluster.name} từ 05:00 đến 21:00." in page
    assert "Bạn được nói ở" not in signed_in(client, binh).get("/live/new").content.decode()
