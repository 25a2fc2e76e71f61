from django.db import migrations

from vang.search import database


def install(_apps, schema_editor):
    database.install(schema_editor.connection)


def remove(_apps, schema_editor):
    database.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
