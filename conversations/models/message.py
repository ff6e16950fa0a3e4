"""Messages: rows that form a tree by `parent`; a branch is the path from a leaf to its root."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import UNDO_PERIOD, Conversation, Viewer


class Role(models.TextChoices):
    USER = "user", _("You")
    ASSISTANT = "assistant", _("Assistant")


class MessageQuerySet(models.QuerySet["Message"]):
    def for_user(self, user: Viewer) -> "MessageQuerySet":
        return self.kept().filter(conversation__in=Conversation.objects.for_user(user))

    def deleted_by(self, user: Viewer, now: datetime) -> "MessageQuerySet":
        """Those that can be taken back, of conversations that are there."""
        due = self.filter(deleted_at__gte=now - UNDO_PERIOD)
        return due.filter(conversation__in=Conversation.objects.for_user(user))

    def kept(self) -> "MessageQuerySet":
        return self.filter(deleted_at=None)

    def past_undo(self, now: datetime) -> "MessageQuerySet":
        return self.filter(deleted_at__lt=now - UNDO_PERIOD)


class Message(models.Model):
    """A question or an answer. Its text is what the page shows and what the service is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="messages"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    role = models.CharField(max_length=16, choices=Role.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    # The page invents it; the same id twice is the same send, whatever delivered it twice.
    send_id = models.UUIDField(null=True, blank=True, editable=False)
    content = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)
    # The finished answer as it was shown, so that opening a long conversation renders nothing.
    html = models.TextField(blank=True, editable=False)
    html_version = models.PositiveSmallIntegerField(default=0, editable=False)
    model = models.ForeignKey(
        "providers.Model", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    model_name = models.CharField(max_length=255, blank=True)
    # One of transcript.Mark: whether it is sent whatever else is, or never.
    mark = models.CharField(max_length=8, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # One time for all that was deleted at once: the message and what followed it.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Where this version's branch ended when another version came into view, or when it was
    # deleted. No foreign key: a leaf that is gone is as good as none.
    last_leaf = models.UUIDField(null=True, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = (
            models.UniqueConstraint(fields=["author", "send_id"], name="one_message_per_send"),
        )
        indexes = (
            models.Index(
                fields=["deleted_at", "id"],
                condition=models.Q(deleted_at__isnull=False),
                name="deleted_messages",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.pk}"

    @property
    def dom_id(self) -> str:
        """The element's id: a question keeps the one that the page gave it before it was stored."""
        return f"m-{self.send_id or self.pk}"

    def keep(self, **fields: Any) -> None:
        """Write some fields of the row and of this object, and nothing else of either."""
        Message.objects.filter(pk=self.pk).update(**fields)
        for name, value in fields.items():
            setattr(self, name, value)
