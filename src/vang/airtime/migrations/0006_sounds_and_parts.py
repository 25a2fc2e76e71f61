import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('airtime', '0005_calendar_feeds'),
        ('library', '0004_recordings_are_items'),
        ('orgs', '0002_offices'),
        ('voice', '0004_pace'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='placement',
            name='only',
            field=models.JSONField(default=list, help_text='cluster codes; empty: every cluster that reaches the audience'),
        ),
        migrations.AddField(
            model_name='placement',
            name='resume',
            field=models.CharField(choices=[('drop', 'it is not continued'), ('restart', 'it begins again'), ('resume', 'it goes on where it was'), ('keep', 'it runs on unheard, as a live programme does')], default='drop', max_length=7),
        ),
        migrations.AddField(
            model_name='programme',
            name='fill_s',
            field=models.PositiveIntegerField(default=0, help_text='music fills each session up to this length (s); 0: none'),
        ),
        migrations.CreateModel(
            name='StationSound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('TUNE', 'signature tune'), ('CLOSING', 'closing'), ('MUSIC', 'music to fill gaps'), ('RELAY', 'recorded programme of another station')], max_length=7)),
                ('title', models.CharField(max_length=200)),
                ('relayed_from', models.CharField(blank=True, max_length=120)),
                ('chosen_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('approved_sha256', models.CharField(blank=True, help_text='of the sound heard', max_length=64)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('chosen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.item')),
                ('rendition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='voice.rendition')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='station_sounds', to='orgs.unit')),
            ],
            options={
                'ordering': ['unit', 'kind', 'title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ProgrammePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('SOUND', 'a sound of the station'), ('WINDOW', 'time kept for a relay')], max_length=6)),
                ('place', models.SmallIntegerField(help_text='order; the bulletins stand at 0')),
                ('source', models.CharField(blank=True, help_text='the station relayed', max_length=120)),
                ('lasts_s', models.PositiveIntegerField(default=0, help_text='of a window')),
                ('from_day', models.DateField()),
                ('to_day', models.DateField(blank=True, help_text='last day on which it is part', null=True)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='airtime.programme')),
                ('sound', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='airtime.stationsound')),
            ],
            options={
                'ordering': ['programme', 'place', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='stationsound',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True), ('approved_sha256', '')), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_sha256', ''), _negated=True)), _connector='OR'), name='station_sound_approval_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='stationsound',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('chosen_by')), _negated=True), _connector='OR'), name='station_sound_approved_by_another', violation_error_message='Somebody else must approve it.'),
        ),
        migrations.AddConstraint(
            model_name='stationsound',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'RELAY'), models.Q(('relayed_from', ''), _negated=True)), models.Q(models.Q(('kind', 'RELAY'), _negated=True), ('relayed_from', '')), _connector='OR'), name='relay_names_its_station', violation_error_message='Name the station whose programme it is.'),
        ),
        migrations.AddConstraint(
            model_name='programmepart',
            constraint=models.CheckConstraint(condition=models.Q(('place', 0), _negated=True), name='bulletins_stand_at_zero'),
        ),
        migrations.AddConstraint(
            model_name='programmepart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'SOUND'), ('lasts_s', 0), ('sound__isnull', False), ('source', '')), models.Q(('kind', 'WINDOW'), ('lasts_s__gte', 60), ('lasts_s__lte', 10800), ('sound__isnull', True), models.Q(('source', ''), _negated=True)), _connector='OR'), name='programme_part_is_whole'),
        ),
    ]
