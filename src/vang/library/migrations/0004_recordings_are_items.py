"""Every recording that was uploaded before is an item of the library too."""

from pathlib import PurePath

from django.db import migrations

from vang.base.text import fold


def make_items(apps, _editor):
    Recording, Item = apps.get_model("library", "Recording"), apps.get_model("library", "Item")
    known = set(Item.objects.values_list("unit_id", "sha256"))
    for recording in Recording.objects.order_by("pk").iterator():
        if (recording.unit_id, recording.sha256) in known:
            continue
        known.add((recording.unit_id, recording.sha256))
        title = PurePath(recording.file_name).stem[:200] or recording.file_name
        Item.objects.create(
            unit_id=recording.unit_id,
            kind="AUDIO",
            title=title,
            sha256=recording.sha256,
            file_name=recording.file_name,
            media_type="application/octet-stream",
            size=recording.size,
            recording=recording,
            state="READY",
            added_by_id=recording.uploaded_by_id,
            added_at=recording.uploaded_at,
            search_key=fold(f"{title} {recording.file_name}"),
        )


class Migration(migrations.Migration):
    dependencies = [("library", "0003_media_library")]
    operations = [migrations.RunPython(make_items, migrations.RunPython.noop)]
