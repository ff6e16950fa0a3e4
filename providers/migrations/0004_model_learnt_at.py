from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("providers", "0003_catalogue_and_defaults"),
    ]

    operations = [
        migrations.AddField(
            model_name="model",
            name="learnt_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
