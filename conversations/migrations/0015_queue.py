import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0014_presets_and_prompts"),
        ("providers", "0006_calls_by_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QueuedMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("send_id", models.UUIDField(editable=False)),
                ("text", models.TextField()),
                ("after", models.UUIDField(editable=False)),
                (
                    "held",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("editing", "Being edited. Nothing is sent until it is saved."),
                            (
                                "model",
                                "Its model is not available any more. Pick one below, then send it.",
                            ),
                            (
                                "runs",
                                "As many answers as you may have are being written. It is sent after one.",
                            ),
                            (
                                "minute",
                                "You sent many messages in a short time. It is sent in a moment.",
                            ),
                            (
                                "day",
                                "You sent as much text as one day allows. It is sent in some hours.",
                            ),
                        ],
                        max_length=16,
                    ),
                ),
                ("retry_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queue",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="providers.model",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("author", "send_id"), name="queued_once_per_send"
                    )
                ],
            },
        ),
    ]
