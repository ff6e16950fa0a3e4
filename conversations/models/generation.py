"""The run behind an answer: who writes it, how far it is, how it ended.

running ──► complete      the service finished
        ├─► stopped       the user pressed Stop
        ├─► interrupted   the process that wrote it went away
        └─► failed        the service or the way to it failed

Each end is final, but for Continue: an answer that ended before it was finished runs again, once.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.models.call import Basis

# How far ahead a run's process dates its lease each time that it renews it. Others look whether
# it moves, see `generation.recovery`; they do not ask a clock of theirs whether it has passed.
LEASE = timedelta(seconds=10)


class State(models.TextChoices):
    RUNNING = "running", _("Writing")
    COMPLETE = "complete", _("Complete")
    STOPPED = "stopped", _("Stopped")
    INTERRUPTED = "interrupted", _("Interrupted")
    FAILED = "failed", _("Failed")


MOVES: dict[State, frozenset[State]] = {
    State.RUNNING: frozenset({State.COMPLETE, State.STOPPED, State.INTERRUPTED, State.FAILED}),
    State.COMPLETE: frozenset(),
    State.STOPPED: frozenset(),
    State.INTERRUPTED: frozenset(),
    State.FAILED: frozenset(),
}


# How services name an answer that came to the end of its allowed length.
LENGTH_REASONS = ("length", "max_tokens", "MAX_TOKENS", "max_output_tokens")
UNFINISHED = (State.STOPPED, State.INTERRUPTED, State.FAILED)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def run_stamp(started_at: datetime, state: str) -> str:
    """Another one for each run of an answer, and another for its end."""
    return f"{(started_at - EPOCH) // timedelta(microseconds=1):x}.{state}"


class GenerationQuerySet(models.QuerySet["Generation"]):
    def running(self) -> "GenerationQuerySet":
        return self.filter(state=State.RUNNING)

    def owned_by(self, runner: str) -> "GenerationQuerySet":
        return self.running().filter(runner=runner)

    def owned_by_user(self, user_id: int) -> "GenerationQuerySet":
        """For few rows, such as those that run: the sum keeps the database from starting with
        all conversations of the user."""
        owner = models.F("message__conversation__owner_id") + 0
        return self.alias(owner=owner).filter(owner=user_id)

    def unfinished(self) -> "GenerationQuerySet":
        """Those that ended before their answer was whole."""
        is_cut = models.Q(state=State.COMPLETE, finish_reason__in=LENGTH_REASONS)
        return self.filter(models.Q(state__in=UNFINISHED) | is_cut)

    def move(self, to: State, **fields: Any) -> int:
        """Move what may move to `to`; the count tells who won when two try at once."""
        sources = [state for state, targets in MOVES.items() if to in targets]
        fields = {"ended_at": timezone.now(), **fields}
        return self.filter(state__in=sources).update(state=to, **fields)


class Generation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.OneToOneField(
        "conversations.Message", on_delete=models.CASCADE, related_name="generation"
    )
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.RUNNING
    )
    runner = models.CharField(max_length=64)
    lease_until = models.DateTimeField()
    stop_requested_at = models.DateTimeField(null=True, blank=True)

    error_kind = models.CharField(_("error"), max_length=32, blank=True)
    error_detail = models.TextField(_("what the service said"), blank=True)
    # Of an error by which the base URL shows to be wrong: the fields of `WrongBase`, and `is_own`.
    wrong_base = models.JSONField(default=dict, blank=True, editable=False)
    finish_reason = models.CharField(_("reason for the end"), max_length=64, blank=True)

    prompt_tokens = models.PositiveIntegerField(_("tokens read"), null=True, blank=True)
    completion_tokens = models.PositiveIntegerField(_("tokens written"), null=True, blank=True)
    cached_tokens = models.PositiveIntegerField(null=True, blank=True)
    reasoning_tokens = models.PositiveIntegerField(null=True, blank=True)
    cost = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    tokens_basis = models.CharField(max_length=16, choices=Basis.choices, default=Basis.UNKNOWN)
    cost_basis = models.CharField(max_length=16, choices=Basis.choices, default=Basis.UNKNOWN)
    # Of the last call: what its request was guessed to hold, and what the service counted.
    guessed_tokens = models.PositiveIntegerField(null=True, blank=True, editable=False)
    sent_tokens = models.PositiveIntegerField(null=True, blank=True, editable=False)
    route = models.CharField(_("route"), max_length=255, blank=True)
    # Of each route that failed before: its label, the kind of its error, what the service said.
    tried = models.JSONField(default=list, blank=True)

    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    first_token_at = models.DateTimeField(_("first token at"), null=True, blank=True)
    # Of an answer with reasoning: when its text began.
    thought_until = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        indexes = (
            models.Index(
                fields=["runner", "lease_until"],
                condition=models.Q(state=State.RUNNING),
                name="running",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.pk}"

    def move(self, to: State, **fields: Any) -> bool:
        """Move this row, and this object with it; False if it had been moved before, or was
        claimed again since."""
        fields["ended_at"] = timezone.now()
        same = Generation.objects.filter(pk=self.pk, runner=self.runner, started_at=self.started_at)
        if not same.move(to, **fields):
            return False
        self._take({"state": to, **fields})
        return True

    def resume(self, runner: str) -> bool:
        """Run again, for the rest of the answer; False if it is whole, or somebody was faster.

        Its times move on by the pause, so that what they tell is the time of writing.
        """
        now = timezone.now()
        pause = now - (self.ended_at or now)
        first, thought = self.first_token_at, self.thought_until
        fields = {
            "state": State.RUNNING,
            "runner": runner,
            "lease_until": now + LEASE,
            "stop_requested_at": None,
            "started_at": self.started_at + pause,
            "first_token_at": first + pause if first else None,
            "thought_until": thought + pause if thought else None,
            "ended_at": None,
            "error_kind": "",
            "error_detail": "",
            "finish_reason": "",
        }
        if not Generation.objects.filter(pk=self.pk).unfinished().update(**fields):
            return False
        self._take(fields)
        return True

    @property
    def stamp(self) -> str:
        return run_stamp(self.started_at, self.state)

    def _take(self, fields: dict[str, Any]) -> None:
        for name, value in fields.items():
            setattr(self, name, value)

    @property
    def is_unfinished(self) -> bool:
        """As `unfinished` says it of rows."""
        return self.state in UNFINISHED or self.is_cut

    @property
    def is_cut(self) -> bool:
        """Whether the answer came to the end of its allowed length."""
        return self.state == State.COMPLETE and self.finish_reason in LENGTH_REASONS

    @property
    def tokens_per_second(self) -> float | None:
        """From the first word on: what came before was reading and waiting."""
        if not (self.ended_at and self.first_token_at and self.completion_tokens):
            return None
        seconds = (self.ended_at - self.first_token_at).total_seconds()
        return self.completion_tokens / seconds if seconds > 0.2 else None

    @property
    def seconds(self) -> float | None:
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None
