"""Shared conversations: a copy of a branch as it was, at an address that nobody can guess."""

import secrets
import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import TITLE_LENGTH, Conversation, Viewer
from conversations.models.message import Role
from conversations.models.picture import Image, ImageManager

TOKEN_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


class ShareQuerySet(models.QuerySet["Share"]):
    def for_user(self, user: Viewer) -> "ShareQuerySet":
        """Those that this user made, also expired ones; none of a deleted conversation."""
        return self.filter(conversation__in=Conversation.objects.for_user(user))

    def readable(self, now: datetime) -> "ShareQuerySet":
        """By whoever has the address: until it ends, its conversation is deleted, or its owner
        may not come in any more."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            conversation__deleted_at=None,
            conversation__owner__is_active=True,
        )


class Share(models.Model):
    """To revoke it is to delete it: nothing is left that an error could show."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="shares")
    # As it is and not as a hash: its owner is shown it again, to hand it on. It opens nothing but
    # the copy below, which whoever reads this table has before them.
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    title = models.CharField(max_length=TITLE_LENGTH)
    # As it was when the owner chose to give it; else ''.
    author_name = models.CharField(max_length=150, blank=True)
    # A hash; '' lets everybody in who has the address.
    password = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Of its messages, so that a list need not count them.
    length = models.PositiveIntegerField(default=0)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared chat")
        verbose_name_plural = _("shared chats")

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("shared", args=[self.token])

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class SharedMessage(models.Model):
    """The `number`th message of the copy. No thoughts: they tell of the system prompt."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    role = models.CharField(max_length=16, choices=Role.choices)
    content = models.TextField(blank=True)
    html = models.TextField(blank=True)
    html_version = models.PositiveSmallIntegerField(default=0)
    model_name = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["share", "number"], name="message_of_share"),
        )

    def __str__(self) -> str:
        return f"{self.share_id} {self.number}"


class SharedPicture(Image):
    message = models.ForeignKey(SharedMessage, on_delete=models.CASCADE, related_name="pictures")

    objects = ImageManager()

    class Meta(Image.Meta):
        constraints = (
            models.UniqueConstraint(fields=["message", "number"], name="picture_of_shared"),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.number}"
