from django.db import migrations

from vang.bulletins import triggers


def install(_apps, schema_editor):
    triggers.install(schema_editor.connection)


def remove(_apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0002_find_by_title")]
    operations = [migrations.RunPython(install, remove)]
