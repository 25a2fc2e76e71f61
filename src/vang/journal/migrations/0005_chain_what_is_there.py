"""Entries from before the chain enter it in the order of their numbers."""

import json
from datetime import UTC
from hashlib import sha256

from django.db import migrations
from django.db.models import prefetch_related_objects


def chain(apps, schema_editor):
    Entry, Seal, Head = (apps.get_model("journal", name) for name in ("Entry", "Seal", "Head"))
    before, position, newest = "0" * 64, 0, 0
    while rows := list(Entry.objects.filter(pk__gt=newest).order_by("pk")[:2000]):
        prefetch_related_objects(rows, "mentions")
        seals = []
        for row in rows:
            position, newest = position + 1, row.pk
            text = f"{before}\n{position}\n{_canonical(row)}"
            before = sha256(text.encode()).hexdigest()
            seals.append(Seal(position=position, entry_id=row.pk, chain=before))
        Seal.objects.bulk_create(seals, batch_size=500)
    Head.objects.create(id=1, entries=position, chain=before, newest=newest)


def _canonical(entry):
    said = {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": entry.by_id,
        "capacity": entry.capacity,
        "unit": entry.unit_id,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
        "about": sorted(one.subject for one in entry.mentions.all()),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def forget(apps, schema_editor):
    apps.get_model("journal", "Seal").objects.all().delete()
    apps.get_model("journal", "Head").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_head_seal")]
    operations = [migrations.RunPython(chain, forget)]
