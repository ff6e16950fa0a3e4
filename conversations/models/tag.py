"""Tags: words that a user puts on chats to find them together."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import Viewer

NAME_LENGTH = 40
# Of one character, at most, by `fold`: U+FDFA is a whole sentence.
MOST_FOLDED = 18


class TagQuerySet(models.QuerySet["Tag"]):
    def for_user(self, user: Viewer) -> "TagQuerySet":
        return self.filter(owner_id=user.pk)


class Tag(models.Model):
    """`folded` is its name without case, accents and widths: nobody has two that differ in these
    alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tags"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    folded = models.CharField(max_length=MOST_FOLDED * NAME_LENGTH, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("folded",)
        constraints = (models.UniqueConstraint(fields=["owner", "folded"], name="one_tag_a_name"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('conversations:list')}?tag={self.pk}"
