from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, _schema_editor):
    """What was planned so far sounded in Vietnamese: the edition's own sound."""
    planned = apps.get_model("dispatch", "PlannedItem")
    editions = apps.get_model("bulletins", "Edition").objects.filter(pk=OuterRef("edition"))
    planned.objects.update(audio_sha256=Subquery(editions.values("audio_sha256")))


class Migration(migrations.Migration):
    dependencies = [
        ("bulletins", "0004_wordings"),
        ("dispatch", "0002_checked_plans"),
    ]
    operations = [
        migrations.AddField(
            model_name="planneditem",
            name="language",
            field=models.CharField(default="vi", max_length=3),
        ),
        migrations.AddField(
            model_name="planneditem",
            name="audio_sha256",
            field=models.CharField(
                default="", help_text="of the sound in that language", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
