from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0018_charges")]

    operations = [
        migrations.AddField(
            model_name="queuedmessage",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
