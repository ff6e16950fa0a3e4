"""How much of a model's context window a conversation takes: what the composer shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.formats import number_format

from conversations.branch import branch_page
from conversations.compared import compared_below, that_goes_on
from conversations.counting import Count, corrected, correction, text_tokens
from conversations.models import Conversation, Message
from conversations.models.message import Role
from conversations.transcript import Mark
from providers.models import Model

THOUSAND = 1000

# Up to which message it is known what is read, and how many tokens that is.
Known = tuple[UUID | None, int | None]


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
    end = messages[-1].pk if messages else conversation.leaf_id
    if conversation.gauged_leaf and conversation.gauged_leaf == end:
        return Gauge(conversation.pk, conversation.gauged_tokens, window, picked)
    beside = conversation.system_prompt if is_whole else None
    known = (conversation.gauged_leaf, conversation.gauged_tokens)
    return Gauge(conversation.pk, _taken(messages, beside, known), window, picked)


def gauge_at_leaf(conversation: Conversation, model: Model | None) -> Gauge | None:
    """For a page that has not read the end of the branch; None for one without a message."""
    if conversation.leaf_id is None:
        return None
    read = list(Message.objects.select_related("generation").filter(pk=conversation.leaf_id))
    gauge = gauge_of(conversation, model, _with_its_end(read))
    return gauge_of_branch(conversation, model) if gauge.tokens is None else gauge


def gauge_of_branch(conversation: Conversation, model: Model | None) -> Gauge:
    """From as much of it as a page shows."""
    messages, earlier = branch_page(conversation)
    return gauge_of(conversation, model, _with_its_end(messages), is_whole=earlier is None)


def gauge_after(answer: Message) -> Gauge:
    """Once an answer has ended. Its model is there with it."""
    window = answer.model.context_window if answer.model else None
    found = Conversation.objects.filter(pk=answer.conversation_id)
    known = found.values_list("gauged_leaf", "gauged_tokens").first() or (None, None)
    return Gauge(answer.conversation_id, _taken([answer], None, known), window)


def where_picked(model_id: UUID | None, page: str = ":root") -> tuple[str, str]:
    """Selectors of the gauge: on a page that has this model picked, and on one that has another."""
    has = f":has(#model option:checked[value='{model_id}'])"
    return f"{page}{has} #gauge", f"{page}:not({has}) #gauge"


def _with_its_end(messages: list[Message]) -> list[Message]:
    """Of answers that are compared the one that goes on is read as the last."""
    last = messages[-1] if messages else None
    compared = compared_below(last.pk) if last and last.role == Role.USER else []
    return [*messages, that_goes_on(compared)] if compared else messages


def _taken(messages: Sequence[Message], system_prompt: str | None, known: Known) -> int | None:
    """What the last call read, and what was said since."""
    known_to, known_tokens = known
    since = 0
    for message in reversed(messages):
        since += text_tokens(message.content) if message.mark != Mark.EXCLUDED else 0
        call = message.generation if message.role == Role.ASSISTANT else None
        if call and call.guessed_tokens:
            counted = call.sent_tokens or call.guessed_tokens
            factor = correction([Count(call.guessed_tokens, counted)])
            if known_to and known_to == message.parent_id:
                # The call of one that was continued read its beginning too.
                counted = known_tokens or 0
            return counted + corrected(since, factor)
    if system_prompt is None:
        return None
    return since + (text_tokens(system_prompt) if system_prompt else 0)
