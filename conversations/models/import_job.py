"""A file of conversations that is being taken in, and where those that came by files are from.

waiting ──► running ──► done          to the end of the file
   ▲           ├──────► stopped       the user pressed Stop
   │           ├──────► interrupted   the process that read it went away
   │           └──────► failed        the file, or the way to the database
   └── each of the last three, for as long as the file is kept
"""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import Viewer
from conversations.models.generation import LEASE

# For as long as it can be tried again.
KEPT_FOR = timedelta(days=1)


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Importing")
    DONE = "done", _("Finished")
    STOPPED = "stopped", _("Stopped")
    INTERRUPTED = "interrupted", _("Interrupted")
    FAILED = "failed", _("Failed")


OPEN = frozenset({JobState.WAITING, JobState.RUNNING})
AGAIN = frozenset({JobState.STOPPED, JobState.INTERRUPTED, JobState.FAILED})
MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.WAITING: frozenset({JobState.RUNNING, JobState.STOPPED}),
    JobState.RUNNING: frozenset({JobState.DONE, *AGAIN}),
    JobState.DONE: frozenset(),
    **dict.fromkeys(AGAIN, frozenset({JobState.WAITING})),
}


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def for_user(self, user: Viewer) -> "ImportJobQuerySet":
        return self.filter(owner_id=user.pk)

    def open(self) -> "ImportJobQuerySet":
        return self.filter(state__in=OPEN)

    def over(self) -> "ImportJobQuerySet":
        return self.exclude(state__in=OPEN)

    def running(self) -> "ImportJobQuerySet":
        return self.filter(state=JobState.RUNNING)

    def move(self, to: JobState, **fields: Any) -> int:
        """Move what may move to `to`; the count tells who won when two try at once."""
        sources = [state for state, targets in MOVES.items() if to in targets]
        return self.filter(state__in=sources).update(state=to, **fields)


class ImportJob(models.Model):
    """Counts are of conversations but for `messages`; `read` and `size` in bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports"
    )
    name = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=16, choices=JobState.choices, default=JobState.WAITING)
    # One of importing.values.Fault.
    fault = models.CharField(max_length=32, blank=True)
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    # The first so many lines, as lists of a Note's fields; and how many more there were.
    notes = models.JSONField(default=list, blank=True)
    more_notes = models.PositiveIntegerField(default=0)
    runner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["owner", "-created_at"], name="imports_of_user"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=("waiting", "running")),
                name="open_imports",
            ),
        )

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def path(self) -> Path:
        return Path(settings.IMPORT_DIR) / f"{self.pk}.import"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def may_go_on(self) -> bool:
        """Whether it can be tried again, as far as the file goes."""
        return self.state in AGAIN and self.path.exists()

    @property
    def percent(self) -> int:
        return min(100, self.read * 100 // self.size) if self.size else 0

    def claim(self, runner: str) -> bool:
        """As this process's own; False if another was faster."""
        begun = {"runner": runner, "lease_until": timezone.now() + LEASE, "read": 0}
        fields = {**begun, "taken": 0, "known": 0, "refused": 0, "messages": 0}
        told = {"notes": [], "more_notes": 0, "fault": "", "ended_at": None}
        mine = ImportJob.objects.filter(pk=self.pk)
        return bool(mine.move(JobState.RUNNING, **fields, **told))


class ImportedSource(models.Model):
    """So that the same file twice makes no second copy. `key` as importing.values.Source has it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=300)
    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="imported_from"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["owner", "key"], name="one_copy_of_each_source"),
        )

    def __str__(self) -> str:
        return self.key
