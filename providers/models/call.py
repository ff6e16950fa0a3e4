"""The ledger: one row for each call of a service, never changed, kept when its chat is gone."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    CHAT = "chat", _("chat")
    EMBEDDINGS = "embeddings", _("embeddings")
    IMAGE = "image", _("image")
    TRANSCRIPTION = "transcription", _("transcription")
    SPEECH = "speech", _("speech")


class Outcome(models.TextChoices):
    COMPLETE = "complete", _("complete")
    STOPPED = "stopped", _("stopped")
    INTERRUPTED = "interrupted", _("interrupted")
    FAILED = "failed", _("failed")


class Basis(models.TextChoices):
    MEASURED = "measured", _("measured")
    ESTIMATED = "estimated", _("estimated")
    UNKNOWN = "unknown", _("unknown")


class Call(models.Model):
    """`cost` in `currency`; None with the basis "unknown". Times in seconds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    model = models.ForeignKey(
        "providers.Model",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("model"),
    )
    # By name too, for when the model or its provider is no more.
    model_name = models.CharField(_("model"), max_length=255)
    route = models.CharField(_("route"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices)
    error_kind = models.CharField(_("error"), max_length=32, blank=True)
    prompt_tokens = models.PositiveIntegerField(_("tokens read"), null=True)
    completion_tokens = models.PositiveIntegerField(_("tokens written"), null=True)
    cached_tokens = models.PositiveIntegerField(_("of them cached"), null=True)
    reasoning_tokens = models.PositiveIntegerField(_("of them thought"), null=True)
    tokens_basis = models.CharField(
        _("tokens are"), max_length=16, choices=Basis.choices, default=Basis.UNKNOWN
    )
    cost = models.DecimalField(_("cost"), max_digits=18, decimal_places=9, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    cost_basis = models.CharField(
        _("cost is"), max_length=16, choices=Basis.choices, default=Basis.UNKNOWN
    )
    first_token_s = models.FloatField(_("to the first word"), null=True)
    seconds = models.FloatField(_("duration"))
    created_at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        indexes = (
            models.Index(fields=["user", "-created_at"], name="calls_of_user"),
            models.Index(fields=["created_at"], name="calls_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.model_name} {self.get_outcome_display()}"
