"""Entering what was called; what a chat calls is entered with the end of its answer."""

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from providers.billing import bill
from providers.errors import UpstreamError
from providers.events import Completion, Usage
from providers.models import Call, Kind, Model, Outcome


@dataclass(slots=True)
class Entry:
    """A call, timed as a context manager; however that is left, it can be entered.

    `sent` and `received` are bytes of text, for what the service does not count; `received` is None
    where nothing that could be estimated came.
    """

    kind: Kind
    model_id: str
    sent: int = 0
    received: int | None = None
    usage: Usage | None = None
    route: str = ""
    # Unless it ends: whoever asked has left.
    outcome: Outcome = Outcome.STOPPED
    error_kind: str = ""
    first_token_s: float | None = None
    seconds: float = 0.0
    _began: float = field(default=0.0, repr=False)

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        return self

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        self.seconds = time.monotonic() - self._began
        if error is None:
            self.outcome = Outcome.COMPLETE
        elif isinstance(error, UpstreamError):
            self.outcome, self.error_kind = Outcome.FAILED, error.kind

    def write(self, text: str) -> None:
        """Some text of the answer came."""
        if self.first_token_s is None:
            self.first_token_s = time.monotonic() - self._began
        self.received = (self.received or 0) + len(text.encode())

    def answer(self, answer: Completion) -> None:
        """The answer came, whole."""
        calls = "".join(call.name + call.arguments for call in answer.tool_calls)
        size = len((answer.text + answer.reasoning + calls).encode())
        self.usage, self.received = answer.usage, size or None


def enter(user_id: int | None, model: Model | None, entry: Entry) -> Call:
    return Call.objects.create(
        user_id=user_id,
        # A model that no list has is in no table.
        model=None if model is None or model._state.adding else model,
        model_name=(str(model) if model else entry.model_id)[:255],
        route=entry.route[:255],
        kind=entry.kind,
        outcome=entry.outcome,
        error_kind=entry.error_kind,
        first_token_s=entry.first_token_s,
        seconds=entry.seconds,
        **bill(model, entry.usage, entry.sent, entry.received).figures(),
    )
