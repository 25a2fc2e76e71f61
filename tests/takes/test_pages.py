"""What scripts may ask, and who is refused."""

import uuid
from datetime import datetime

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn
from tests.takes.conftest import SPOKEN, kept, sha256
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.takes import services
from vang.takes.models import Take


def announced(unit: Unit, key: uuid.UUID) -> dict[str, str]:
    return {
        "key": str(key),
        "unit": str(unit.pk),
        "size": str(len(SPOKEN)),
        "sha256": sha256(SPOKEN),
    }


def put(client: Client, key: uuid.UUID, offset: int, content: bytes) -> object:
    address = reverse("takes:clip", args=[key]) + f"?offset={offset}"
    return client.put(address, content, content_type="application/octet-stream")


def take_of(unit: Unit, by: Person, now: datetime) -> Take:
    return services.open_take(
        unit=unit, subject="bulletin:1", text="Một hai. Ba bốn.", by=by, now=now
    )


def test_a_clip_is_announced_sent_in_parts_placed_and_heard(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    client, key = signed_in(an), uuid.uuid4()
    take = take_of(xa_a, an, now)
    assert client.post(reverse("takes:new-clip"), announced(xa_a, key)).json()["received"] == 0
    assert put(client, key, 0, SPOKEN[:9000]).json()["received"] == 9000  # type: ignore[attr-defined]
    wrong = put(client, key, 0, SPOKEN[:9000])
    assert (wrong.status_code, wrong.json()["received"]) == (409, 9000)  # type: ignore[attr-defined]
    assert put(client, key, 9000, SPOKEN[9000:]).json()["kept"]  # type: ignore[attr-defined]
    told = client.post(
        reverse("takes:change", args=[take.pk]), {"act": "place", "line": "0", "clip": str(key)}
    ).json()
    assert told["missing"] == [1]
    assert told["pieces"]["0"]["faults"] == []
    heard = client.get(reverse("takes:clip-sound", args=[key]))
    assert b"".join(heard.streaming_content) == SPOKEN  # type: ignore[attr-defined]
    assert heard["Content-Type"] == "audio/wav"
    refused = client.post(reverse("takes:change", args=[take.pk]), {"act": "join"})
    assert (refused.status_code, refused.json()["code"]) == (422, "lines-missing")


def test_a_part_that_is_too_large_is_not_read(an: Person, xa_a: Unit, signed_in: SignedIn) -> None:
    client, key = signed_in(an), uuid.uuid4()
    client.post(reverse("takes:new-clip"), announced(xa_a, key))
    assert put(client, key, 0, bytes(1_600_000)).status_code == 413  # type: ignore[attr-defined]


def test_chi_and_strangers_find_nothing(
    an: Person, chi: Person, xa_a: Unit, now: datetime, client: Client, signed_in: SignedIn
) -> None:
    clip, take = kept(xa_a, an, now), take_of(xa_a, an, now)
    stranger = signed_in(chi)
    assert stranger.post(reverse("takes:new-clip"), announced(xa_a, clip.key)).status_code == 404
    for name, args in (
        ("clip", [clip.key]),
        ("clip-sound", [clip.key]),
        ("take", [take.pk]),
        ("recording", [take.pk]),
    ):
        address = reverse(f"takes:{name}", args=args)
        assert stranger.get(address).status_code == 404, name
        assert client.get(address).status_code == 401, name
        assert client.post(address).status_code == 405, name
    changed = {"act": "drop", "line": "0"}
    address = reverse("takes:change", args=[take.pk])
    assert stranger.post(address, changed).status_code == 404
    assert signed_in(an).get(address).status_code == 405
    assert signed_in(an).post(address, {"act": "burn"}).status_code == 404
    assert signed_in(an).post(address, {"act": "drop", "line": "-1"}).status_code == 404


def test_a_colleague_hears_a_clip_but_adds_nothing_to_it(
    an: Person, binh: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    clip = kept(xa_a, an, now)
    colleague = signed_in(binh)
    assert colleague.get(reverse("takes:clip", args=[clip.key])).json()["kept"]
    assert put(colleague, clip.key, 0, b"x").status_code == 404  # type: ignore[attr-defined]


def test_the_budget(
    an: Person,
    xa_a: Unit,
    now: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    take, client = take_of(xa_a, an, now), signed_in(an)
    with django_assert_max_num_queries(6):
        client.get(reverse("takes:take", args=[take.pk]))
