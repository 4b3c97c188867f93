from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["is_staff", "login", "id"], name="account_list"),
        ),
    ]
