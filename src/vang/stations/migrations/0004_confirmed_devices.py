import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def known(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Devices in service so far are not asked about."""
    apps.get_model("stations", "Node").objects.update(confirmed_at=F("enrolled_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("stations", "0003_cluster_language"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="node",
            name="confirmed_at",
            field=models.DateTimeField(
                blank=True,
                help_text="when somebody looked at it after it replaced another",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="node",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(known, migrations.RunPython.noop, elidable=True),
    ]
