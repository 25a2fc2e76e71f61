"""Pictures and documents that a bulletin shows: bound by the approval, frozen with the edition."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from tests.bulletins.newsroom import allow_trial_voice, approved, current, make_ready, reread
from tests.conftest import SignedIn
from tests.library.material import notice, picture
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.attachments import attached, attachments_of
from vang.bulletins.content import Content
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Attachment, Bulletin, EditionAttachment
from vang.bulletins.services import writing
from vang.library import services as library
from vang.library.events import uses_of
from vang.library.models import Item
from vang.library.preparing import prepare_item
from vang.library.services.describing import About
from vang.orgs.models import Unit
from vang.people.models import Person

Bring = Callable[[bytes, str], Item]


@pytest.fixture
def bring(xa_a: Unit, an: Person, now: datetime) -> Bring:
    def brought(content: bytes, name: str) -> Item:
        item = library.keep_item(unit=xa_a, file_name=name, content=content, by=an, now=now)
        prepare_item(item.pk, clock=lambda: now)
        return Item.objects.get(pk=item.pk)

    return brought


@pytest.fixture
def photo(bring: Bring, an: Person, now: datetime) -> Item:
    """Described, with its rights known."""
    item = bring(picture(), "hoa.jpg")
    about = About("Chợ hoa", alt_text="Chợ hoa bên sông", licence="OWN", consent="NOBODY",
                  author="Lê Đức")  # fmt: skip
    library.describe_item(item=item, about=about, by=an, now=now)
    return Item.objects.get(pk=item.pk)


def write(unit: Unit, by: Person, now: datetime, *items: Item) -> Bulletin:
    content = Content("Hội hoa", "Mời bà con.", attachments=tuple(map(attached, items)))
    return services.create_bulletin(unit=unit, content=content, by=by, now=now)


def test_what_is_attached_is_bound_by_the_hash_and_frozen_with_the_edition(
    xa_a: Unit, an: Person, binh: Person, photo: Item, now: datetime, later: datetime
) -> None:
    bulletin = write(xa_a, an, now, photo)
    plain = write(xa_a, an, now)
    assert content_hash(bulletin.current) != content_hash(plain.current)
    allow_trial_voice(xa_a, now)
    services.submit_bulletin(bulletin=bulletin, by=an, now=now)
    make_ready(bulletin, now)
    approved(reread(bulletin), binh, later)
    library.describe_item(item=photo, about=About("Tên khác"), by=an, now=later)
    edition = services.release_bulletin(bulletin=bulletin, by=binh, now=later)
    frozen = EditionAttachment.objects.get(edition=edition)
    assert (frozen.caption, frozen.alt_text, frozen.credit) == (
        "Chợ hoa", "Chợ hoa bên sông", "Lê Đức",
    )  # fmt: skip
    assert {row["size"] for row in frozen.pictures} == {"SMALL", "MEDIUM", "LARGE"}
    (use,) = uses_of(photo)
    assert use.lasting


@pytest.mark.parametrize("lack", ["alt_text", "licence", "consent"])
def test_a_picture_that_may_not_be_published_is_not_submitted(
    xa_a: Unit, an: Person, photo: Item, now: datetime, lack: str
) -> None:
    known = {"alt_text": "Chợ hoa", "licence": "OWN", "consent": "NOBODY"}
    known |= {lack: {"alt_text": "", "licence": "UNKNOWN", "consent": "UNASKED"}[lack]}
    library.describe_item(item=photo, about=About("Chợ hoa", **known), by=an, now=now)
    bulletin = write(xa_a, an, now, Item.objects.get(pk=photo.pk))
    with pytest.raises(Refusal) as refused:
        services.submit_bulletin(bulletin=bulletin, by=an, now=now)
    assert refused.value.code == "attachment-unready"
    assert "Chợ hoa" in str(refused.value)


def test_a_secret_document_is_never_submitted(
    xa_a: Unit, an: Person, bring: Bring, now: datetime
) -> None:
    bulletin = write(xa_a, an, now, bring(notice(mark="MẬT"), "mat.docx"))
    with pytest.raises(Refusal, match="dấu mật"):
        services.submit_bulletin(bulletin=bulletin, by=an, now=now)


def test_an_edit_of_the_words_keeps_what_is_attached(
    xa_a: Unit, an: Person, photo: Item, now: datetime
) -> None:
    bulletin = write(xa_a, an, now, photo)
    content = writing.content_of(bulletin.current)
    version = services.save_version(
        bulletin=bulletin,
        content=Content("Mới", "Chữ mới.", attachments=content.attachments),
        based_on=1,
        by=an,
        now=now,
    )
    assert [row.item for row in attachments_of(version)] == [photo]


def test_material_of_another_commune_is_refused(
    xa_a: Unit, xa_b: Unit, an: Person, chi: Person, photo: Item, now: datetime
) -> None:
    with pytest.raises(Refusal, match="xã khác"):
        write(xa_b, chi, now, photo)
    assert write(xa_a, an, now, photo)


def test_nothing_attached_is_changed_or_deleted(
    xa_a: Unit, an: Person, photo: Item, now: datetime
) -> None:
    bulletin = write(xa_a, an, now, photo)
    row = Attachment.objects.filter(version=bulletin.current)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(caption="khác")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    with pytest.raises(Refusal, match="kho lưu"):
        library.delete_item(item=photo, by=an, now=now)
    with pytest.raises(ProtectedError):
        photo.delete()


def test_pictures_are_ticked_and_brought_on_the_writing_page(
    an: Person, photo: Item, signed_in: SignedIn
) -> None:
    client: Client = signed_in(an)
    new = reverse("bulletins:new")
    assert f'name="attachments" value="{photo.pk}"' in client.get(new).content.decode()
    brought = SimpleUploadedFile("moi.jpg", picture(50, 40))
    typed = {"title": "Hội hoa", "text": "Mời bà con.", "category": "EVENTS", "priority": "NORMAL",
             "act": "save", "attachments": [str(photo.pk)], "pictures": [brought]}  # fmt: skip
    client.post(new, typed)
    version = current(Bulletin.objects.get())
    assert [row.item.file_name for row in attachments_of(version)] == ["hoa.jpg", "moi.jpg"]
    page = client.get(reverse("bulletins:detail", args=[version.bulletin_id])).content.decode()
    assert "Chợ hoa bên sông" in page
    assert "Chưa mô tả" in page
