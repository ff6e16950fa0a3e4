"""A preset: who a new chat is with, and how it is asked."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.models.library import Entry, EntryQuerySet
from providers.models import Model

OPENING_LENGTH = 2000


class PresetQuerySet(EntryQuerySet["Preset"]):
    pass


class Preset(Entry):
    """A chat that is begun with it has a copy: later changes here are none there."""

    long = ("system_prompt", "opening")

    letter = models.CharField(_("letter"), max_length=1, blank=True)
    system_prompt = models.TextField(_("system prompt"), blank=True)
    model = models.ForeignKey(
        "providers.Model",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("model"),
    )
    # Still known once the model is not there any more.
    model_label = models.CharField(max_length=255, blank=True, editable=False)
    # By their names on the wire, and only what was set: see providers.parameters.
    parameters = models.JSONField(default=dict, blank=True, editable=False)
    opening = models.TextField(_("opening message"), max_length=OPENING_LENGTH, blank=True)

    objects = PresetQuerySet.as_manager()

    class Meta:
        verbose_name = _("preset")
        verbose_name_plural = _("presets")
        indexes = (models.Index(fields=["owner", "name"], name="presets_by_name"),)

    @property
    def sign(self) -> str:
        """The letter that it has for an icon."""
        return self.letter or self.name[:1].upper()

    @property
    def start_url(self) -> str:
        return f"{reverse('conversations:new')}?preset={self.pk}"

    def ask(self, model: Model | None, parameters: dict[str, Any]) -> None:
        """Whom a chat that begins with it asks, and how; kept with the next `save`."""
        self.model, self.model_label = model, str(model or "")
        self.parameters = parameters
