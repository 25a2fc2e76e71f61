import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('airtime', '0006_sounds_and_parts'),
        ('stations', '0003_cluster_language'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='slotpolicy',
            name='based_on',
            field=models.CharField(blank=True, default='', help_text='ready set', max_length=20),
        ),
        migrations.AddField(
            model_name='slotpolicy',
            name='note',
            field=models.CharField(blank=True, default='', help_text='why it goes beyond that set', max_length=300),
        ),
        migrations.AddField(
            model_name='slotpolicy',
            name='volume',
            field=models.JSONField(default=list, help_text='[["21:00", "22:00", -12], …] dB by hour'),
        ),
        migrations.CreateModel(
            name='QuietZone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiet', models.JSONField(default=list, help_text='[["11:30", "13:30"], …] silent hours')),
                ('volume', models.JSONField(default=list, help_text='[["05:00", "06:00", -6], …] dB by hour')),
                ('because', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cluster', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='quiet_zone', to='stations.cluster')),
            ],
        ),
    ]
