"""An adopted plan in the register of documents, and its recipients among the units."""

from collections.abc import Sequence
from datetime import datetime

from vang.base.clock import local_date
from vang.base.text import fold
from vang.documents.citing import key_of
from vang.documents.models import Document
from vang.documents.queries import addressees, units_named
from vang.documents.services import Entry, hold_item, register_document
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.orgs.queries import communes_below
from vang.people.models import Person
from vang.plans.models import Draft, Plan, Recipient
from vang.plans.services.common import committee_of, one_line

KIND = "Kế hoạch"


def keep_in_register(plan: Plan, by: Person, now: datetime) -> None:
    """Written down once: a plan that stands in the register already is linked to its entry.
    Raises Refusal."""
    if plan.document_id is not None:
        return
    draft = Draft.objects.select_related("item").filter(plan=plan).first()
    item = draft.item if draft is not None else None
    known = _known(plan, item)
    if known is None:
        entry = _entry(plan, draft, item)
        known = register_document(unit=plan.unit, entry=entry, by=by, now=now)
    elif item is not None:
        known = hold_item(document=known, item=item, by=by, now=now)
    plan.document = known
    plan.save(update_fields=["document"])


def _known(plan: Plan, item: Item | None) -> Document | None:
    rows = Document.objects.filter(unit=plan.unit)
    if item is not None and (held := rows.filter(item=item).first()) is not None:
        return held
    key = key_of(plan.number)
    return rows.filter(number_key=key, issued_on=plan.issued_on).first() if key else None


def _entry(plan: Plan, draft: Draft | None, item: Item | None) -> Entry:
    ours = is_ours(plan.issuer, plan.unit)
    head = draft.head if draft is not None else {}
    return Entry(
        way=Document.Way.OUT if ours else Document.Way.IN,
        kind=head.get("kind") or KIND,
        number=plan.number,
        issuer=plan.issuer or committee_of(plan.unit),
        issued_on=plan.issued_on,
        abstract=plan.title,
        signer=head.get("signer") or plan.signer,
        signing=head.get("authority") or "",
        bases=tuple(plan.bases),
        recipients=tuple(head.get("recipients") or plan.recipients.values_list("name", flat=True)),
        item=item,
    )


def is_ours(issuer: str, unit: Unit) -> bool:
    """Whether the body that issued it is the unit's own: a plan that came from elsewhere is not
    sent on to those whom it names."""
    return not issuer or fold(unit.full_name) in fold(" ".join(issuer.split()))


def recipients_of_lines(plan: Plan, lines: Sequence[str], now: datetime) -> list[Recipient]:
    """A row for each line of "Nơi nhận"; with the unit it names, that acknowledges here. A line
    that names every commune becomes the communes below."""
    names = list(dict.fromkeys(filter(None, (one_line(line)[:300] for line in lines))))
    if not is_ours(plan.issuer, plan.unit):
        return [Recipient(plan=plan, name=name) for name in names]
    on = local_date(now)
    meant = units_named(names, addressees(plan.unit, on))
    under = set(communes_below(plan.unit, on).values_list("pk", flat=True))
    rows: list[Recipient] = []
    taken: set[int] = set()
    for name in names:
        units = meant[name]
        single = len(units) == 1
        units = [one for one in units if one.pk not in taken and (single or one.pk in under)]
        taken.update(one.pk for one in units)
        rows += [
            Recipient(plan=plan, name=name if single else one.full_name, unit=one) for one in units
        ] or [Recipient(plan=plan, name=name)]
    return rows
