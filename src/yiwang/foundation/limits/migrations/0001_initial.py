"""One table of counters, unlogged: it is written often and worth nothing after a crash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="LimitCounter",
            fields=[
                (
                    "key",
                    models.CharField(
                        max_length=80, primary_key=True, serialize=False, verbose_name="键"
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="开始时间")),
                ("used", models.PositiveIntegerField(verbose_name="次数")),
            ],
            options={"verbose_name": "访问计数", "verbose_name_plural": "访问计数"},
        ),
        # Room in every page, so that a counter is renewed in place.
        migrations.RunSQL(
            "ALTER TABLE limits_limitcounter SET UNLOGGED;"
            "ALTER TABLE limits_limitcounter SET (fillfactor = 50);",
            migrations.RunSQL.noop,
        ),
    ]
