"""Light, dark or as the device: chosen once, in the page from its first byte."""

import pytest
from django.test import Client

from vang.base.theme import COOKIE


@pytest.mark.django_db
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_choice_is_in_the_page_at_once(client: Client, theme: str) -> None:
    answer = client.post("/appearance", {"theme": theme, "next": "/account/sign-in"})
    assert answer.headers["Location"] == "/account/sign-in"
    page = client.get("/account/sign-in").content.decode()
    assert f'data-theme="{theme}"' in page
    assert f'<meta name="color-scheme" content="{theme}">' in page


@pytest.mark.django_db
def test_without_a_choice_the_device_decides(client: Client) -> None:
    client.post("/appearance", {"theme": "dark"})
    client.post("/appearance", {"theme": ""})
    page = client.get("/account/sign-in").content.decode()
    assert "data-theme" not in page
    assert '<meta name="color-scheme" content="light dark">' in page


@pytest.mark.django_db
def test_an_invented_choice_reaches_no_page(client: Client) -> None:
    client.cookies[COOKIE] = '"><script>'
    assert "data-theme" not in client.get("/account/sign-in").content.decode()


def test_nobody_is_led_elsewhere(client: Client) -> None:
    answer = client.post("/appearance", {"theme": "dark", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"
    assert client.get("/appearance").status_code == 405
