"""Where people are signed in, and from which devices."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.people.entering import PASSWORD, entered, sign_in, signed_in
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.notices.models import Notice
from vang.people.browsers import browser_words
from vang.people.models import Device, Person, SignInSession
from vang.people.services.sessions import forget_sessions

SESSIONS = "/account/sessions"


def at_work(someone: Person) -> Client:
    client = Client()
    assert sign_in(client, someone.username) == "/"
    return client


def test_each_browser_is_listed_and_one_can_be_ended(an: Person) -> None:
    here, there = at_work(an), at_work(an)
    page = here.get(SESSIONS).content.decode()
    assert page.count("Chrome, Windows") == 2
    assert page.count("trình duyệt này") == 1
    other = SignInSession.objects.exclude(key=here.session.session_key).get()
    assert here.post(f"{SESSIONS}/{other.pk}/end").status_code == 302
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert SignInSession.objects.count() == 1


def test_all_others_can_be_ended_at_once(an: Person, binh: Person) -> None:
    here, one, two, hers = at_work(an), at_work(an), at_work(an), at_work(binh)
    sent = here.post(f"{SESSIONS}/others/end", follow=True).content.decode()
    assert "Đã kết thúc 2 phiên." in sent
    codes = [client.get("/account/").status_code for client in (here, one, two, hers)]
    assert codes == [200, 302, 302, 200]


def test_nobody_ends_anothers(client: Client, an: Person, chi: Person) -> None:
    at_work(an)
    session = SignInSession.objects.get()
    entered(client, chi)
    assert client.post(f"{SESSIONS}/{session.pk}/end").status_code == 404
    assert client.get(f"{SESSIONS}/{session.pk}/end").status_code == 405
    assert "Chrome, Windows" not in client.get(SESSIONS).content.decode()
    assert Client().get(SESSIONS).status_code == 302


def test_a_changed_password_ends_the_others_and_keeps_this_one(an: Person) -> None:
    here, there = at_work(an), at_work(an)
    new = "mot-cau-dai-hon"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/account/", fields).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert SignInSession.objects.get().key == here.session.session_key


def test_signing_out_leaves_nothing(an: Person) -> None:
    client = at_work(an)
    client.post("/account/sign-out")
    assert not signed_in(client)
    assert not SignInSession.objects.exists()


def test_the_session_gets_another_key_on_signing_in(an: Person) -> None:
    client = Client()
    client.get("/account/sign-in?next=/account/")
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client, "an")
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_a_new_device_is_told_of_a_known_one_is_not(an: Person) -> None:
    first = at_work(an)
    assert not Notice.objects.exists()
    first.post("/account/sign-out")
    sign_in(first, "an")
    assert not Notice.objects.exists()
    at_work(an)
    notice = Notice.objects.get()
    assert notice.kind == "new-device"
    assert "Chrome, Windows" in notice.text
    assert "127.0.0.1" in notice.text
    assert Device.objects.filter(person=an).count() == 2


def test_the_devices_cookie_tells_nothing_and_cannot_be_planted(an: Person, binh: Person) -> None:
    client = at_work(an)
    cookie = client.cookies["vang_device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/account/")
    assert cookie.value not in str(list(Device.objects.values()))
    planted = Client()
    planted.cookies["vang_device"] = "x" * 5000
    sign_in(planted, "binh")
    assert planted.cookies["vang_device"].value != "x" * 5000
    # The same device may serve two people; each hears of it once.
    sign_in(planted, "an")
    assert Device.objects.filter(person=an).count() == 2 or signed_in(planted)


def test_being_seen_is_noted_every_ten_minutes_at_most(an: Person) -> None:
    hand = ManualClock(timezone.now())
    clock.use_clock(hand)
    try:
        client, begin = at_work(an), hand.now()
        for minutes, seen in ((5, 0), (11, 11), (15, 11), (22, 22)):
            hand.set(begin + timedelta(minutes=minutes))
            client.get("/account/")
            assert SignInSession.objects.get().seen_at == begin + timedelta(minutes=seen)
    finally:
        clock.use_clock(SystemClock())


def test_what_has_run_out_is_forgotten(an: Person) -> None:
    at_work(an)
    now = timezone.now()
    assert forget_sessions(now=now) == 0
    assert forget_sessions(now=now + timedelta(hours=13)) == 1
    assert Device.objects.exists()
    forget_sessions(now=now + timedelta(days=401))
    assert not Device.objects.exists()


def test_browsers_have_names_that_people_know(now: datetime) -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"
    phone = "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36"
    coc = "Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/140.0 Chrome/139.0 Safari/537.36"
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1"
    assert browser_words(edge) == "Edge, Windows"
    assert browser_words(phone) == "Chrome, Android"
    assert browser_words(coc) == "Cốc Cốc, Windows"
    assert browser_words(iphone) == "Safari, iPhone"
    assert browser_words("") == "trình duyệt không rõ"
    assert browser_words("<script>") == "trình duyệt không rõ"
