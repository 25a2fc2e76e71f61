import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Substr


def entitle(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """What was planned so far bears the title of its edition."""
    rows = apps.get_model("dispatch", "PlannedItem").objects.filter(title="")
    editions = apps.get_model("bulletins", "Edition").objects.filter(pk=OuterRef("edition"))
    rows.update(title=Subquery(editions.values(short=Substr("title", 1, 200))[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('airtime', '0006_sounds_and_parts'),
        ('bulletins', '0012_judged_and_valid'),
        ('dispatch', '0003_planned_language'),
        ('orgs', '0002_offices'),
    ]

    operations = [
        migrations.AddField(
            model_name='planneditem',
            name='sound',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='planned_items', to='airtime.stationsound'),
        ),
        migrations.AddField(
            model_name='planneditem',
            name='title',
            field=models.CharField(default='', max_length=200),
        ),
        migrations.RunPython(entitle, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='planneditem',
            name='edition',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='planned_items', to='bulletins.edition'),
        ),
        migrations.AlterField(
            model_name='planneditem',
            name='placement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='planned_items', to='airtime.placement'),
        ),
        migrations.AddConstraint(
            model_name='planneditem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('edition__isnull', False), ('placement__isnull', False), ('sound__isnull', True)), models.Q(('edition__isnull', True), ('placement__isnull', True), ('sound__isnull', False)), _connector='OR'), name='planned_item_is_edition_or_sound'),
        ),
    ]
