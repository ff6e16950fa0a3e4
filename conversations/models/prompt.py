"""A saved prompt: a text to write again, with gaps that are filled in each time."""

from typing import Self

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from conversations.gaps import GAP, gaps_in
from conversations.models.library import Entry, EntryQuerySet


class PromptQuerySet(EntryQuerySet["Prompt"]):
    def listed(self) -> Self:
        has_gaps = ExpressionWrapper(Q(text__regex=GAP), output_field=BooleanField())
        return super().listed().annotate(has_gaps=has_gaps)


class Prompt(Entry):
    long = ("text",)

    text = models.TextField(_("text"))

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved prompt")
        verbose_name_plural = _("saved prompts")
        indexes = (models.Index(fields=["owner", "name"], name="prompts_by_name"),)

    @cached_property
    def has_gaps(self) -> bool:
        return bool(gaps_in(self.text))
