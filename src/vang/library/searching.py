"""Words by which material is found, typed with or without diacritics."""

from django.db.models import OuterRef, Prefetch, QuerySet

from vang.base.text import fold
from vang.library.models import Item, Picture, Tag
from vang.orgs.models import Unit

LONGEST_KEY = 60_000
"""Letters of a document's text that search looks into, folded."""


def search_key(item: Item, tags: list[str] | None = None, text: str = "") -> str:
    """Everything about the item as one folded line; ``text`` is that of a document."""
    told = [item.title, item.description, item.alt_text, item.author, item.source, item.file_name]
    words = " ".join([*told, *(tags or []), text[:LONGEST_KEY]])
    return " ".join(fold(words).split())


def items_of(
    unit: Unit, *, kind: str = "", tag: str = "", words: str = "", archived: bool = False
) -> QuerySet[Item]:
    """The unit's material, newest first; ``words`` must all occur somewhere."""
    found = Item.objects.filter(unit=unit, archived_at__isnull=not archived)
    if kind:
        found = found.filter(kind=kind)
    if tag:
        found = found.filter(tags__key=fold(tag))
    for word in fold(words).split()[:8]:
        found = found.filter(search_key__contains=word)
    return found.defer("search_key", "description").select_related("recording", "document")


def small_pictures(item: OuterRef | None = None) -> QuerySet[Picture]:
    """For lists; of one item only, where it is named."""
    small = Picture.objects.filter(size=Picture.Size.SMALL, format=Picture.Format.WEBP)
    return small if item is None else small.filter(item=item)


def with_pictures(found: QuerySet[Item]) -> QuerySet[Item]:
    """The small picture of each comes along as ``small``."""
    small = small_pictures()
    return found.prefetch_related(Prefetch("pictures", queryset=small, to_attr="small"))


def tags_of(unit: Unit) -> QuerySet[Tag]:
    return Tag.objects.filter(unit=unit).order_by("key")
