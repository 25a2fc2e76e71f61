"""Bringing, preparing, describing and putting away material."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from PIL import Image

from tests.library.formats.making import docx
from tests.library.material import MP3, notice, picture
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.library import services
from vang.library.models import Item, Picture, Recording
from vang.library.preparing import prepare_item
from vang.library.searching import items_of
from vang.library.services.describing import About
from vang.library.storing import store
from vang.orgs.models import Unit
from vang.people.models import Person

Bring = Callable[..., Item]


def made(item: Item, size: str, form: str = "JPEG") -> Image.Image:
    row = Picture.objects.get(item=item, size=size, format=form)
    return Image.open(io.BytesIO(store().read(row.sha256)))


def test_a_picture_is_turned_upright_and_loses_what_the_camera_wrote(bring: Bring) -> None:
    item = bring(picture(600, 400, turned=True, place=True), "IMG_0001.JPG")
    assert (item.kind, item.state) == ("PICTURE", "READY")
    assert (item.width, item.height, item.had_place) == (400, 600, True)
    shown = made(item, "MEDIUM")
    assert shown.size == (400, 600)
    assert shown.getpixel((390, 300))[0] > 200  # the red half lies on the right now
    assert not shown.getexif()
    assert store().read(item.sha256) == picture(600, 400, turned=True, place=True)


def test_three_sizes_in_two_formats_never_larger_than_the_original(bring: Bring) -> None:
    item = bring(picture(3000, 1000))
    sizes = item.pictures.order_by("width").values_list("size", "format", "width")
    assert set(sizes) == {
        (size, form, width)
        for size, width in (("SMALL", 480), ("MEDIUM", 960), ("LARGE", 1920))
        for form in ("WEBP", "JPEG")
    }
    assert {p.width for p in bring(picture(100, 90)).pictures.all()} == {100}


@pytest.mark.parametrize(("form", "mode"), [("PNG", "P"), ("PNG", "LA"), ("WEBP", "RGB"),
                                            ("GIF", "P"), ("JPEG", "CMYK")])  # fmt: skip
def test_every_sort_of_picture_becomes_an_ordinary_one(bring: Bring, form: str, mode: str) -> None:
    item = bring(picture(form=form, mode=mode))
    assert item.state == "READY"
    assert made(item, "SMALL", "WEBP").mode == "RGB"


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff" + bytes(50), picture()[:400], b"GIF89a" + b"\xff" * 40]
)
def test_a_broken_picture_fails_with_a_reason_and_can_be_tried_again(
    bring: Bring, content: bytes, an: Person, now: datetime
) -> None:
    item = bring(content, "hong.jpg")
    assert item.state == "FAILED"
    assert item.failure in {"damaged", "not-a-picture"}
    services.retry_item(item=item, by=an, now=now)
    item.refresh_from_db()
    assert (item.state, item.failure) == ("QUEUED", "")
    with pytest.raises(Refusal):
        services.retry_item(item=item, by=an, now=now)


def test_an_iphone_picture_is_refused_with_the_setting_to_change(bring: Bring) -> None:
    with pytest.raises(Refusal) as refused:
        bring(b"\x00\x00\x00\x18ftypheic" + bytes(50))
    assert refused.value.code == "picture-heic"
    assert not Item.objects.exists()


def test_a_document_is_read_and_its_parts_are_offered(document: Item) -> None:
    assert document.title == "Thông báo 45/TB-UBND: Về việc tạm ngừng cung cấp điện"
    entry = document.document
    assert (entry.number, entry.kind, str(entry.issued_on)) == (
        "45/TB-UBND", "Thông báo", "2026-06-08",
    )  # fmt: skip
    assert document.fields.get(name="signer").value == "Trần Thị Thu"
    assert set(document.fields.values_list("state", flat=True)) == {"OFFERED"}


def test_a_scan_or_other_unreadable_document_says_so(bring: Bring) -> None:
    item = bring(b"PK\x03\x04broken", "a.docx")
    assert (item.state, item.failure) == ("FAILED", "damaged")


def test_a_recording_becomes_an_item_and_its_sound_is_asked_for(bring: Bring) -> None:
    item = bring(MP3, "loa_xa.mp3", prepared=False)
    assert (item.kind, item.title, item.state) == ("AUDIO", "loa xa", "READY")
    assert item.recording is not None
    assert item.recording.renditions.count() == 1


def test_the_same_file_of_a_unit_is_one_item(
    xa_a: Unit, xa_b: Unit, an: Person, chi: Person, now: datetime
) -> None:
    content = picture()
    first = services.keep_item(unit=xa_a, file_name="a.jpg", content=content, by=an, now=now)
    again = services.keep_item(unit=xa_a, file_name="b.jpg", content=content, by=an, now=now)
    other = services.keep_item(unit=xa_b, file_name="b.jpg", content=content, by=chi, now=now)
    assert first == again != other
    kept = services.keep_recording(unit=xa_a, file_name="l.mp3", content=MP3, by=an, now=now)
    assert services.keep_item(unit=xa_a, file_name="l.mp3", content=MP3, by=an, now=now) == (
        Item.objects.get(recording=kept)
    )


def test_a_worker_that_died_is_replaced_three_times_and_then_a_person_is_asked(
    bring: Bring, now: datetime
) -> None:
    item = bring(picture(), prepared=False)
    for turn in range(1, 4):
        moment = now + timedelta(hours=turn)
        Item.objects.filter(pk=item.pk).update(
            state="WORKING", attempts=turn, worked_until=moment - timedelta(minutes=1)
        )
        assert services.replace_dead_items_due(now=moment) == 1
    item.refresh_from_db()
    assert (item.state, item.failure) == ("FAILED", "worker-died")
    assert services.replace_dead_items_due(now=now + timedelta(days=1)) == 0


def test_preparing_twice_does_nothing_the_second_time(photo: Item, now: datetime) -> None:
    before = list(photo.pictures.values_list("pk", flat=True))
    prepare_item(photo.pk, clock=lambda: now)
    assert list(photo.pictures.values_list("pk", flat=True)) == before


def test_what_is_said_of_an_item_is_found_without_diacritics(
    photo: Item, xa_a: Unit, an: Person, now: datetime
) -> None:
    about = About("Hội hoa xuân", author="Lê Đức", tags=("Mùa Xuân", "mùa xuân", " "))
    services.describe_item(item=photo, about=about, by=an, now=now)
    for words in ("hoi hoa", "le duc", "MUA XUAN", "hoa duc"):
        assert list(items_of(xa_a, words=words)) == [photo]
    assert list(items_of(xa_a, words="hội lúa")) == []
    assert list(items_of(xa_a, tag="mua xuan", kind="PICTURE")) == [photo]
    assert [tag.name for tag in photo.tags.all()] == ["Mùa Xuân"]
    assert Entry.objects.filter(action="describe-item", by=an).exists()


def test_the_text_of_a_document_is_searched_too(document: Item, xa_a: Unit) -> None:
    assert list(items_of(xa_a, words="lich cat dien")) == [document]


def test_archived_material_is_offered_no_more_and_comes_back(
    photo: Item, xa_a: Unit, an: Person, now: datetime
) -> None:
    services.archive_item(item=photo, by=an, now=now)
    assert list(items_of(xa_a)) == []
    assert list(items_of(xa_a, archived=True)) == [photo]
    services.restore_item(item=photo, by=an, now=now)
    assert list(items_of(xa_a)) == [photo]


def test_deleting_removes_the_bytes_that_nobody_else_needs(
    bring: Bring, xa_b: Unit, an: Person, chi: Person, now: datetime,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:  # fmt: skip
    item = bring(notice(), "tb.docx")
    content = docx("Chung.")
    shared = bring(content, "chung.docx")
    other = services.keep_item(unit=xa_b, file_name="c.docx", content=content, by=chi, now=now)
    hashes = {item.sha256, item.document.lines_sha256}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        services.delete_item(item=item, by=an, now=now)
        services.delete_item(item=shared, by=an, now=now)
    assert not any(store().has(sha256) for sha256 in hashes)
    assert store().has(other.sha256)


def test_only_people_of_the_unit_with_the_role_may_change_material(
    photo: Item, chi: Person, tech: Person, an: Person, now: datetime
) -> None:
    with pytest.raises(Http404):
        services.archive_item(item=photo, by=chi, now=now)
    with pytest.raises(PermissionDenied):
        services.archive_item(item=photo, by=tech, now=now)
    services.archive_item(item=photo, by=an, now=now)


def test_the_database_refuses_an_audio_item_without_its_recording(photo: Item) -> None:
    with pytest.raises(IntegrityError, match="item_audio_has_recording"), transaction.atomic():
        Item.objects.filter(pk=photo.pk).update(kind="AUDIO")


def test_the_database_keeps_what_a_row_points_at(bring: Bring) -> None:
    item = bring(MP3, "loa.mp3", prepared=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        _delete_by_hand(item.recording_id)
    assert Recording.objects.filter(pk=item.recording_id).exists()


def _delete_by_hand(recording_pk: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM library_recording WHERE id = %s", [recording_pk])
    connection.check_constraints()
