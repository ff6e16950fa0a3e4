"""A run as the terminal tells it: as it comes, as one JSON object, or an error in words."""

import json

from django.utils.translation import ngettext

from conversations.generation.run import Run
from conversations.rendering.live import LiveDocument
from providers.billing import bill
from providers.errors import UpstreamError
from providers.models import Model
from providers.terminal.outputs import write_piece
from providers.terminal.telling import error_as_told
from providers.words import words_of

USAGE = (
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "cached_tokens",
    "reasoning_tokens",
)


class Echo:
    """An answer as it comes. What was shown and turns out to be reasoning stays above."""

    def __init__(self) -> None:
        self._epoch = self._shown = -1

    def show(self, document: LiveDocument) -> None:
        if document.epoch != self._epoch:
            if self._shown > 0:
                write_piece("\n\n")
            self._epoch, self._shown = document.epoch, 0
        text = document.text
        write_piece(text[self._shown :])
        self._shown = len(text)

    def end(self) -> None:
        write_piece("\n")


def as_json(run: Run, model: Model) -> str:
    """The object of `ask --json`: what came, what it cost, and the error or null."""
    billed = bill(model, run.counted, run.order.size, run.received)
    told = {
        "text": run.live.text,
        "reasoning": run.live.reasoning,
        "tool_calls": [run.tool_calls[index].told() for index in sorted(run.tool_calls)],
        "model": model.model_id,
        "provider": model.provider.name,
        "finish_reason": run.finish_reason,
        "usage": {name: getattr(run.usage, name, None) for name in USAGE},
        "cost": f"{billed.amount} {billed.currency}" if billed.amount is not None else None,
        "error": error_as_told(run.error) if run.error else None,
    }
    return json.dumps(told, ensure_ascii=False)


def say_pictures(run: Run) -> str:
    """'' if none came: a terminal shows none."""
    count = len(run.live.pictures)
    told = ngettext(
        "%(count)d image came with the answer. The page of the chat shows it.",
        "%(count)d images came with the answer. The page of the chat shows them.",
        count,
    )
    return told % {"count": count} if count else ""


def say_error(error: UpstreamError) -> str:
    told = words_of(error)
    return f"{told.message} {told.hint}"
