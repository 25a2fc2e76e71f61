"""An installation that has aired before counts its days once the worker runs."""

from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models.functions import TruncDate

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def mark(apps, schema_editor):
    days = set()
    for room, name, at in (
        ("dispatch", "PlannedItem", "start"),
        ("bulletins", "Edition", "released_at"),
    ):
        rows = apps.get_model(room, name).objects.order_by()
        on = TruncDate(at, tzinfo=VIETNAM)
        days |= set(rows.annotate(on=on).values_list("unit", "on").distinct())
    model = apps.get_model("figures", "Mark")
    marks = [model(unit_id=unit, day=day) for unit, day in sorted(days)]
    model.objects.bulk_create(marks, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0001_initial"),
        ("dispatch", "0001_initial"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop, elidable=True)]
