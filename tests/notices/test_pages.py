"""The bell, the list and the preferences."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.letters.post_office import PostOffice
from tests.notices.conftest import LATER, NOW
from tests.notices.telling import tell, with_address
from vang.letters.services import write_letter
from vang.notices.models import Notice
from vang.notices.queries import unread_count
from vang.orgs.models import Unit
from vang.people.models import Person

LIST, CHOICES = "/notices/", "/notices/preferences"


def entered(client: Client, someone: Person) -> Client:
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_the_bell_counts_on_every_page_until_all_is_read(
    client: Client, an: Person, now: datetime
) -> None:
    entered(client, an)
    bell = '<span class="count">2<span class="visually-hidden"> chưa đọc</span></span>'
    assert 'class="bell"' in text(client, "/")
    assert bell not in text(client, "/")
    tell([an], now)
    tell([an], now)
    assert bell in text(client, "/")
    sent = client.post("/notices/read", follow=True)
    assert "Đã đánh dấu đọc 2 thông báo." in sent.content.decode()
    assert bell not in text(client, "/")


def test_a_notice_is_read_by_opening_it_and_can_be_kept_unread(
    client: Client, an: Person, xa_a: Unit, now: datetime
) -> None:
    tell([an], now, "Lịch cắt điện", unit=xa_a, url="/account/")
    entered(client, an)
    page = text(client, LIST)
    assert "Lịch cắt điện" in page
    assert "Xã Quế Thuận" in page
    notice = Notice.objects.get()
    assert client.get(f"/notices/{notice.pk}/open").status_code == 405
    sent = client.post(f"/notices/{notice.pk}/open")
    assert (sent.status_code, sent["Location"]) == (302, "/account/")
    assert "Lịch cắt điện" not in text(client, LIST)
    assert "Lịch cắt điện" in text(client, f"{LIST}?show=all")
    client.post(f"/notices/{notice.pk}/unread")
    assert unread_count(an) == 1


def test_an_empty_list_says_what_will_stand_there(client: Client, an: Person) -> None:
    entered(client, an)
    assert "Bạn đã đọc hết." in text(client, LIST)
    assert "Chưa có thông báo nào." in text(client, f"{LIST}?show=all")


def test_chi_finds_nothing_of_an(client: Client, an: Person, chi: Person, now: datetime) -> None:
    tell([an], now, "của An")
    notice = Notice.objects.get()
    entered(client, chi)
    assert "của An" not in text(client, f"{LIST}?show=all")
    for what in ("open", "unread"):
        assert client.post(f"/notices/{notice.pk}/{what}").status_code == 404
    client.post("/notices/read")
    assert unread_count(an) == 1


@pytest.mark.parametrize("url", [LIST, CHOICES])
def test_strangers_are_led_to_the_sign_in_page(client: Client, url: str, db: None) -> None:
    assert client.get(url)["Location"] == f"/account/sign-in?next={url}"


@pytest.mark.parametrize("url", ["/notices/read", "/notices/1/open", "/notices/1/unread"])
def test_what_changes_something_needs_a_post(client: Client, an: Person, url: str) -> None:
    assert entered(client, an).get(url).status_code == 405
    assert Client().post(url)["Location"].startswith("/account/sign-in")


def test_a_notice_of_a_kind_that_is_gone_is_still_shown(
    client: Client, an: Person, now: datetime
) -> None:
    tell([an], now, "từ bản cũ")
    Notice.objects.update(kind="no-longer-there")
    assert "từ bản cũ" in text(entered(client, an), LIST)


def test_thirty_a_page_within_the_budget(
    client: Client,
    an: Person,
    xa_a: Unit,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(31):
        tell([an], now, f"số {number}", unit=xa_a)
    entered(client, an)
    with django_assert_max_num_queries(12):
        assert text(client, LIST).count("Mở</button>") == 30
    assert text(client, f"{LIST}?page=2").count("Mở</button>") == 1


def choice(**more: str) -> dict[str, str]:
    fields = {"hour": "19", "language": "vi", f"kind-{NOW}": "DAILY", f"kind-{LATER}": "NEVER"}
    return {**fields, **more}


def posted(client: Client, **more: str) -> str:
    kinds = [name for name in client.get(CHOICES).context["form"].fields if name[:5] == "kind-"]
    fields = {**dict.fromkeys(kinds, "DAILY"), **choice(**more)}
    return client.post(CHOICES, fields, follow=True).content.decode()


def test_the_choice_is_kept_and_shown_again(client: Client, an: Person) -> None:
    entered(client, an)
    assert "Đã lưu lựa chọn." in posted(client, language="en")
    form = client.get(CHOICES).context["form"]
    assert form[f"kind-{NOW}"].initial == "DAILY"
    assert form[f"kind-{LATER}"].initial == "NEVER"
    assert (form["hour"].initial, form["language"].initial) == (19, "en")
    an.refresh_from_db()
    assert an.language == "en"


def test_a_choice_out_of_nowhere_is_refused(client: Client, an: Person) -> None:
    entered(client, an)
    assert "Đã lưu lựa chọn." not in posted(client, hour="99")
    assert "Đã lưu lựa chọn." not in posted(client, language="fr")
    assert "Đã lưu lựa chọn." not in posted(client, **{f"kind-{NOW}": "SOMETIMES"})


def test_the_page_says_when_no_letters_leave(
    client: Client, an: Person, settings: Settings
) -> None:
    settings.MAIL_SERVER = None
    assert "chưa cấu hình máy chủ thư" in text(entered(client, an), CHOICES).lower()


def test_the_page_says_when_an_address_is_missing_or_letters_fail(
    client: Client, an: Person, now: datetime, post_office: PostOffice
) -> None:
    entered(client, an)
    assert "Bạn chưa có địa chỉ thư điện tử" in text(client, CHOICES)
    with_address(an)
    assert "Thư gửi đến an@xa.example.vn." in text(client, CHOICES)
    letter = write_letter(kind="notices", address=an.email, person=an, now=now)
    letter.state, letter.failure, letter.answer = "FAILED", "refused", "550 no such mailbox"
    letter.attempts = 1
    letter.save()
    page = text(client, CHOICES)
    assert "Máy chủ thư từ chối địa chỉ hoặc bức thư này." in page
    assert "550 no such mailbox" in page


def test_the_preferences_keep_to_the_budget(
    client: Client, an: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    entered(client, an)
    with django_assert_max_num_queries(12):
        client.get(CHOICES)
