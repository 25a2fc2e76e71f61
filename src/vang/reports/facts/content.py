"""Bulletins from writing to correction, other channels, and harmful claims."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_date
from vang.bulletins.models import Approval, Bulletin, Edition, ReviewStep
from vang.claims.models import Claim
from vang.figures.models import ChannelDay
from vang.reports.facts.air import figures_page
from vang.reports.facts.registry import MILLI, Asked, Fact, Figure, Record, Records, register
from vang.review.verbs import RETURN


def _written(asked: Asked) -> QuerySet[Bulletin]:
    begins, ends = asked.bounds
    return Bulletin.objects.filter(
        unit__in=asked.units, created_at__gte=begins, created_at__lt=ends
    )


def _editions(asked: Asked) -> QuerySet[Edition]:
    begins, ends = asked.bounds
    return Edition.objects.filter(
        unit__in=asked.units, released_at__gte=begins, released_at__lt=ends
    )


def _approved(asked: Asked) -> QuerySet[Bulletin]:
    begins, ends = asked.bounds
    rows = Approval.objects.filter(bulletin__unit__in=asked.units, at__gte=begins, at__lt=ends)
    return Bulletin.objects.filter(pk__in=rows.values("bulletin"))


def _returned(asked: Asked) -> QuerySet[Bulletin]:
    begins, ends = asked.bounds
    rows = ReviewStep.objects.filter(
        bulletin__unit__in=asked.units, verb=RETURN.name, at__gte=begins, at__lt=ends
    )
    return Bulletin.objects.filter(pk__in=rows.values("bulletin"))


def content(asked: Asked) -> Mapping[str, Figure]:
    """Bulletins of the period. Four queries."""
    url = reverse("bulletins:list")
    first = Q(corrects__isnull=True)
    spoken = Q(version__recording__isnull=False)
    told = _editions(asked).aggregate(
        released=Count("pk", filter=first),
        corrections=Count("pk", filter=~first),
        human=Count("pk", filter=first & spoken),
        machine=Count("pk", filter=first & ~spoken),
        withdrawn=Count("pk", filter=Q(withdrawn_at__isnull=False)),
    )
    found = {f"content.{name}": count for name, count in told.items()}
    found["content.written"] = _written(asked).count()
    found["content.approved"] = _approved(asked).count()
    found["content.returned"] = _returned(asked).count()
    return {name: Figure(count * MILLI, url) for name, count in found.items()}


def channels(asked: Asked) -> Mapping[str, Figure]:
    """What went out over other ways than loudspeakers. One query."""
    rows = ChannelDay.objects.filter(
        unit__in=asked.units, day__gte=asked.first, day__lte=asked.last
    ).order_by()
    sums = dict(rows.values_list("channel").annotate(n=Sum("delivered")))
    url = figures_page(asked)
    return {
        f"channels.{name}": Figure(sums.get(name, 0) * MILLI, url)
        for name in ("portal", "feed", "mailing", "webhook")
    }


def claims(asked: Asked) -> Mapping[str, Figure]:
    """Harmful claims. One query."""
    begins, ends = asked.bounds
    within = Q(noted_at__gte=begins, noted_at__lt=ends)
    told = Claim.objects.filter(within, unit__in=asked.units).aggregate(
        noted=Count("pk"), answered=Count("pk", filter=Q(bulletin__editions__isnull=False),
                                          distinct=True)
    )  # fmt: skip
    url = reverse("claims:list")
    return {f"claims.{name}": Figure(count * MILLI, url) for name, count in told.items()}


def _show_bulletin(bulletin: Bulletin) -> Record:
    title = bulletin.current.title if bulletin.current else ""
    detail = f"{bulletin.get_state_display()}, {vi_date(bulletin.created_at)}"
    return Record(title, detail, reverse("bulletins:detail", args=[bulletin.pk]))


def _of_bulletins(rows: Any) -> Any:
    def records(asked: Asked) -> Records:
        found = rows(asked).select_related("current").defer("current__text")
        return Records(found.order_by("created_at", "pk"), _show_bulletin)

    return records


def _show_edition(edition: Edition) -> Record:
    url = reverse("bulletins:detail", args=[edition.bulletin_id])
    return Record(edition.title, vi_date(edition.released_at), url)


def _of_editions(**wanted: Any) -> Any:
    def records(asked: Asked) -> Records:
        found = _editions(asked).filter(**wanted).defer("text")
        return Records(found.order_by("released_at", "pk"), _show_edition)

    return records


def _claim_records(asked: Asked) -> Records:
    begins, ends = asked.bounds
    rows = Claim.objects.filter(unit__in=asked.units, noted_at__gte=begins, noted_at__lt=ends)
    return Records(rows.order_by("noted_at"), _show_claim)


def _show_claim(claim: Claim) -> Record:
    return Record(claim.title, vi_date(claim.noted_at), reverse("claims:claim", args=[claim.pk]))


def add() -> None:
    """Called when the process starts."""
    steps = _("From the bulletins' own steps within the period; a bulletin counts once.")
    out = _("Editions released within the period.")
    first = {"corrects__isnull": True}
    register(
        content,
        Fact("content.written", _("Bulletins written"), steps, _of_bulletins(_written)),
        Fact("content.approved", _("Bulletins approved"), steps, _of_bulletins(_approved)),
        Fact("content.returned", _("Bulletins sent back"), steps, _of_bulletins(_returned)),
        Fact("content.released", _("Bulletins released"), out, _of_editions(**first)),
        Fact("content.human", _("read by a person"), out,
             _of_editions(**first, version__recording__isnull=False)),
        Fact("content.machine", _("read by the machine's voice"), out,
             _of_editions(**first, version__recording__isnull=True)),
        Fact("content.corrections", _("Corrections released"), out,
             _of_editions(corrects__isnull=False)),
        Fact("content.withdrawn", _("Editions withdrawn"), out,
             _of_editions(withdrawn_at__isnull=False)),
    )  # fmt: skip
    how = _("Editions of the period that came to this channel, from its own acknowledgements.")
    register(
        channels,
        Fact("channels.portal", _("Items on the public pages"), how),
        Fact("channels.feed", _("Items in the feeds"), how),
        Fact("channels.mailing", _("Items sent as letters"), how),
        Fact("channels.webhook", _("Items passed to other systems"), how),
    )
    what = _("From the register of harmful claims, by the day on which they were noted.")
    register(
        claims,
        Fact("claims.noted", _("Harmful claims noted"), what, _claim_records),
        Fact("claims.answered", _("of these, answered in public"), what, _claim_records),
    )
