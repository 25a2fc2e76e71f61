"""The State's documents that the register knows from the start, with what replaced what."""

import csv
from datetime import date, datetime
from importlib.resources import files

from django.db import transaction

from vang.documents.citing import key_of
from vang.documents.models import Basis, Document


@transaction.atomic
def load_state_documents(*, now: datetime) -> int:
    """Bring them up to date from ``data/state.tsv``; returns how many are new or changed."""
    text = files("vang.documents").joinpath("data", "state.tsv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    changed = sum(_keep(row, now) for row in rows)
    known = {one.number: one for one in Document.objects.filter(unit=None)}
    for row in rows:
        newer = known.get(row["replaced_by"])
        if newer is not None and known[row["number"]].replaced_by_id != newer.pk:
            Document.objects.filter(pk=known[row["number"]].pk).update(replaced_by=newer)
            changed += 1
    if changed:
        for one in known.values():
            Basis.objects.filter(basis=None, key=one.number_key).update(basis=one)
    return changed


def _keep(row: dict[str, str], now: datetime) -> bool:
    told = {
        "number": row["number"],
        "kind": row["kind"],
        "issuer": row["issuer"],
        "abstract": row["abstract"],
        "in_force_from": _day(row["in_force_from"]),
        "in_force_to": _day(row["in_force_to"]),
    }
    known = Document.objects.filter(unit=None, number_key=key_of(row["number"])).first()
    if known is not None and all(getattr(known, name) == value for name, value in told.items()):
        return False
    kept = known or Document(unit=None, number_key=key_of(row["number"]), noted_at=now)
    for name, value in told.items():
        setattr(kept, name, value)
    kept.issued_on, kept.changed_at = _day(row["issued_on"]), now
    kept.save()
    return True


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
