"""The writing page: saving, importing, recording, and losing nothing."""

import io
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from tests.bulletins.newsroom import NOTICE, current, reread
from tests.conftest import SignedIn, person
from vang.bulletins import services
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Draft
from vang.bulletins.tickets import make_ticket
from vang.library.models import Recording
from vang.library.recordings import MAX_RECORDING
from vang.orgs.models import Unit
from vang.people.models import Person

NEW = reverse("bulletins:new")
MP3 = b"\xff\xfb\x90\x00" + bytes(400)


def typed(**more: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "title": "Họp thôn",
        "text": "Mời bà con họp lúc 19 giờ.",
        "category": "DIRECTION",
        "priority": "NORMAL",
        "version": "0",
    }
    return fields | more


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def edit(bulletin: Bulletin) -> str:
    return reverse("bulletins:edit", args=[bulletin.pk])


def word_file(*paragraphs: str) -> SimpleUploadedFile:
    document, content = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(content)
    return SimpleUploadedFile("thong-bao.docx", content.getvalue())


def test_saving_makes_a_draft_for_the_chosen_villages(an: Person, signed_in: SignedIn) -> None:
    posted = typed(villages=["20662.03", "20662.01"], priority="PRIORITY")
    response = signed_in(an).post(NEW, posted)
    bulletin = Bulletin.objects.get()
    assert response["Location"] == reverse("bulletins:detail", args=[bulletin.pk])
    assert current(bulletin).audience == ["20662.01", "20662.03"]
    assert current(bulletin).priority == "PRIORITY"


def test_saving_and_submitting_in_one_go(an: Person, signed_in: SignedIn) -> None:
    signed_in(an).post(NEW, typed(act="submit"))
    assert Bulletin.objects.get().state == Bulletin.State.IN_REVIEW


def test_an_emergency_is_saved_but_not_submitted(an: Person, signed_in: SignedIn) -> None:
    response = signed_in(an).post(NEW, typed(act="submit", priority="EMERGENCY"), follow=True)
    assert Bulletin.objects.get().state == Bulletin.State.DRAFT
    assert "khóa cá nhân" in body(response)


def test_every_fault_is_told_beside_its_field_and_the_text_stays(
    an: Person, signed_in: SignedIn
) -> None:
    response = signed_in(an).post(NEW, typed(title=" ", text="x" * 50_001, villages=["99999"]))
    page = body(response)
    assert response.status_code == 422
    assert "Hãy đặt tiêu đề cho bản tin." in page
    assert "50.000 ký tự" in page
    assert "x" * 50_001 in page
    assert not Bulletin.objects.exists()


def test_line_ends_of_the_browser_do_not_count(an: Person, signed_in: SignedIn) -> None:
    text = "\n".join(["dòng"] * 10_000)  # 49,999 characters, 59,998 with two for a line end
    signed_in(an).post(NEW, typed(text=text.replace("\n", "\r\n")))
    assert current(Bulletin.objects.get()).text == text


def test_hidden_and_reversed_characters_are_not_stored(an: Person, signed_in: SignedIn) -> None:
    signed_in(an).post(NEW, typed(title="Ho\u0323p\u202e thôn", text="Vui 😀\u0007 lắm\u200b."))
    version = current(Bulletin.objects.get())
    assert (version.title, version.text) == ("Họp thôn", "Vui 😀 lắm.")


def test_an_edit_is_the_next_version(an: Person, drafted: Bulletin, signed_in: SignedIn) -> None:
    signed_in(an).post(edit(drafted), typed(version="1"))
    assert (current(drafted).number, current(drafted).title) == (2, "Họp thôn")
    assert drafted.versions.get(number=1).text == NOTICE.text


def test_saving_what_is_there_already_adds_nothing(
    an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    same = typed(title=NOTICE.title, text=NOTICE.text, version="1")
    signed_in(an).post(edit(drafted), same)
    assert current(drafted).number == 1


# two writers


def test_a_conflict_shows_both_and_loses_neither(
    an: Person, xa_a: Unit, drafted: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    theirs = Content(title=NOTICE.title, text="Văn bản của Lan.")
    services.save_version(bulletin=drafted, content=theirs, based_on=1, by=lan, now=now)
    client = signed_in(an)
    response = client.post(edit(drafted), typed(version="1"))
    page = body(response)
    assert response.status_code == 409
    assert "Văn bản của Lan." in page
    assert "Mời bà con họp lúc 19 giờ." in page
    assert current(drafted).text == "Văn bản của Lan."
    assert Draft.objects.get(person=an).fields["text"] == "Mời bà con họp lúc 19 giờ."
    assert 'name="version" value="2"' in page
    client.post(edit(drafted), typed(version="2"))
    assert current(drafted).number == 3
    assert not Draft.objects.exists()


# files


def test_a_word_file_fills_the_form_and_is_not_saved_yet(an: Person, signed_in: SignedIn) -> None:
    file = word_file("THÔNG BÁO", "Về việc cắt điện", "Từ 8 giờ cắt điện.")
    page = body(signed_in(an).post(NEW, {"act": "import", "document": file}))
    assert "Thông báo về việc cắt điện" in page
    assert "Từ 8 giờ cắt điện." in page
    assert not Bulletin.objects.exists()


def test_an_import_is_added_below_what_was_typed(an: Person, signed_in: SignedIn) -> None:
    page = body(signed_in(an).post(NEW, typed(document=word_file("Đoạn thêm."))))
    assert "Mời bà con họp lúc 19 giờ.\n\nĐoạn thêm." in page.replace("\r", "")
    assert not Bulletin.objects.exists()


def test_a_refused_file_keeps_what_was_typed(an: Person, signed_in: SignedIn) -> None:
    pdf = SimpleUploadedFile("a.docx", b"%PDF-1.7 ...")
    page = body(signed_in(an).post(NEW, typed(document=pdf)))
    assert "Tệp bị hỏng" in page
    assert "Mời bà con họp lúc 19 giờ." in page


def test_a_huge_document_is_dropped_on_its_way_and_the_text_is_kept(
    an: Person, signed_in: SignedIn
) -> None:
    huge = SimpleUploadedFile("a.txt", b"a" * 25_000_001)
    page = body(signed_in(an).post(NEW, typed(document=huge)))
    assert "25 MB" in page
    assert "Mời bà con họp lúc 19 giờ." in page


def test_a_huge_recording_is_dropped_on_its_way_and_the_text_is_kept(
    an: Person, signed_in: SignedIn
) -> None:
    huge = SimpleUploadedFile("a.mp3", MP3 + bytes(MAX_RECORDING))
    page = body(signed_in(an).post(NEW, typed(recording=huge)))
    assert "50 MB" in page
    assert "Mời bà con họp lúc 19 giờ." in page
    assert not Recording.objects.exists()


def test_a_recording_is_kept_and_tied_to_the_version(an: Person, signed_in: SignedIn) -> None:
    signed_in(an).post(NEW, typed(recording=SimpleUploadedFile("../loa xã.mp3", MP3)))
    version = current(Bulletin.objects.get())
    assert version.recording is not None
    assert version.recording.file_name == "loa xã.mp3"
    assert version.rendition is not None
    assert version.rendition.recording == version.recording


def test_a_recording_survives_a_fault_elsewhere_in_the_form(
    an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    page = body(client.post(NEW, typed(title="", recording=SimpleUploadedFile("a.mp3", MP3))))
    kept = Recording.objects.get()
    assert f'name="kept_recording" value="{kept.pk}"' in page
    client.post(NEW, typed(kept_recording=str(kept.pk)))
    assert current(Bulletin.objects.get()).recording == kept


def test_a_recording_can_be_taken_away_again(an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    client.post(NEW, typed(recording=SimpleUploadedFile("a.mp3", MP3)))
    bulletin, kept = Bulletin.objects.get(), Recording.objects.get()
    posted = typed(kept_recording=str(kept.pk), without_recording="on", version="1")
    client.post(edit(bulletin), posted)
    assert current(bulletin).recording is None
    assert Recording.objects.filter(pk=kept.pk).exists()


def test_a_recording_of_another_commune_is_not_taken(
    an: Person, chi: Person, signed_in: SignedIn
) -> None:
    signed_in(chi).post(NEW, typed(recording=SimpleUploadedFile("b.mp3", MP3)))
    theirs = Recording.objects.get()
    signed_in(an).post(NEW, typed(kept_recording=str(theirs.pk)))
    assert current(Bulletin.objects.get(created_by=an)).recording is None


def test_what_is_no_sound_is_refused_at_once(an: Person, signed_in: SignedIn) -> None:
    page = body(signed_in(an).post(NEW, typed(recording=SimpleUploadedFile("a.mp3", b"MZ..."))))
    assert "không phải tệp âm thanh" in page
    assert not Recording.objects.exists()


# the preview


def test_the_preview_shows_what_will_be_said(an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    page = body(client.post(NEW, typed(act="preview", text="Họp ngày 10/6.")))
    assert "mười tháng sáu" in page
    part = client.post(reverse("bulletins:preview"), {"title": "", "text": "Họp ngày 10/6."})
    assert "mười tháng sáu" in body(part)
    assert not Bulletin.objects.exists()


def test_what_an_outside_body_may_not_say_is_pointed_out(an: Person, signed_in: SignedIn) -> None:
    client, sent = signed_in(an), {"text": "Tuyển 5 thợ may, lương 8 triệu đồng."}
    ours = body(client.post(reverse("bulletins:preview"), sent))
    theirs = body(client.post(reverse("bulletins:preview"), {**sent, "advert": "RECRUITMENT"}))
    assert "8 triệu đồng</q>" in theirs
    assert "<q>" not in ours


# autosave


def test_what_is_typed_is_kept_and_offered_again(an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    assert client.post(reverse("bulletins:autosave-new"), typed()).status_code == 204
    offer = body(client.get(NEW))
    assert "Có văn bản chưa lưu" in offer
    assert "Mời bà con họp lúc 19 giờ." not in offer
    assert "Mời bà con họp lúc 19 giờ." in body(client.get(NEW, {"draft": "1"}))


def test_a_draft_is_gone_once_it_is_saved(an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    client.post(reverse("bulletins:autosave-new"), typed())
    client.post(NEW, typed())
    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away(an: Person, drafted: Bulletin, signed_in: SignedIn) -> None:
    client = signed_in(an)
    client.post(reverse("bulletins:autosave", args=[drafted.pk]), typed(version="1"))
    assert "Có văn bản chưa lưu" in body(client.get(edit(drafted)))
    client.post(reverse("bulletins:discard", args=[drafted.pk]))
    assert "Có văn bản chưa lưu" not in body(client.get(edit(drafted)))


def test_the_autosave_says_when_somebody_saved_meanwhile_and_keeps_the_text(
    an: Person, drafted: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    theirs = Content(title="Khác", text="Khác.")
    services.save_version(bulletin=drafted, content=theirs, based_on=1, by=an, now=now)
    client = signed_in(an)
    url = reverse("bulletins:autosave", args=[drafted.pk])
    assert client.post(url, typed(version="1")).status_code == 409
    assert Draft.objects.get().fields["title"] == "Họp thôn"
    page = body(client.get(edit(drafted), {"draft": "1"}))
    assert "Mời bà con họp lúc 19 giờ." in page
    assert "phiên bản khác" in page


def test_drafts_of_colleagues_are_not_shown(
    an: Person, xa_a: Unit, drafted: Bulletin, signed_in: SignedIn
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    signed_in(lan).post(reverse("bulletins:autosave", args=[drafted.pk]), typed(version="1"))
    assert "Có văn bản chưa lưu" not in body(signed_in(an).get(edit(drafted)))


# the session ran out


def test_a_text_sent_after_the_session_ran_out_comes_back_after_signing_in(
    an: Person, xa_a: Unit, client: Client, signed_in: SignedIn
) -> None:
    ticket = make_ticket(an, xa_a, None)
    response = client.post(NEW, typed(ticket=ticket))
    assert response["Location"] == f"{reverse('people:sign-in')}?next={NEW}"
    assert not Bulletin.objects.exists()
    again = signed_in(an)
    assert "Có văn bản chưa lưu" in body(again.get(NEW))
    assert "Mời bà con họp lúc 19 giờ." in body(again.get(NEW, {"draft": "1"}))


def test_an_edit_sent_after_the_session_ran_out_comes_back_too(
    an: Person, xa_a: Unit, drafted: Bulletin, client: Client, signed_in: SignedIn
) -> None:
    ticket = make_ticket(an, xa_a, drafted)
    client.post(edit(drafted), typed(ticket=ticket, version="1"))
    assert current(drafted).number == 1
    page = body(signed_in(an).get(edit(drafted), {"draft": "1"}))
    assert "Mời bà con họp lúc 19 giờ." in page


def test_the_autosave_of_a_signed_out_page_is_kept_but_says_so(
    an: Person, xa_a: Unit, client: Client
) -> None:
    url = reverse("bulletins:autosave-new")
    response = client.post(url, typed(ticket=make_ticket(an, xa_a, None)))
    assert (response.status_code, response.json()) == (401, {"kept": True})
    assert Draft.objects.get().person == an


def test_without_a_good_ticket_a_stranger_leaves_nothing(
    an: Person, xa_a: Unit, client: Client
) -> None:
    forged = make_ticket(an, xa_a, None)[:-1] + "x"
    for ticket in ("", forged, "a:b:c"):
        response = client.post(reverse("bulletins:autosave-new"), typed(ticket=ticket))
        assert (response.status_code, response.json()) == (401, {"kept": False})
        assert client.post(NEW, typed(ticket=ticket)).status_code == 302
    assert not Draft.objects.exists()


def test_a_ticket_of_somebody_who_lost_the_role_keeps_nothing(
    an: Person, xa_a: Unit, client: Client
) -> None:
    ticket = make_ticket(an, xa_a, None)
    an.memberships.all().delete()
    response = client.post(reverse("bulletins:autosave-new"), typed(ticket=ticket))
    assert response.json() == {"kept": False}


def test_a_text_for_one_commune_is_not_saved_in_another(
    xa_a: Unit, xa_b: Unit, signed_in: SignedIn
) -> None:
    both = person("hai", "Hai Xã", xa_a, "WRITER")
    both.memberships.create(unit=xa_b, role="WRITER", valid_from=both.memberships.get().valid_from)
    client = signed_in(both)
    ticket = make_ticket(both, xa_a, None)
    client.post(reverse("people:choose-unit"), {"unit": xa_b.pk})
    client.post(NEW, typed(ticket=ticket))
    assert reread(Bulletin.objects.get()).unit == xa_a


def test_taking_over_without_a_file_says_so_and_keeps_the_text(
    an: Person, signed_in: SignedIn
) -> None:
    page = body(signed_in(an).post(NEW, typed(act="import")))
    assert "Hãy chọn tệp trước." in page
    assert "Mời bà con họp lúc 19 giờ." in page


def test_the_return_comment_stands_over_the_form(
    an: Person, binh: Person, in_review: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    services.return_bulletin(bulletin=in_review, comment="Ghi rõ ngày.", by=binh, now=now)
    assert "Ghi rõ ngày." in body(signed_in(an).get(edit(in_review)))


def test_a_form_made_stale_by_signing_in_elsewhere_loses_nothing(
    an: Person, binh: Person, xa_a: Unit
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(an, backend="django.contrib.auth.backends.ModelBackend")
    response = strict.post(NEW, typed(ticket=make_ticket(an, xa_a, None)))
    assert response["Location"] == f"{NEW}?draft=1"
    assert "Mời bà con họp lúc 19 giờ." in body(strict.get(response["Location"]))
    assert not Bulletin.objects.exists()
    signed_out = Client(enforce_csrf_checks=True)
    response = signed_out.post(NEW, typed(ticket=make_ticket(an, xa_a, None)), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("people:sign-in"))
    for ticket in ("", make_ticket(binh, xa_a, None)):
        assert strict.post(NEW, typed(ticket=ticket)).status_code == 403
