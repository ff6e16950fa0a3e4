"""Upstream services and the models they offer: whose they are, and their sealed keys."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers import secrets
from providers.endpoint import Endpoint, same_host

HINT_LENGTH = 4
PER_MILLION = _("Per million tokens. Empty: not known.")


class Source(models.TextChoices):
    ADMIN = "admin", _("entered by hand")
    ENV = "env", _("from the environment")
    LOCAL = "local", _("embedded")


class ProviderQuerySet(models.QuerySet["Provider"]):
    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> "ProviderQuerySet":
        """Enabled, and either site-wide or this user's own."""
        return self.filter(Q(owner=None) | Q(owner_id=user.pk), enabled=True)


class Provider(models.Model):
    """One service: an address, and the key that was saved for that address and no other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="providers",
        verbose_name=_("owner"),
        help_text=_("Empty: everybody on this site may use it."),
    )
    name = models.CharField(_("name"), max_length=80)
    base_url = models.CharField(_("base URL"), max_length=500)
    sealed_key = models.BinaryField(blank=True, default=b"", editable=False)
    key_hint = models.CharField(max_length=HINT_LENGTH, blank=True, editable=False)
    source = models.CharField(
        _("source"), max_length=8, choices=Source.choices, default=Source.ADMIN, editable=False
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        constraints = (
            models.UniqueConstraint(fields=["owner", "name"], name="provider_name"),
            # For the database no owner is never the same as no owner.
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(owner=None),
                name="provider_name_site_wide",
                violation_error_message=_("There is a provider of this name already."),
            ),
        )

    def __str__(self) -> str:
        return gettext("Local") if self.source == Source.LOCAL else self.name

    def set_key(self, key: str) -> None:
        """Seal a key to this row; '' removes it. ValueError if it cannot stand in a header."""
        key = key.strip()
        if not (key.isascii() and key.isprintable()):
            raise ValueError("the key holds control characters or letters outside ASCII")
        self.sealed_key = secrets.seal(key, str(self.pk)) if key else b""
        # Of a short key the hint would give away too much.
        self.key_hint = key[-HINT_LENGTH:] if len(key) >= 3 * HINT_LENGTH else ""

    def move_to(self, base_url: str) -> None:
        """Change the address; a key never follows to another host."""
        if self.base_url and not same_host(self.base_url, base_url):
            self.set_key("")
        self.base_url = base_url

    def endpoint(self) -> Endpoint:
        """Where it is asked; KeyRingError if its key cannot be opened."""
        sealed = bytes(self.sealed_key)
        key = secrets.unseal(sealed, str(self.pk)) if sealed else ""
        return Endpoint(self.base_url, key, self.name)


class ModelQuerySet(models.QuerySet["Model"]):
    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> "ModelQuerySet":
        """What the picker offers this user, in the order it offers it."""
        return self.offered().filter(Q(provider__owner=None) | Q(provider__owner_id=user.pk))

    def offered(self) -> "ModelQuerySet":
        """What anyone at all is offered, in that order; for commands, which have no user."""
        return self.filter(enabled=True, vanished_at=None, provider__enabled=True).order_by(
            "position", "provider__name", "name", "model_id"
        )


class Model(models.Model):
    """A model of a provider. Prices are per million tokens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(
        Provider,
        on_delete=models.CASCADE,
        related_name="models",
        verbose_name=_("provider"),
    )
    model_id = models.CharField(_("model id"), max_length=255)
    name = models.CharField(_("name"), max_length=255, blank=True)
    context_window = models.PositiveIntegerField(_("context window"), null=True, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    position = models.IntegerField(_("position"), default=0)
    input_price = models.DecimalField(
        _("input price"),
        max_digits=14,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=PER_MILLION,
    )
    output_price = models.DecimalField(
        _("output price"),
        max_digits=14,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=PER_MILLION,
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    vanished_at = models.DateTimeField(_("vanished at"), null=True, blank=True, editable=False)

    objects = ModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("models")
        constraints = (
            models.UniqueConstraint(fields=["provider", "model_id"], name="model_of_provider"),
        )

    def __str__(self) -> str:
        return self.name or self.model_id
