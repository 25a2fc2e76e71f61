"""Help stands beside every screen, in both languages, and is the manual too."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from docs.manual import IMAGES, manual
from pytest_django import DjangoAssertNumQueries

from tests.people.entering import entered
from vang.help.chapters import LANGUAGES, TEXTS, chapters
from vang.help.marks import as_html, pictures_of
from vang.help.screens import keys, named, section_key
from vang.people.models import Person

NOT_SCREENS = {
    *("", "calendar", "connections-api"),
    *("node_api", "journal_api", "rollouts_api", "live_api"),
}


def views(resolver: URLResolver | None = None, room: str = "") -> set[str]:
    """Every named address, with its room."""
    found: set[str] = set()
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            found |= views(one, one.namespace or room)
        elif isinstance(one, URLPattern) and one.name:
            found.add(f"{room}:{one.name}")
    return found


def test_every_screen_has_help() -> None:
    screens = {view for view in views() if view.partition(":")[0] not in NOT_SCREENS}
    assert len(screens) > 150
    assert [view for view in sorted(screens) if section_key(view) is None] == []
    rooms = {view.partition(":")[0] for view in screens}
    assert named() <= screens | rooms, "no help for screens that are gone"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_section_that_a_screen_needs_is_written(language: str) -> None:
    written = [section.key for chapter in chapters(language) for section in chapter.sections]
    assert len(written) == len(set(written))
    assert set(written) == keys(), "each section belongs to a screen"
    for chapter in chapters(language):
        assert chapter.title
        for section in chapter.sections:
            assert len(section.text.split()) > 15, section.key


def test_the_languages_have_the_same_chapters_sections_and_pictures() -> None:
    def shape(language: str) -> list[object]:
        return [
            (one.name, [section.key for section in one.sections], pictures_of(one.source))
            for one in chapters(language)
        ]

    assert shape("vi") == shape("en")


def test_links_inside_lead_somewhere() -> None:
    for language in LANGUAGES:
        for path in (TEXTS / language).glob("*.md"):
            targets = re.findall(r"\]\(#([a-z-]+)\)", path.read_text())
            assert set(targets) <= keys(), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manual_in_the_documents_is_the_same_and_has_its_pictures(language: str) -> None:
    path = Path("docs") / language / "manual.md"
    assert path.read_text() == manual(language), "run: python docs/manual.py"
    for name in {name for one in chapters(language) for name in pictures_of(one.source)}:
        assert (IMAGES / name).is_file(), f"{name}: run sh docs/screens.sh"


def test_texts_are_escaped_and_marked() -> None:
    made = as_html("Một **hai** <script>\n\n- [ba](#due)\n- bốn\n\n1. năm\n\n![x](y.png)")
    assert made == (
        "<p>Một <b>hai</b> &lt;script&gt;</p>\n"
        '<ul><li><a href="#due">ba</a></li><li>bốn</li></ul>\n'
        "<ol><li>năm</li></ol>"
    )
    assert "<a" not in as_html("[x](javascript:alert)")


def test_help_opens_beside_the_screen_and_without_scripts_as_a_page(
    client: Client, an: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page = entered(client, an).get("/bulletins/new").content.decode()
    assert "/help/screen?of=bulletins:new" in page
    drawer = client.get("/help/screen?of=bulletins:new", HTTP_HX_REQUEST="true").content.decode()
    assert "Viết như nói với bà con" in drawer
    assert "<html" not in drawer
    without = client.get("/help/screen?of=bulletins:new")
    assert without["Location"] == "/help/writing#write"
    with django_assert_max_num_queries(12):
        assert 'id="write"' in client.get("/help/writing").content.decode()
    assert "Khi có trục trặc" in client.get("/help/").content.decode()


def test_what_is_not_known_is_not_found_or_leads_to_the_contents(
    client: Client, an: Person
) -> None:
    assert client.get("/help/").status_code == 302
    entered(client, an)
    assert client.get("/help/screen?of=x")["Location"] == "/help/"
    assert client.get("/help/screen")["Location"] == "/help/"
    assert client.get("/help/nothing").status_code == 404
    assert client.post("/help/").status_code == 405
