from django.db import migrations

from vang.orgs.standings import install, remove


def begin(apps, schema_editor):
    """Every unit that is there stands for itself; the database adds the row of those to come."""
    alias = schema_editor.connection.alias
    units = apps.get_model("orgs", "Unit").objects.using(alias)
    standings = apps.get_model("orgs", "Standing")
    standings.objects.using(alias).bulk_create(
        (standings(unit_id=pk, today_unit_id=pk) for pk in units.values_list("pk", flat=True)),
        batch_size=1000,
    )
    install(schema_editor.connection)


def end(apps, schema_editor):
    remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("orgs", "0003_changes_of_units")]
    operations = [migrations.RunPython(begin, end)]
