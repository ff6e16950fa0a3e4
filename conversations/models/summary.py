"""What stands for the beginning of a conversation once that does not fit any more: the text of a
summary, and the message up to which it reaches.

asked ──► making ──► made
  ▲          └─────► failed
  └──────────────────┘
"""

import uuid
from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.utils import timezone

from conversations.models.conversation import moment_stamp

LONGEST = 20_000
# Renewed while it is being made. A clock that is wrong could at worst have a summary made twice, of
# which one is kept.
LEASE = timedelta(seconds=40)


class Cause(StrEnum):
    """Why it failed where no service said so. The values are stored, beside those of ErrorKind."""

    LIMIT = "limit"
    MODEL = "model"
    INTERRUPTED = "interrupted"


class SummaryState(models.TextChoices):
    ASKED = "asked"
    MAKING = "making"
    MADE = "made"
    FAILED = "failed"


class SummaryQuerySet(models.QuerySet["Summary"]):
    def made(self) -> "SummaryQuerySet":
        return self.filter(state=SummaryState.MADE)

    def being_made(self) -> "SummaryQuerySet":
        return self.filter(state=SummaryState.MAKING, lease_until__gte=timezone.now())

    def ended_without(self) -> "SummaryQuerySet":
        """Those that failed, or whose process has gone."""
        is_left = models.Q(state=SummaryState.MAKING, lease_until__lt=timezone.now())
        return self.filter(is_left | models.Q(state=SummaryState.FAILED))


class Summary(models.Model):
    """`error` is why it failed: one of ErrorKind, or of Cause."""

    message = models.OneToOneField(
        "conversations.Message", on_delete=models.CASCADE, primary_key=True, related_name="summary"
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="summaries"
    )
    state = models.CharField(
        max_length=8, choices=SummaryState.choices, default=SummaryState.MAKING
    )
    text = models.TextField(blank=True)
    is_edited = models.BooleanField(default=False)
    model_name = models.CharField(max_length=255, blank=True)
    error = models.CharField(max_length=32, blank=True)
    # Of who makes it: nobody else may store its text.
    claim = models.UUIDField(default=uuid.uuid4, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SummaryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Summary up to {self.pk}"

    @property
    def stamp(self) -> str:
        return moment_stamp(self.changed_at)

    @property
    def is_left(self) -> bool:
        """Whether whoever made it has gone."""
        is_making = self.state == SummaryState.MAKING
        return is_making and (self.lease_until is None or self.lease_until < timezone.now())
