from django.db import migrations

from vang.base.text import fold


def fill(apps, _schema_editor):
    person = apps.get_model("people", "Person")
    for one in person.objects.all().iterator():
        one.search_key = fold(f"{one.full_name} {one.title}")[:200]
        one.save(update_fields=["search_key"])


class Migration(migrations.Migration):
    dependencies = [("people", "0004_standing_in")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
