from django.db import migrations
from django.db.models import F

from vang.bulletins import triggers


def name_channels(apps, _schema_editor):
    delivery = apps.get_model("bulletins", "Delivery")
    for old, new in (("SPEAKER", "speaker"), ("PORTAL", "portal")):
        delivery.objects.filter(channel=old).update(channel=new)
    delivery.objects.filter(state="DONE").update(delivered_at=F("changed_at"))
    delivery.objects.filter(edition__withdrawn_at__isnull=False).update(act="WITHDRAW")
    unfinished = delivery.objects.exclude(state="DONE").exclude(channel="speaker")
    unfinished.update(due_at=F("changed_at"))


def install(_apps, schema_editor):
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0005_corrections_and_deliveries")]
    operations = [
        migrations.RunPython(name_channels, migrations.RunPython.noop),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
