"""Whether a portfolio page shows skills. Pages from before show none until their owner says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_blocks")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="shows_skills",
            field=models.BooleanField(db_default=False, default=True),
        ),
    ]
