"""Folders: a name over some chats, and what a new chat in it begins with.

They hold no folders. A list that is narrowed by a folder, a tag and words needs no second level,
each level would cost the sidebar its one glance, and what cannot nest cannot stand in itself.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import UNDO_PERIOD, Conversation, Viewer

NAME_LENGTH = 60


class FolderQuerySet(models.QuerySet["Folder"]):
    def for_user(self, user: Viewer) -> "FolderQuerySet":
        return self.filter(owner_id=user.pk, deleted_at=None)

    def deleted_by(self, user: Viewer) -> "FolderQuerySet":
        return self.filter(owner_id=user.pk, deleted_at__isnull=False)

    def with_news(self) -> "FolderQuerySet":
        """With `has_news`: whether an answer in it ended that nobody has looked at."""
        unseen = Conversation.objects.filter(folder=models.OuterRef("pk")).unseen()
        return self.annotate(has_news=models.Exists(unseen))

    def past_undo(self, now: datetime) -> "FolderQuerySet":
        return self.filter(deleted_at__lt=now - UNDO_PERIOD)


class Folder(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="folders"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    # Both are what a new chat begins with; those that are there keep theirs.
    system_prompt = models.TextField(blank=True)
    model = models.ForeignKey(
        "providers.Model", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Of a deleted one: the chats that it held, which stand in no folder since.
    held = models.JSONField(default=list, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('conversations:list')}?folder={self.pk}"
