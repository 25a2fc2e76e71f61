"""Districts and provinces get days of their own, summed from those below them."""

from django.db import migrations

ABOVE = ("DISTRICT", "PROVINCE")


def mark(apps, schema_editor):
    days = set()
    for name in ("AirDay", "OrderDay", "ChannelDay"):
        rows = apps.get_model("figures", name).objects.order_by()
        below = rows.filter(unit__level__in=("COMMUNE", "DISTRICT"), unit__parent__isnull=False)
        days |= set(below.values_list("unit__parent", "day").distinct())
        days |= set(rows.filter(unit__level__in=ABOVE).values_list("unit", "day").distinct())
    model = apps.get_model("figures", "Mark")
    marks = [model(unit_id=unit, day=day) for unit, day in sorted(days)]
    model.objects.bulk_create(marks, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("figures", "0002_mark_what_is_there")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop, elidable=True)]
