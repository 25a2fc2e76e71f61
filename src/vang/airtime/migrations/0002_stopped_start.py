from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):

    dependencies = [
        ('airtime', '0001_initial'),
        ('orgs', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='stoppedoccurrence',
            name='start',
            field=models.DateTimeField(db_default=Now(), help_text='when it began or would have begun'),
        ),
        migrations.AlterField(
            model_name='stoppedoccurrence',
            name='start',
            field=models.DateTimeField(help_text='when it began or would have begun'),
        ),
        migrations.AddIndex(
            model_name='stoppedoccurrence',
            index=models.Index(fields=['unit', 'start'], name='stopped_unit_start'),
        ),
    ]
