from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chatsite", "0003_shortcuts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Suggestions",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="One to a line, up to four. Empty: an empty chat suggests nothing. Delete all of this, and the site's own come back.",
                        max_length=1000,
                        verbose_name="suggestions",
                    ),
                ),
                (
                    "text_zh",
                    models.TextField(
                        blank=True,
                        help_text="Empty: the text above, in every language.",
                        max_length=1000,
                        verbose_name="suggestions in Chinese",
                    ),
                ),
            ],
            options={
                "verbose_name": "suggestions",
                "verbose_name_plural": "suggestions",
            },
        ),
    ]
