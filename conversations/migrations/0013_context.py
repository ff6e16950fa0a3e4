from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0012_shares"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="gauged_leaf",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="conversation",
            name="gauged_tokens",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="conversation",
            name="keep",
            field=models.CharField(db_default="all", default="all", editable=False, max_length=8),
        ),
        migrations.AddField(
            model_name="conversation",
            name="keep_amount",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="generation",
            name="guessed_tokens",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="generation",
            name="sent_tokens",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="mark",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=8
            ),
        ),
    ]
