"""The page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.captures.test_captures import asked, taped
from tests.conftest import SignedIn
from vang.base.clock import now as real_now
from vang.captures.models import Capture
from vang.captures.process import finish
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays.models import Station

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]
LIST = "/relays/recorded/"


def test_a_writer_asks_cancels_and_chooses_for_the_air(
    vov: Station, xa_a: Unit, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert "Chưa ghi lại chương trình nào" in client.get(LIST).content.decode()
    at = (real_now() + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M")
    told = {"station": vov.pk, "starts_at": at, "minutes": 20}
    refused = client.post(LIST, told).content.decode()
    assert "được phép phát lại" in refused
    assert f'value="{at}"' in refused
    client.post(LIST, {**told, "permitted": "on"})
    row = Capture.objects.get()
    assert (row.minutes, row.asked_by) == (20, an)
    page = client.get(LIST).content.decode()
    assert "Không ghi nữa" in page
    client.post(reverse("captures:cancel", args=[row.pk]))
    row.refresh_from_db()
    assert row.cancelled_at is not None
    other = asked(xa_a, vov, an, real_now())
    taped(other, 1.0)
    finish(other, now=real_now())
    page = client.get(LIST).content.decode()
    assert reverse("library:detail", args=[other.item_id]) in page
    link = f"{reverse('airtime:sounds')}?item={other.item_id}&kind=RELAY&relayed_from=VOV1"
    assert link.replace("&", "&amp;") in page
    form = client.get(link).content.decode()
    assert f'<option value="{other.item_id}" selected>' in form
    assert 'value="VOV1"' in form


def test_who_reads_sees_no_form(
    vov: Station, dung: Person, tech: Person, signed_in: SignedIn
) -> None:
    page = signed_in(tech).get(LIST).content.decode()
    assert 'name="minutes"' not in page


def test_others_do_not_come_in(
    vov: Station, xa_a: Unit, an: Person, chi: Person, client: Client, signed_in: SignedIn
) -> None:
    row = asked(xa_a, vov, an, real_now())
    cancel = reverse("captures:cancel", args=[row.pk])
    assert client.get(LIST).status_code == 302
    assert client.post(cancel).status_code == 302
    own = signed_in(an)
    assert own.get(cancel).status_code == 405
    assert own.delete(LIST).status_code == 405
    assert signed_in(chi).post(cancel).status_code == 404
    row.refresh_from_db()
    assert row.cancelled_at is None


def test_many_rows_ask_no_more(
    vov: Station, xa_a: Unit, an: Person, now: datetime, signed_in: SignedIn, tmp_path: Path,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for number in range(10):
        asked(xa_a, vov, an, now + timedelta(hours=number), at=now)
    client = signed_in(an)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)
