from django.db import migrations

from vang.search import database


def install(_apps, schema_editor):
    database.install_hits(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("search", "0003_word_list")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
