"""Several keys and base URLs, what models can do and cost, and the ledger of calls."""

import uuid
from typing import Any

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_keys(apps: Any, editor: Any) -> None:
    """A key is sealed to the id of its row: the new row takes over the id of its provider."""
    alias = editor.connection.alias
    keys = apps.get_model("providers", "Key").objects.using(alias)
    providers = apps.get_model("providers", "Provider").objects.using(alias)
    for provider in providers.exclude(sealed_key=b""):
        keys.create(
            pk=provider.pk,
            provider=provider,
            sealed=provider.sealed_key,
            hint=provider.key_hint,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("providers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="provider",
            options={
                "permissions": (("own_provider", "May add providers of their own"),),
                "verbose_name": "provider",
                "verbose_name_plural": "providers",
            },
        ),
        migrations.AddField(
            model_name="model",
            name="cached_input_price",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="Per million tokens. Empty: not known.",
                max_digits=14,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="cached input price",
            ),
        ),
        migrations.AddField(
            model_name="model",
            name="capabilities",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="model",
            name="card",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.AddField(
            model_name="model",
            name="checked_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="checked at"
            ),
        ),
        migrations.AddField(
            model_name="model",
            name="learnt",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.AddField(
            model_name="model",
            name="max_output",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="longest answer"),
        ),
        migrations.AddField(
            model_name="model",
            name="price_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "not known"),
                    ("service", "the service's list"),
                    ("known", "the table of this program"),
                    ("admin", "entered by hand"),
                ],
                default="",
                editable=False,
                max_length=8,
                verbose_name="price from",
            ),
        ),
        migrations.AddField(
            model_name="model",
            name="price_up_to",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="model",
            name="price_varies",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="provider",
            name="connect_s",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="to connect"
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="first_byte_s",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="to the first word"
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="further_base_urls",
            field=models.TextField(
                blank=True,
                help_text="Of the same service, one a line. They are used when the first one fails.",
                verbose_name="further base URLs",
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="idle_s",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="between two words"
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="listed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="models fetched"
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="preset",
            field=models.SlugField(blank=True, max_length=40, verbose_name="service"),
        ),
        migrations.AddField(
            model_name="provider",
            name="proxy",
            field=models.CharField(
                blank=True,
                help_text="For example http://proxy.example:3128. Empty: none.",
                max_length=500,
                verbose_name="HTTP proxy",
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="route_order",
            field=models.CharField(
                choices=[("fastest", "the fastest first"), ("fixed", "in this order")],
                default="fastest",
                max_length=8,
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="total_s",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="for a whole answer"
            ),
        ),
        migrations.AlterField(
            model_name="model",
            name="input_price",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="Per million tokens. Empty: not known.",
                max_digits=14,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="input price",
            ),
        ),
        migrations.AlterField(
            model_name="model",
            name="output_price",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="Per million tokens. Empty: not known.",
                max_digits=14,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="output price",
            ),
        ),
        migrations.CreateModel(
            name="Key",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.BinaryField()),
                (
                    "hint",
                    models.CharField(
                        blank=True, editable=False, max_length=4, verbose_name="ends in"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="added"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "key",
                "verbose_name_plural": "keys",
                "ordering": ("created_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("model_name", models.CharField(max_length=255, verbose_name="model")),
                ("route", models.CharField(blank=True, max_length=255, verbose_name="route")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("chat", "chat"),
                            ("embeddings", "embeddings"),
                            ("image", "image"),
                            ("transcription", "transcription"),
                            ("speech", "speech"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("complete", "complete"),
                            ("stopped", "stopped"),
                            ("interrupted", "interrupted"),
                            ("failed", "failed"),
                        ],
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                ("error_kind", models.CharField(blank=True, max_length=32, verbose_name="error")),
                (
                    "prompt_tokens",
                    models.PositiveIntegerField(null=True, verbose_name="tokens read"),
                ),
                (
                    "completion_tokens",
                    models.PositiveIntegerField(null=True, verbose_name="tokens written"),
                ),
                (
                    "cached_tokens",
                    models.PositiveIntegerField(null=True, verbose_name="of them cached"),
                ),
                (
                    "reasoning_tokens",
                    models.PositiveIntegerField(null=True, verbose_name="of them thought"),
                ),
                (
                    "tokens_basis",
                    models.CharField(
                        choices=[
                            ("measured", "measured"),
                            ("estimated", "estimated"),
                            ("unknown", "unknown"),
                        ],
                        default="unknown",
                        max_length=16,
                        verbose_name="tokens are",
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=9, max_digits=18, null=True, verbose_name="cost"
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                (
                    "cost_basis",
                    models.CharField(
                        choices=[
                            ("measured", "measured"),
                            ("estimated", "estimated"),
                            ("unknown", "unknown"),
                        ],
                        default="unknown",
                        max_length=16,
                        verbose_name="cost is",
                    ),
                ),
                ("first_token_s", models.FloatField(null=True, verbose_name="to the first word")),
                ("seconds", models.FloatField(verbose_name="duration")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="at"),
                ),
                (
                    "model",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="providers.model",
                        verbose_name="model",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "call",
                "verbose_name_plural": "calls",
                "indexes": [models.Index(fields=["user", "-created_at"], name="calls_of_user")],
            },
        ),
        migrations.RunPython(keep_keys, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="provider",
            name="key_hint",
        ),
        migrations.RemoveField(
            model_name="provider",
            name="sealed_key",
        ),
    ]
