"""What a user wrote while an answer was being written: sent in turn once that is complete."""

import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import UNDO_PERIOD, Viewer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Held(models.TextChoices):
    """Why it is not sent though its turn has come, in the words that stand beside it."""

    EDITING = "editing", _("Being edited. Nothing is sent until it is saved.")
    MODEL = "model", _("Its model is not available any more. Pick one below, then send it.")
    RUNS = "runs", _("As many answers as you may have are being written. It is sent after one.")
    MINUTE = "minute", _("You sent many messages in a short time. It is sent in a moment.")
    DAY = "day", _("You sent as much text as one day allows. It is sent in some hours.")


#: These pass by themselves, and it is tried again at `retry_at`.
LIMITS = (Held.RUNS, Held.MINUTE, Held.DAY)


def queue_stamp(count: int, changed_at: datetime | None) -> str:
    """Another one for each change of a queue; nothing for an empty one."""
    if not changed_at:
        return ""
    return f"{count}.{(changed_at - EPOCH) // timedelta(microseconds=1):x}"


class QueuedMessageQuerySet(models.QuerySet["QueuedMessage"]):
    def of_user(self, user: Viewer) -> "QueuedMessageQuerySet":
        """In conversations that are there."""
        return self.filter(author_id=user.pk, conversation__deleted_at=None)

    def in_turn(self) -> "QueuedMessageQuerySet":
        return self.order_by("created_at", "pk")

    def past_undo(self, now: datetime) -> "QueuedMessageQuerySet":
        return self.filter(deleted_at__lt=now - UNDO_PERIOD)


class _Waiting(models.Manager.from_queryset(QueuedMessageQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> QueuedMessageQuerySet:
        found: QueuedMessageQuerySet = super().get_queryset().filter(deleted_at=None)
        return found


class QueuedMessage(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="queue"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # That of its send: sent twice, by whichever processes, it is one question.
    send_id = models.UUIDField(editable=False)
    text = models.TextField()
    model = models.ForeignKey(
        "providers.Model", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # The answer during which it was written: one in another branch is not what it waits for.
    after = models.UUIDField(editable=False)
    held = models.CharField(max_length=16, choices=Held.choices, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    #: Those that wait; with those that were removed and can come back, `everything`.
    objects = _Waiting()
    everything = QueuedMessageQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["author", "send_id"], name="queued_once_per_send"),
        )

    def __str__(self) -> str:
        return f"Queued {self.pk}"

    @property
    def is_edited(self) -> bool:
        return self.held == Held.EDITING

    def change(self, **fields: object) -> None:
        """Write these fields; the pages that show the queue are to see it."""
        for name, value in {**fields, "changed_at": timezone.now()}.items():
            setattr(self, name, value)
        self.save(update_fields=[*fields, "changed_at"])
