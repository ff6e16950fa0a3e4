"""People, what the site remembers of attempts to come in, and what it tells everybody."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Someone who signs in. The site's own from the first migration on, so that it can grow."""

    # What differs from what the site begins with, by name: see preferences.shortcuts.
    shortcuts = models.JSONField(
        _("shortcuts"), default=dict, db_default={}, blank=True, editable=False
    )

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


class SignupRequest(models.Model):
    """Somebody asks for an account. No user is made before an administrator agrees, so that a name
    that is taken is told to administrators alone. `password` is its hash, as a user has it."""

    username = models.CharField(_("username"), max_length=150)
    password = models.CharField(max_length=128, editable=False)
    note = models.TextField(_("about themselves"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("sign-up request")
        verbose_name_plural = _("sign-up requests")

    def __str__(self) -> str:
        return self.username


class Level(models.TextChoices):
    NOTE = "note", _("note")
    WARNING = "warning", _("warning")


class Announcement(models.Model):
    """What stands at the head of every page for a time, until its reader closes it."""

    text = models.CharField(_("text"), max_length=300)
    text_zh = models.CharField(
        _("text in Chinese"),
        max_length=300,
        blank=True,
        help_text=_("Empty: the text above, in every language."),
    )
    level = models.CharField(_("level"), max_length=8, choices=Level.choices, default=Level.NOTE)
    begins_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until it is deleted.")
    )

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return self.text

    def is_due(self, now: datetime) -> bool:
        return self.begins_at <= now and (self.ends_at is None or now < self.ends_at)

    def told_in(self, language: str) -> str:
        return self.text_zh if language.startswith("zh") and self.text_zh else self.text


class Suggestions(models.Model):
    """What an empty chat proposes, a line each: one row for the whole site, or none as long as
    nobody has changed what comes with it."""

    text = models.TextField(
        _("suggestions"),
        max_length=1000,
        blank=True,
        help_text=_(
            "One to a line, up to four. Empty: an empty chat suggests nothing. "
            "Delete all of this, and the site's own come back."
        ),
    )
    text_zh = models.TextField(
        _("suggestions in Chinese"),
        max_length=1000,
        blank=True,
        help_text=_("Empty: the text above, in every language."),
    )

    class Meta:
        verbose_name = _("suggestions")
        verbose_name_plural = _("suggestions")

    def __str__(self) -> str:
        return ", ".join(self.text.splitlines()) or str(_("none"))

    def lines_in(self, language: str) -> list[str]:
        is_chinese = language.startswith("zh") and self.text_zh
        return (self.text_zh if is_chinese else self.text).splitlines()
