from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import conversations.models.search
from conversations.search import index, tables


def fill(apps: Any, schema_editor: Any) -> None:
    # Before the index is there: to build it at once costs less than to add to it each time.
    names = ("SearchEntry", "Conversation", "Message")
    for _ in index.fill(*(apps.get_model("conversations", name).objects.all() for name in names)):
        pass
    tables.complete(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE conversations_searchterms")
        schema_editor.execute("DROP TABLE conversations_searchdue")


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0007_thought_until"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entry",
                        to="conversations.message",
                    ),
                ),
                ("terms", conversations.models.search.TermsField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("message", None)),
                        fields=("conversation",),
                        name="one_entry_per_title",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, remove),
    ]
