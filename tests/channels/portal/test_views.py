"""The pages as Django hands them out."""

import gzip
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.channels.portal.publishing import folder, released, write_pages
from vang.base.files import write_atomic
from vang.bulletins.models import Edition
from vang.channels.portal import paths, serving
from vang.channels.portal.serving import find_public_file
from vang.channels.portal.wsgi import PublicPages
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
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


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
        ".shared",
        "2026",
        "index.html/",
        "x" * 300 + ".html",
        "nothing.html",
        "a\x00.html",
    ):
        response = client.get(f"/pages/{edition.unit.code}/{path}")
        assert response.status_code == 404, path
    for code in ("..", ".", "%2e%2e", ".20662.lock", "x" * 40):
        assert client.get(f"/pages/{code}/index.html").status_code == 404
    assert client.get(url(edition, "index.html")).status_code == 200


class Plain:
    """A WSGI server's one request: status, headers, body."""

    def __init__(self, application: Any, path: str, method: str = "GET", **asked: str) -> None:
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method, **asked}
        content = application(environ, self._begin)
        self.body = b"".join(content)

    def _begin(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = int(status[:3]), dict(headers)


def passed_on(_environ: object, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"Django"]


def test_in_front_of_django_the_answers_are_the_same(
    client: Client, edition: Edition, data: Path
) -> None:
    front = PublicPages(passed_on, data / "portal")
    sound = paths.audio_path(edition.audio_sha256)
    tag = client.get(url(edition, "index.html"))["ETag"]
    for path, asked in (
        ("index.html", {}),
        ("", {}),
        ("en/index.html", {}),
        ("2026/06/", {}),
        ("sw.js", {}),
        ("feed.json", {}),
        ("manifest.webmanifest", {}),
        ("index.html", {"HTTP_IF_NONE_MATCH": tag}),
        ("index.html", {"HTTP_IF_NONE_MATCH": f'W/{tag}, "x"'}),
        ("index.html", {"HTTP_IF_MODIFIED_SINCE": "not a date"}),
        ("index.html", {"HTTP_ACCEPT_ENCODING": "br, gzip"}),
        ("index.html", {"HTTP_ACCEPT_ENCODING": "gzip;q=0"}),
        (sound, {"HTTP_ACCEPT_ENCODING": "gzip"}),
        (sound, {"HTTP_RANGE": "bytes=4-9"}),
        (sound, {"HTTP_RANGE": "bytes=-3"}),
        (sound, {"HTTP_RANGE": "bytes=99999-"}),
        (sound, {"HTTP_RANGE": "bytes=1-2,4-5"}),
    ):
        address = f"/pages/{edition.unit.code}/{path}"
        mine = Plain(front, address, **asked)
        django = client.get(address, **asked)  # type: ignore[arg-type]
        assert mine.status == django.status_code, (path, asked)
        content = body(django) if django.streaming else django.content
        assert mine.body == content
        for name, value in mine.headers.items():
            assert django[name] == value, (path, name)
        head = Plain(front, address, "HEAD", **asked)
        assert (head.status, head.headers, head.body) == (mine.status, mine.headers, b"")


def test_what_is_no_public_file_goes_on_to_django(edition: Edition, data: Path) -> None:
    front = PublicPages(passed_on, data / "portal")
    (data / "secret.html").write_text("secret")
    (folder(edition.unit) / ".hidden.html").write_text("secret")
    here = f"/pages/{edition.unit.code}"
    for path in (
        "/",
        "/pages/",
        here,
        f"{here}/.hidden.html",
        f"{here}/../secret.html",
        f"{here}/..\\secret.html",
        f"{here}/nothing.html",
        f"{here}/a\x00.html",
        f"{here}/\xff\xfe.html",
        f"{here}/" + "x" * 300 + ".html",
        "/pages/../secret.html",
        "/pages/.assets/index.html",
    ):
        assert Plain(front, path).body == b"Django", path
    assert Plain(front, f"{here}/index.html", "POST").body == b"Django"


def test_a_page_written_anew_while_it_is_sent_is_one_or_the_other(edition: Edition) -> None:
    page = folder(edition.unit) / "index.html"
    found = find_public_file(folder(edition.unit), "index.html")
    assert found
    write_atomic(page, b"new and shorter")
    told = serving.answer(found, {})
    assert b"".join(told.body) == b"new and shorter"
    assert told.headers["Content-Length"] == "15"


def test_text_is_squeezed_for_whoever_takes_it(client: Client, edition: Edition) -> None:
    address = url(edition, "index.html")
    plain = body(client.get(address))
    small = client.get(address, HTTP_ACCEPT_ENCODING="br;q=1.0, gzip;q=0.8")
    packed = body(small)
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 2
    assert (small["Content-Encoding"], small["Vary"]) == ("gzip", "Accept-Encoding")
    assert small["Content-Length"] == str(len(packed))
    assert small["ETag"] != client.get(address)["ETag"]
    again = client.get(address, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=small["ETag"])
    assert again.status_code == 304
    for refused in ("", "identity", "gzip;q=0", "gzip; q=0.0, br", "notgzip"):
        assert "Content-Encoding" not in client.get(address, HTTP_ACCEPT_ENCODING=refused)
    part = client.get(address, HTTP_ACCEPT_ENCODING="gzip", HTTP_RANGE="bytes=0-9")
    assert body(part) == plain[:10]
    write_atomic(folder(edition.unit) / "index.html", plain + b"<!-- new -->" * 100)
    anew = body(client.get(address, HTTP_ACCEPT_ENCODING="gzip"))
    assert gzip.decompress(anew).endswith(b"<!-- new -->")


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
