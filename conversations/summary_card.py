"""A summary as the thread shows it, under the message up to which it reaches."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.models import Message, Summary
from conversations.models.summary import Cause, SummaryState
from providers.errors import ErrorKind
from providers.words import words

_CAUSES = {
    Cause.LIMIT: _("You sent as much text as one day allows."),
    Cause.MODEL: _("The model for it is not available. Pick another one under What will be sent."),
    Cause.INTERRUPTED: _("The server was interrupted."),
}


@dataclass(frozen=True, slots=True)
class SummaryCard:
    """`failure` is in words, empty unless it failed."""

    message_id: UUID
    dom_id: str
    state: str
    stamp: str
    text: str = ""
    model_name: str = ""
    is_edited: bool = False
    failure: Promise | str = ""

    @property
    def is_made(self) -> bool:
        return self.state == SummaryState.MADE

    @property
    def address(self) -> str:
        return reverse("conversations:summary", args=[self.message_id])


def card_of(message: Message) -> SummaryCard | None:
    """Of a message that was read together with its summary; None for one that has none."""
    summary: Summary | None = message._state.fields_cache.get("summary")
    return card_with(message, summary) if summary else None


def card_with(message: Message, summary: Summary) -> SummaryCard:
    has_failed = summary.is_left or summary.state == SummaryState.FAILED
    return SummaryCard(
        message.pk,
        f"{message.dom_id}-summary",
        SummaryState.FAILED if has_failed else summary.state,
        summary.stamp,
        text=summary.text,
        model_name=summary.model_name,
        is_edited=summary.is_edited,
        failure=_failure(summary.error or Cause.INTERRUPTED) if has_failed else "",
    )


def _failure(error: str) -> Promise:
    if error in set(Cause):
        return _CAUSES[Cause(error)]
    return words(ErrorKind(error)).message
