"""The pages of the library: for its people, within their budget, and closed to strangers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.conftest import SignedIn
from tests.library.formats.making import docx
from tests.library.material import MP3, notice, picture
from vang.library import services
from vang.library.models import DocumentField, Item
from vang.library.recordings import MAX_RECORDING
from vang.orgs.models import Unit
from vang.people.models import Person

Bring = Callable[..., Item]
LIST, ADD = reverse("library:list"), reverse("library:add")


def body(response: Any) -> str:
    return str(response.content.decode())


def page(name: str, item: Item) -> str:
    return reverse(f"library:{name}", args=[item.pk])


def sent(*files: tuple[str, bytes], **more: Any) -> dict[str, Any]:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return {"material": uploads, "whole": "1", **more}


def test_the_empty_library_teaches(an: Person, signed_in: SignedIn) -> None:
    assert "Thư viện chưa có gì" in body(signed_in(an).get(LIST))


def test_several_files_are_brought_at_once_and_each_refusal_is_named(
    an: Person, signed_in: SignedIn
) -> None:
    files = sent(("a.jpg", picture()), ("b.mp3", MP3), ("c.docx", docx("Chào.")), ("d.txt", b""))
    told = body(signed_in(an).post(ADD, files, follow=True))
    assert "Đã nhận 3 tệp." in told
    assert "d.txt: Tệp không có chữ nào" in told
    assert sorted(Item.objects.values_list("kind", flat=True)) == ["AUDIO", "DOCUMENT", "PICTURE"]


def test_a_photo_from_the_camera_leads_to_its_page(an: Person, signed_in: SignedIn) -> None:
    photo = SimpleUploadedFile("image.jpg", picture())
    answer = signed_in(an).post(ADD, {"photo": photo, "whole": "1"})
    assert answer["Location"] == page("detail", Item.objects.get())


def test_a_broken_upload_leaves_nothing_behind_and_says_so(an: Person, signed_in: SignedIn) -> None:
    files = sent(("a.jpg", picture()))
    del files["whole"]
    answer = signed_in(an).post(ADD, files)
    assert answer.status_code == 422
    assert "Đường truyền bị ngắt" in body(answer)
    assert not Item.objects.exists()


def test_a_file_too_large_is_dropped_on_its_way(an: Person, signed_in: SignedIn) -> None:
    files = sent(("a.mp3", MP3 + bytes(MAX_RECORDING)))
    assert "quá lớn" in body(signed_in(an).post(ADD, files))
    assert not Item.objects.exists()


def test_nothing_chosen_is_said(an: Person, signed_in: SignedIn) -> None:
    assert "Hãy chọn tệp trước" in body(signed_in(an).post(ADD, {"whole": "1"}))


def test_the_list_filters_and_keeps_to_its_budget(
    bring: Bring, an: Person, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        bring(picture(100 + number, 90), f"anh-{number}.jpg")
    bring(notice(), "tb.docx")
    client = signed_in(an)
    with django_assert_max_num_queries(12):
        told = body(client.get(LIST, {"kind": "PICTURE"}))
    assert told.count("shelf-item") == 5
    assert "Không tìm thấy" in body(client.get(LIST, {"q": "khong co gi"}))
    assert "45/TB-UBND" in body(client.get(LIST, {"q": "tam ngung cung cap dien"}))


def test_the_page_of_a_document_shows_fields_beside_passages(
    document: Item, an: Person, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(an)
    with django_assert_max_num_queries(12):
        told = body(client.get(page("detail", document)))
    assert "Số, ký hiệu" in told
    assert "<blockquote>Số: 45/TB-UBND</blockquote>" in told
    assert 'value="08/06/2026"' in told
    assert "Soạn bản tin từ văn bản này" in told


def test_a_secret_document_warns_and_offers_no_bulletin(
    bring: Bring, an: Person, signed_in: SignedIn
) -> None:
    told = body(signed_in(an).get(page("detail", bring(notice(mark="TỐI MẬT")))))
    assert "không được công bố" in told
    assert "Soạn bản tin từ văn bản này" not in told


def test_a_field_is_decided_with_and_without_javascript(
    document: Item, an: Person, signed_in: SignedIn
) -> None:
    client, field = signed_in(an), DocumentField.objects.get(item=document, name="issued_on")
    url = reverse("library:decide", args=[document.pk, field.pk])
    part = client.post(url, {"value": "9/6/2026", "act": "keep"}, headers={"HX-Request": "true"})
    assert "Đã sửa" in body(part)
    wrong = client.post(url, {"value": "mai", "act": "keep"}, headers={"HX-Request": "true"})
    assert "08/06/2026" in body(wrong)
    plain = client.post(url, {"value": "x", "act": "drop"})
    assert plain["Location"].endswith(f"#field-{field.pk}")
    field.refresh_from_db()
    assert (field.state, field.value) == ("DROPPED", "2026-06-08")
    assert "mục" in body(client.post(page("accept-sure", document), follow=True))


def test_the_writing_page_begins_with_the_document(
    document: Item, an: Person, chi: Person, signed_in: SignedIn
) -> None:
    url = f"{reverse('bulletins:new')}?document={document.pk}"
    told = body(signed_in(an).get(url))
    assert "Thông báo về việc tạm ngừng cung cấp điện" in told
    assert "Theo Thông báo số 45/TB-UBND ngày 08/06/2026" in told
    assert "Nơi nhận" not in told
    assert signed_in(chi).get(url).status_code == 404


def test_an_official_document_imported_while_writing_is_kept_and_stripped(
    an: Person, signed_in: SignedIn
) -> None:
    file = SimpleUploadedFile("tb45.docx", notice())
    answer = signed_in(an).post(reverse("bulletins:new"), {"act": "import", "document": file})
    assert "Theo Thông báo số 45/TB-UBND" in body(answer)
    assert page("detail", Item.objects.get(file_name="tb45.docx")) in body(answer)
    secret = SimpleUploadedFile("mat.docx", notice(mark="MẬT"))
    refused = signed_in(an).post(reverse("bulletins:new"), {"act": "import", "document": secret})
    assert "dấu mật" in body(refused)
    assert not Item.objects.filter(file_name="mat.docx").exists()


def test_rights_are_written_down_and_what_lacks_is_named(
    photo: Item, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert "Trước khi công bố cần" in body(client.get(page("detail", photo)))
    about = {"title": "Hội hoa", "alt_text": "Chợ hoa bên sông", "licence": "OWN",
             "consent": "NOBODY", "tags": "hoa, xuân"}  # fmt: skip
    client.post(page("about", photo), about)
    assert "Trước khi công bố cần" not in body(client.get(page("detail", photo)))
    assert client.post(page("about", photo), {**about, "title": ""}).status_code == 422


def test_archiving_can_be_taken_back_and_deleting_cannot(
    photo: Item, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    told = body(client.post(page("archive", photo), follow=True))
    assert "Đã chuyển vào kho lưu" in told
    assert body(client.post(page("restore", photo), follow=True))
    client.post(page("delete", photo))
    assert not Item.objects.exists()


def test_pictures_and_originals_are_sent_safely(
    photo: Item, bring: Bring, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    shown = client.get(reverse("library:picture", args=[photo.pk, "small", "webp"]))
    assert shown["Content-Type"] == "image/webp"
    assert b"".join(shown.streaming_content).startswith(b"RIFF")
    again = client.get(shown.request["PATH_INFO"], headers={"If-None-Match": shown["ETag"]})
    assert again.status_code == 304
    page_of_a_stranger = bring(b"<html><body><p>x</p><script>alert(1)</script></body></html>")
    saved = client.get(page("original", page_of_a_stranger))
    assert saved["Content-Type"] == "application/octet-stream"
    assert saved["Content-Disposition"].startswith("attachment")
    assert b"<script>" in b"".join(saved.streaming_content)
    missing = client.get(reverse("library:picture", args=[photo.pk, "huge", "webp"]))
    assert missing.status_code == 404


def test_while_it_is_prepared_the_page_asks_again(
    bring: Bring, an: Person, signed_in: SignedIn
) -> None:
    waiting = bring(picture(), prepared=False)
    assert "every 2s" in body(signed_in(an).get(page("state", waiting)))
    ready = bring(picture(50, 50))
    assert signed_in(an).get(page("state", ready))["HX-Refresh"] == "true"


POSTED = ("about", "retry", "archive", "restore", "delete", "accept-sure")
READ = ("detail", "state", "text", "original")


@pytest.mark.parametrize("name", POSTED + READ)
def test_strangers_wrong_methods_and_the_signed_out(
    document: Item, chi: Person, an: Person, signed_in: SignedIn, client: Any, name: str
) -> None:
    url = page(name, document)
    right, wrong = ("post", "get") if name in POSTED else ("get", "post")
    assert getattr(signed_in(chi), right)(url).status_code == 404
    assert getattr(signed_in(an), wrong)(url).status_code == 405
    assert "/account/sign-in" in getattr(client, right)(url)["Location"]


def test_a_technician_reads_but_does_not_bring(
    photo: Item, tech: Person, signed_in: SignedIn
) -> None:
    client = signed_in(tech)
    assert client.get(page("detail", photo)).status_code == 200
    assert client.get(ADD).status_code == 403
    assert client.post(page("archive", photo)).status_code == 403


def test_a_neighbour_sees_nothing_of_it(
    photo: Item, xa_b: Unit, chi: Person, signed_in: SignedIn, now: datetime
) -> None:
    own = services.keep_item(unit=xa_b, file_name="b.jpg", content=picture(9, 9), by=chi, now=now)
    told = body(signed_in(chi).get(LIST))
    assert page("detail", own) in told
    assert page("detail", photo) not in told
