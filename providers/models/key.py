"""A provider's key at rest: sealed to its row, shown as its last characters and no more."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import secrets
from providers.labels import HINT_LENGTH, hint_of

LENGTH = 4096


class BadKey(ValueError):
    """Cannot stand in a header: more than one line, or other than plain characters."""


class Key(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(
        "providers.Provider", on_delete=models.CASCADE, related_name="keys"
    )
    sealed = models.BinaryField(editable=False)
    hint = models.CharField(_("ends in"), max_length=HINT_LENGTH, blank=True, editable=False)
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"…{self.hint}" if self.hint else "…"

    def seal(self, text: str) -> None:
        """BadKey if it cannot be one; blanks and line ends around it do not count."""
        text = text.strip()
        if not text or len(text) > LENGTH or not (text.isascii() and text.isprintable()):
            raise BadKey
        self.sealed = secrets.seal(text, str(self.pk))
        self.hint = hint_of(text)

    def text(self) -> str:
        """KeyRingError if the ring no longer opens it."""
        return secrets.unseal(bytes(self.sealed), str(self.pk))
