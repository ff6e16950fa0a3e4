"""A model of a provider: what it is called, what it can do, what it costs, what it refuses."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models.provider import Provider, Source
from providers.ownership import holders

# Before what the administrator orders by hand (0), and after it.
FIRST, LAST = -100, 1000
MOST_WORDS = 8
PER_MILLION = _("Per million tokens. Empty: not known.")


class ModelQuerySet(models.QuerySet["Model"]):
    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> "ModelQuerySet":
        """What the picker offers this user, in the order it offers it."""
        return self.offered().filter(Q(provider__owner=None) | Q(provider__owner__in=holders(user)))

    def offered(self) -> "ModelQuerySet":
        """What anyone at all is offered, in that order; for commands, which have no user."""
        return self.filter(enabled=True, vanished_at=None, provider__enabled=True).order_by(
            "position", "provider__name", "name", "model_id"
        )

    def for_everybody(self) -> "ModelQuerySet":
        """What every user is offered: nothing of a user's own."""
        return self.offered().filter(provider__owner=None)

    def named_like(self, words: str) -> "ModelQuerySet":
        """Whose names, ids and services hold every one of the words, in any case and order."""
        found = self
        for word in words.split()[:MOST_WORDS]:
            named = Q(name__icontains=word) | Q(model_id__icontains=word)
            found = found.filter(named | Q(provider__name__icontains=word))
        return found

    def for_chat(self) -> "ModelQuerySet":
        """Not those that are known to be for something else, such as embeddings."""
        return self.filter(Q(capabilities__chat__isnull=True) | Q(capabilities__chat=True))

    def unpriced(self) -> "ModelQuerySet":
        """Whose calls cost nobody knows what. The embedded model costs nothing."""
        is_unknown = Q(input_price=None) | Q(output_price=None)
        return self.filter(is_unknown).exclude(provider__source=Source.LOCAL)

    @transaction.atomic
    def make_default(self, model: "Model | None") -> None:
        """The one that new chats begin with on this site, as long as it is offered."""
        self.filter(is_default=True).update(is_default=False)
        if model:
            self.filter(pk=model.pk).update(is_default=True)


_PRICE: dict[str, Any] = {
    "max_digits": 14,
    "decimal_places": 6,
    "null": True,
    "blank": True,
    "validators": [MinValueValidator(0)],
    "help_text": PER_MILLION,
}


class PriceSource(models.TextChoices):
    NONE = "", _("not known")
    SERVICE = "service", _("the service's list")
    KNOWN = "known", _("the table of this program")
    ADMIN = "admin", _("entered by hand")


class Model(models.Model):
    """Prices are per million tokens. `capabilities` maps names of `offer.Capabilities` to bools."""

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
    max_output = models.PositiveIntegerField(_("longest answer"), null=True, blank=True)
    capabilities = models.JSONField(default=dict, blank=True, editable=False)
    enabled = models.BooleanField(_("enabled"), default=True)
    by_hand = models.BooleanField(
        _("entered by hand"),
        default=False,
        help_text=_("Stays offered where the service does not list it."),
    )
    is_default = models.BooleanField(_("default"), default=False, editable=False)
    position = models.IntegerField(_("position"), default=0)
    input_price = models.DecimalField(_("input price"), **_PRICE)
    cached_input_price = models.DecimalField(_("cached input price"), **_PRICE)
    output_price = models.DecimalField(_("output price"), **_PRICE)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    price_source = models.CharField(
        _("price from"),
        max_length=8,
        choices=PriceSource.choices,
        default=PriceSource.NONE,
        blank=True,
        editable=False,
    )
    # What an answer's cost depends on besides its tokens: then it is an estimate.
    price_varies = models.BooleanField(default=False, editable=False)
    price_up_to = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # Names of `adaptation.Adaptation`, learnt from refusals: kept by providers.quirks.
    learnt = models.JSONField(default=list, blank=True, editable=False)
    learnt_at = models.DateTimeField(null=True, blank=True, editable=False)
    card = models.JSONField(default=list, blank=True, editable=False)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True, editable=False)
    vanished_at = models.DateTimeField(_("vanished at"), null=True, blank=True, editable=False)

    objects = ModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("models")
        constraints = (
            models.UniqueConstraint(fields=["provider", "model_id"], name="model_of_provider"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_model"
            ),
        )

    def __str__(self) -> str:
        return self.name or self.model_id
