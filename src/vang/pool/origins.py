"""Where a bulletin came from."""

from collections.abc import Collection

from vang.bulletins.models import Bulletin
from vang.pool.chains import Chain, read_chain, source_words
from vang.pool.models import Taking


def taking_of(bulletin: Bulletin) -> Taking | None:
    """How the bulletin was taken from another unit, if it was."""
    rows = Taking.objects.filter(bulletin=bulletin)
    return rows.select_related("offer__unit", "offer__version", "unit").first()


def chain_of(bulletin: Bulletin) -> Chain:
    """The hands through which it came, the origin first; empty for one of the unit's own."""
    taking = Taking.objects.filter(bulletin=bulletin).select_related("offer").first()
    return read_chain(taking.offer.chain) if taking else ()


def sources_of(bulletins: Collection[int]) -> dict[int, str]:
    """The line "source" for a public page, by key of the bulletin; own ones are left out.

    One query, however many.
    """
    rows = Taking.objects.filter(bulletin__in=bulletins)
    return {
        bulletin: source_words(read_chain(chain), adapted=kind == Taking.Kind.ADAPTED)
        for bulletin, kind, chain in rows.values_list("bulletin", "kind", "offer__chain")
    }


def source_of(bulletin_pk: int) -> str:
    """The line "source" of one bulletin; empty for one of the unit's own."""
    return sources_of([bulletin_pk]).get(bulletin_pk, "")


def relayed(bulletins: Collection[int]) -> set[int]:
    """Those that were taken unchanged from another unit."""
    rows = Taking.objects.filter(bulletin__in=bulletins, kind=Taking.Kind.TAKEN)
    return set(rows.values_list("bulletin", flat=True))
