"""A saved prompt: a text to write again, with gaps that are filled in each time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.gaps import gaps_in
from conversations.models.library import Entry, EntryQuerySet


class PromptQuerySet(EntryQuerySet["Prompt"]):
    pass


class Prompt(Entry):
    text = models.TextField(_("text"))

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved prompt")
        verbose_name_plural = _("saved prompts")
        indexes = (models.Index(fields=["owner", "name"], name="prompts_by_name"),)

    @property
    def gaps(self) -> list[str]:
        return gaps_in(self.text)
