"""How much of a model's context window a conversation takes: what the composer shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.formats import number_format

from conversations.compared import compared_below, that_goes_on
from conversations.counting import Count, corrected, correction, text_tokens
from conversations.models import Conversation, Message
from conversations.models.message import Role
from conversations.transcript import Mark
from providers.models import Model

THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Gauge:
    """`tokens` is an estimate, None where nobody knows without reading all of the conversation;
    `window` is the model's, None where unknown."""

    conversation_id: UUID
    tokens: int | None
    window: int | None
    model_id: UUID | None = None

    @property
    def url(self) -> str:
        return reverse("conversations:gauge", args=[self.conversation_id])

    @property
    def page_url(self) -> str:
        address = reverse("conversations:context", args=[self.conversation_id])
        return f"{address}?model={self.model_id}" if self.model_id else address

    @property
    def percent(self) -> int | None:
        if self.tokens is None or not self.window:
            return None
        return min(100, round(100 * self.tokens / self.window))

    @property
    def is_nearly_full(self) -> bool:
        """From here on the oldest may be trimmed."""
        return (self.percent or 0) >= 70

    @property
    def short(self) -> str:
        return "" if self.tokens is None else shortened(self.tokens)

    @property
    def short_window(self) -> str:
        return shortened(self.window) if self.window else ""


def shortened(tokens: int) -> str:
    """As it fits beside the composer: 950, 1.2k, 128k."""
    if tokens < THOUSAND:
        return str(tokens)
    places = 1 if tokens < 10 * THOUSAND else 0
    return f"{number_format(tokens / THOUSAND, places)}k"


def gauge_of(
    conversation: Conversation,
    model: Model | None,
    messages: Sequence[Message] = (),
    *,
    is_whole: bool = False,
) -> Gauge:
    """From the last messages of the branch, as a page has read them. `is_whole`: these are all."""
    window = model.context_window if model else None
    picked = model.pk if model and model.pk != conversation.model_id else None
    if conversation.gauged_leaf and conversation.gauged_leaf == conversation.leaf_id:
        return Gauge(conversation.pk, conversation.gauged_tokens, window, picked)
    beside = conversation.system_prompt if is_whole else None
    return Gauge(conversation.pk, _taken(messages, beside), window, picked)


def gauge_at_leaf(conversation: Conversation, model: Model | None) -> Gauge:
    """For a page that has not read the end of the branch."""
    if conversation.leaf_id is None:
        return gauge_of(conversation, model)
    read = list(Message.objects.select_related("generation").filter(pk=conversation.leaf_id))
    if read and read[0].role == Role.USER and (compared := compared_below(read[0].pk)):
        read.append(that_goes_on(compared))
    return gauge_of(conversation, model, read)


def gauge_after(answer: Message) -> Gauge:
    """Once an answer has ended. Its model is there with it."""
    window = answer.model.context_window if answer.model else None
    return Gauge(answer.conversation_id, _taken([answer], None), window)


def _taken(messages: Sequence[Message], system_prompt: str | None) -> int | None:
    """What the last call read, and what was said since."""
    since = 0
    for message in reversed(messages):
        since += text_tokens(message.content) if message.mark != Mark.EXCLUDED else 0
        call = message.generation if message.role == Role.ASSISTANT else None
        if call and call.guessed_tokens:
            counted = call.sent_tokens or call.guessed_tokens
            factor = correction([Count(call.guessed_tokens, counted)])
            return counted + corrected(since, factor)
    if system_prompt is None:
        return None
    return since + (text_tokens(system_prompt) if system_prompt else 0)
