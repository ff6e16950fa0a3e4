"""What is being written and not sent yet: one text for each conversation, and one for a new one."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from conversations.models.conversation import Viewer


class DraftQuerySet(models.QuerySet["Draft"]):
    def for_user(self, user: Viewer) -> "DraftQuerySet":
        return self.filter(owner_id=user.pk)


class Draft(models.Model):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    # None is the chat that has not begun.
    conversation = models.ForeignKey(
        "conversations.Conversation",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
    )
    text = models.TextField()
    saved_at = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["owner", "conversation"], name="one_draft_per_chat"),
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(conversation=None),
                name="one_draft_for_a_new_chat",
            ),
        )

    def __str__(self) -> str:
        return f"Draft {self.pk}"
