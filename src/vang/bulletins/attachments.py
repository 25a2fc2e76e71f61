"""Pictures and documents of the library that a bulletin shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.bulletins.models import Attachment, Edition, EditionAttachment, Version
from vang.library.dossiers import lacking
from vang.library.models import Item, Picture
from vang.library.searching import small_pictures
from vang.orgs.models import Unit

KINDS = (Item.Kind.PICTURE, Item.Kind.DOCUMENT)
_RECENT = 12


@dataclass(frozen=True)
class Attached:
    """One item with the words that are published with it."""

    item: Item
    caption: str
    alt_text: str = ""
    credit: str = ""


def attached(item: Item) -> Attached:
    """The item with the library's words of this moment."""
    credit = " / ".join(part for part in (item.author, item.source) if part)
    return Attached(item, item.title[:200], item.alt_text, credit[:500])


def attachments_of(version: Version) -> list[Attachment]:
    """In their order; asked of the database once."""
    read_attachments([version])
    return list(version.attachments.all())


def read_attachments(versions: Sequence[Version]) -> None:
    """Ask for those of several versions at once."""
    small = Picture.objects.filter(size=Picture.Size.SMALL, format=Picture.Format.WEBP)
    rows = Attachment.objects.select_related("item__document").prefetch_related(
        Prefetch("item__pictures", queryset=small, to_attr="small")
    )
    prefetch_related_objects(versions, Prefetch("attachments", queryset=rows))


def attached_to(version: Version) -> tuple[Attached, ...]:
    """As the content of a bulletin holds them."""
    return tuple(
        Attached(row.item, row.caption, row.alt_text, row.credit) for row in attachments_of(version)
    )


def add_attachments(version: Version, chosen: Sequence[Attached]) -> None:
    """Within the caller's transaction: rows of a version just added."""
    Attachment.objects.bulk_create(
        Attachment(
            version=version,
            item=one.item,
            place=place,
            caption=one.caption,
            alt_text=one.alt_text,
            credit=one.credit,
        )
        for place, one in enumerate(chosen)
    )


def chosen_items(unit: Unit, keys: Iterable[str]) -> list[Item]:
    """The unit's pictures and documents of these keys, in the order of the keys."""
    wanted = list(dict.fromkeys(int(key) for key in keys if str(key).isdecimal()))
    found = Item.objects.filter(unit=unit, kind__in=KINDS).in_bulk(wanted)
    return [found[key] for key in wanted if key in found]


def items_to_attach(unit: Unit, keys: Iterable[str]) -> list[Item]:
    """What the writing page offers: those chosen, then the newest of the library; ``small`` tells
    whether there is a small picture. One query."""
    wanted = [int(key) for key in keys if str(key).isdecimal()]
    offered = Item.objects.filter(unit=unit, kind__in=KINDS)
    newest = offered.filter(archived_at=None).exclude(state=Item.State.FAILED)
    recent = Q(pk__in=newest.order_by("-added_at", "-pk").values("pk")[:_RECENT])
    shown = offered.filter(Q(pk__in=wanted) | recent if wanted else recent)
    rows = shown.defer("search_key").annotate(small=Exists(small_pictures(OuterRef("pk"))))
    return sorted(rows, key=lambda item: (item.pk not in wanted, -item.pk))


def refuse_unready(version: Version) -> None:
    """Raises Refusal naming the first attachment that may not be published, and why."""
    for row in attachments_of(version):
        reason = _reason(row)
        if reason is not None:
            raise Refusal("attachment-unready", format_lazy(_UNREADY, name=row.caption, why=reason))


def _reason(row: Attachment) -> str | Promise | None:
    item = row.item
    document = getattr(item, "document", None)
    if item.state != Item.State.READY:
        return _NOT_PREPARED
    if document is not None and document.secrecy:
        return _SECRET
    missing = lacking(item)
    if item.kind == Item.Kind.PICTURE and not row.alt_text and "alt-text" not in missing:
        return _SAVE_AGAIN
    return _LACKS[missing[0]] if missing else None


def freeze(edition: Edition, version: Version) -> None:
    """Within the release: the attachments as they were approved."""
    EditionAttachment.objects.bulk_create(_frozen(edition, row) for row in attachments_of(version))


def _frozen(edition: Edition, row: Attachment) -> EditionAttachment:
    item = row.item
    names = ("size", "format", "sha256", "bytes", "width", "height")
    return EditionAttachment(
        edition=edition,
        item=item,
        place=row.place,
        kind=item.kind,
        caption=row.caption,
        alt_text=row.alt_text,
        credit=row.credit,
        sha256=item.sha256,
        file_name=item.file_name,
        media_type=item.media_type,
        size=item.size,
        pictures=list(Picture.objects.filter(item=item).order_by("width", "format").values(*names)),
    )


_UNREADY = _("“{name}” may not be published yet: {why}")
_NOT_PREPARED = _("it is still being prepared.")
_SECRET = _("it bears a mark of secrecy.")
_SAVE_AGAIN = _("it was described meanwhile; save the bulletin again so that the words go along.")
_LACKS = {
    "alt-text": _("say in the library what the picture shows, then save the bulletin again."),
    "licence": _("say in the library what gives us the right to use it."),
    "consent": _("say in the library whether people can be recognised and agree."),
}
