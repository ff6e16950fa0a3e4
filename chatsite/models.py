"""People, and what the site remembers of attempts to come in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Someone who signs in. The site's own from the first migration on, so that it can grow."""

    # What differs from what the site begins with, by name: see preferences.shortcuts.
    shortcuts = models.JSONField(_("shortcuts"), default=dict, blank=True, editable=False)

    @classmethod
    def has_administrator(cls) -> bool:
        """Whether the site is set up. The terminal's own user does not count: it cannot sign in."""
        return cls.objects.filter(is_superuser=True).exists()


class FirstAccount(models.Model):
    """The account that set-up made. Its row always has the same key, so that of two set-ups at
    once the database itself refuses one."""

    user = models.OneToOneField(User, on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("first account")
        verbose_name_plural = _("first accounts")

    def __str__(self) -> str:
        return str(self.user)


class LoginAttempt(models.Model):
    """A log-in that was tried and has not succeeded. Both columns are fingerprints: people type
    passwords into the wrong field, and addresses are nobody's to read here."""

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("log-in attempt")
        verbose_name_plural = _("log-in attempts")
        indexes = [  # noqa: RUF012 - Django's own way
            models.Index(fields=["account", "created_at"]),
            models.Index(fields=["address", "created_at"]),
            models.Index(fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return f"attempt at {self.created_at}"
