"""A claim knows since when. Claims from before begin with this migration."""

import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0012_reports_of_reviews")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="claimed_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=django.utils.timezone.now,
            ),
        ),
    ]
