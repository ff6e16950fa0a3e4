"""An upstream service: where it is reached, in whose name, and how long it may take."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers import secrets
from providers.endpoint import Endpoint, Guard, TimeLimits, same_host, split_login, with_login
from providers.models.key import Key
from providers.netguard import guard_allowing
from providers.ordering import Order
from providers.ownership import holders
from providers.presets import preset_for


class Source(models.TextChoices):
    ADMIN = "admin", _("entered by hand")
    ENV = "env", _("from the environment")
    LOCAL = "local", _("embedded")


class RouteOrder(models.TextChoices):
    FASTEST = Order.FASTEST.value, _("the fastest first")
    FIXED = Order.FIXED.value, _("in this order")


class ProviderQuerySet(models.QuerySet["Provider"]):
    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> "ProviderQuerySet":
        """Enabled, and either site-wide or this user's own, while they may have some."""
        return self.filter(Q(owner=None) | Q(owner__in=holders(user)), enabled=True)

    def owned_by(self, user: AbstractBaseUser | AnonymousUser) -> "ProviderQuerySet":
        """This user's own, which nobody else sees or uses."""
        return self.filter(owner_id=user.pk)

    def due(self, now: datetime) -> "ProviderQuerySet":
        """Whose list of models is to be fetched again."""
        is_due = Q(list_due_at=None) | Q(list_due_at__lte=now)
        return self.filter(is_due, enabled=True).exclude(source=Source.LOCAL)


class Provider(models.Model):
    """One service: its addresses, and the keys that were saved for these hosts and no other.

    Several base URLs are interchangeable, and so are several keys: each pair is a route.
    """

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
    preset = models.SlugField(_("service"), max_length=40, blank=True)
    base_url = models.CharField(_("base URL"), max_length=500)
    further_base_urls = models.TextField(
        _("further base URLs"),
        blank=True,
        help_text=_("Of the same service, one a line. They are used when the first one fails."),
    )
    route_order = models.CharField(
        _("order"), max_length=8, choices=RouteOrder.choices, default=RouteOrder.FASTEST
    )
    proxy = models.CharField(
        _("HTTP proxy"),
        max_length=500,
        blank=True,
        help_text=_("For example http://proxy.example:3128. Empty: none."),
    )
    # The proxy's user name and password, sealed as keys are.
    sealed_login = models.BinaryField(default=b"", blank=True, editable=False)
    connect_s = models.PositiveSmallIntegerField(_("to connect"), null=True, blank=True)
    first_byte_s = models.PositiveSmallIntegerField(_("to the first word"), null=True, blank=True)
    idle_s = models.PositiveSmallIntegerField(_("between two words"), null=True, blank=True)
    total_s = models.PositiveIntegerField(_("for a whole answer"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=8, choices=Source.choices, default=Source.ADMIN, editable=False
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    listed_at = models.DateTimeField(_("models fetched"), null=True, blank=True, editable=False)
    # Kept by providers.freshness.
    list_due_at = models.DateTimeField(_("next attempt"), null=True, blank=True, editable=False)
    list_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    list_error = models.JSONField(default=dict, blank=True, editable=False)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        permissions = (("own_provider", _("May add providers of their own")),)
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

    @property
    def base_urls(self) -> list[str]:
        return list(dict.fromkeys([self.base_url, *self.further_base_urls.split()]))

    @property
    def lists_models(self) -> bool:
        """Whether the service's list names what can be asked, as far as is known."""
        preset = preset_for(self.base_url)
        return preset is None or preset.lists_models

    def limits(self) -> TimeLimits:
        told: dict[str, Any] = {
            "connect": self.connect_s,
            "first_byte": self.first_byte_s,
            "idle": self.idle_s,
            "total": self.total_s,
        }
        return TimeLimits(**{name: float(value) for name, value in told.items() if value})

    def set_key(self, text: str) -> None:
        """Make this the only key; '' removes all. BadKey if it cannot be one."""
        key = Key(provider=self)
        if text.strip():
            key.seal(text)
        self.keys.all().delete()
        if key.sealed:
            key.save()

    def add_key(self, text: str) -> None:
        """Put one more beside those that are stored."""
        key = Key(provider=self)
        key.seal(text)
        key.save()

    def move_to(self, base_url: str) -> None:
        """Change the address; no key follows to another host, no lesson to another address."""
        if self.base_url and not same_host(self.base_url, base_url):
            self.keys.all().delete()
        if self.base_url != base_url:
            self.forget_learnt()
        self.base_url = base_url

    def forget_learnt(self) -> None:
        """Another service refuses other things."""
        self.models.update(learnt=[], learnt_at=None)

    def endpoints(self) -> list[Endpoint]:
        """Its routes, base URL by base URL; KeyRingError if a key cannot be opened."""
        keys = [key.text() for key in self.keys.all()] or [""]
        numbers = range(1, len(keys) + 1) if len(keys) > 1 else (0,)
        shared = self.name, self.limits(), self.guard(), with_login(self.proxy, self.proxy_login())
        return [
            Endpoint(base_url, key, *shared, number)
            for base_url in self.base_urls
            for number, key in zip(numbers, keys, strict=True)
        ]

    def set_proxy(self, url: str) -> None:
        """With its login in it, if it is a new one: the one that is stored stays with its host."""
        place, login = split_login(url)
        if login:
            self.seal_login(login)
        elif not same_host(place, self.proxy):
            self.sealed_login = b""
        self.proxy = place

    def seal_login(self, login: str) -> None:
        self.sealed_login = secrets.seal(login, self._login_row)

    def proxy_login(self) -> str:
        """'' for none; KeyRingError if the ring no longer opens it."""
        sealed = bytes(self.sealed_login)
        return secrets.unseal(sealed, self._login_row) if sealed else ""

    @property
    def _login_row(self) -> str:
        return f"proxy of {self.pk}"

    def guard(self) -> Guard | None:
        """What binds a user's own provider; administrators answer for theirs."""
        if self.owner_id is None:
            return None
        return guard_allowing(settings.ALLOWED_PRIVATE_UPSTREAMS)
