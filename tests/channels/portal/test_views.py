"""The pages as Django hands them out."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.channels.portal.publishing import folder, released, write_pages
from vang.bulletins.models import Edition
from vang.channels.portal import paths
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture
def edition(xa_a: Unit, an: Person, binh: Person, now: datetime) -> Edition:
    found = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    return found


def url(edition: Edition, path: str) -> str:
    return reverse("portal:file", args=[edition.unit.code, path])


def body(response: object) -> bytes:
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    response.close()  # type: ignore[attr-defined]
    return content


@pytest.fixture
def client(client: Client, db: None) -> Iterator[Client]:
    """A reader that closes what it opened, as every server does."""
    answers = []
    ask = client.request

    def request(**about: Any) -> Any:
        answers.append(ask(**about))
        return answers[-1]

    client.request = request  # type: ignore[method-assign]
    yield client
    for answer in answers:
        answer.close()


def test_anybody_reads_the_first_page_and_the_notice(client: Client, edition: Edition) -> None:
    first = client.get(reverse("portal:preview", args=[edition.unit.code]))
    assert first.status_code == 200
    assert first["Content-Type"] == "text/html; charset=utf-8"
    assert edition.title in body(first).decode()
    assert client.get(url(edition, paths.edition_path(edition))).status_code == 200


def test_it_costs_no_query_and_sets_no_cookie(
    client: Client, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("portal:preview", args=[edition.unit.code])
    with django_assert_num_queries(0):
        response = client.get(address)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_only_own_material_may_be_loaded(client: Client, edition: Edition) -> None:
    policy = client.get(url(edition, "index.html"))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "media-src 'self'" in policy


def test_nothing_outside_the_folder_is_handed_out(
    client: Client, edition: Edition, data: Path
) -> None:
    (data / "secret.key").write_text("secret")
    (data / "secret.html").write_text("secret")
    (folder(edition.unit) / "link.html").symlink_to(data / "secret.html")
    hidden = folder(edition.unit) / ".hidden.html"
    hidden.write_text("secret")
    for path in (
        "../secret.html",
        "../../secret.key",
        "%2e%2e/%2e%2e/secret.html",
        "..%2f..%2fsecret.html",
        "2026/../../../secret.html",
        "..\\..\\secret.html",
        "/etc/passwd",
        "//etc/passwd",
        "link.html",
        ".hidden.html",
        ".day",
        "2026",
        "index.html/",
        "nothing.html",
        "a\x00.html",
    ):
        response = client.get(f"/pages/{edition.unit.code}/{path}")
        assert response.status_code == 404, path
    for code in ("..", ".", "%2e%2e", ".20662.lock", "x" * 40):
        assert client.get(f"/pages/{code}/index.html").status_code == 404
    assert client.get(url(edition, "index.html")).status_code == 200


def test_only_reading(client: Client, edition: Edition) -> None:
    assert client.post(url(edition, "index.html")).status_code == 405
    assert client.head(url(edition, "index.html")).status_code == 200


def test_unchanged_pages_are_not_sent_again(client: Client, edition: Edition) -> None:
    first = client.get(url(edition, "index.html"))
    assert first["Cache-Control"] == "public, max-age=60"
    again = client.get(url(edition, "index.html"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    since = client.get(
        url(edition, "index.html"), headers={"If-Modified-Since": first["Last-Modified"]}
    )
    assert since.status_code == 304
    other = client.get(url(edition, "index.html"), headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_sound_is_sent_in_parts(client: Client, edition: Edition) -> None:
    sound = url(edition, paths.audio_path(edition.audio_sha256))
    whole = client.get(sound)
    content = body(whole)
    assert whole["Content-Type"] == "audio/ogg"
    assert whole["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(content) == edition.audio_size
    part = client.get(sound, headers={"Range": "bytes=4-9"})
    assert (part.status_code, body(part)) == (206, content[4:10])
    assert part["Content-Range"] == f"bytes 4-9/{edition.audio_size}"
    assert part["Content-Length"] == "6"
    tail = client.get(sound, headers={"Range": "bytes=-5"})
    assert body(tail) == content[-5:]


def test_a_range_behind_the_end_is_refused(client: Client, edition: Edition) -> None:
    sound = url(edition, paths.audio_path(edition.audio_sha256))
    refused = client.get(sound, headers={"Range": "bytes=99999-"})
    assert refused.status_code == 416
    assert refused["Content-Range"] == f"bytes */{edition.audio_size}"


def test_a_range_of_an_older_file_brings_the_whole(client: Client, edition: Edition) -> None:
    sound = url(edition, paths.audio_path(edition.audio_sha256))
    response = client.get(sound, headers={"Range": "bytes=4-9", "If-Range": '"older"'})
    assert response.status_code == 200
    same = client.get(sound, headers={"Range": "bytes=4-9", "If-Range": response["ETag"]})
    assert same.status_code == 206
