"""One call of a model beside a conversation: never a hidden one."""

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from django.db import Error, transaction

from conversations.generation import store
from conversations.models import Charge, Conversation
from providers.adaptation import Adaptation
from providers.completion import collect
from providers.errors import ErrorKind, UpstreamError
from providers.events import Event, ReasoningDelta, TextDelta
from providers.failover import stream_chat
from providers.labels import route_label
from providers.ledger import Entry, enter
from providers.messages import ChatRequest, Message
from providers.models import Kind, Model
from providers.quirks import known_of, learn
from providers.routes import Routes, resolve
from providers.routing_events import Answered, Rerouted, RoutedEvent

logger = logging.getLogger(__name__)

MOST_S = 300.0
# Thoughts included; what goes on after that is a service that has lost its way.
MOST_BYTES = 400_000


@dataclass(frozen=True, slots=True)
class Question:
    """Read once from the database; who asks it needs the rows no more."""

    user_id: int
    conversation_id: UUID
    model: Model
    routes: Routes
    request: ChatRequest

    @property
    def size(self) -> int:
        """What is sent, in bytes of text."""
        return sum(len(message.text.encode()) for message in self.request.messages)


def question_to(
    model: Model, conversation: Conversation, messages: tuple[Message, ...]
) -> Question:
    """Without the parameters of the chat, which are for its answers."""
    request = ChatRequest(model.model_id, messages, known=known_of(model))
    return Question(conversation.owner_id, conversation.pk, model, Routes.to(model), request)


async def ask(question: Question) -> str:
    """What the model says; UpstreamError if that is nothing, or did not come whole. However it
    ends, it is entered: in the ledger, and in what the conversation has cost."""
    entry = Entry(Kind.CHAT, question.model.model_id, question.size)
    heard: list[Event] = []
    try:
        with entry:
            await _listen(question, entry, heard)
    finally:
        answer = collect(heard)
        entry.usage = answer.usage
        await _enter(question, entry, answer.learnt)
    if not answer.text.strip():
        raise UpstreamError(ErrorKind.PROTOCOL, "no text")
    return answer.text


async def _listen(question: Question, entry: Entry, heard: list[Event]) -> None:
    try:
        async with asyncio.timeout(MOST_S):
            endpoints = await resolve(question.routes)
            entry.route = route_label(endpoints[0]) if len(endpoints) == 1 else ""
            asked = stream_chat(endpoints, question.request, question.routes.policy)
            async with aclosing(asked) as events:
                async for event in events:
                    _hear(event, entry, heard)
    except TimeoutError:
        raise UpstreamError(ErrorKind.TIMEOUT, f"not whole after {MOST_S:.0f} s") from None


def _hear(event: RoutedEvent, entry: Entry, heard: list[Event]) -> None:
    if isinstance(event, Answered):
        entry.route = event.route
    elif isinstance(event, Rerouted):
        entry.route = event.next
    else:
        heard.append(event)
    if isinstance(event, TextDelta | ReasoningDelta):
        entry.write(event.text)
        if (entry.received or 0) > MOST_BYTES:
            raise UpstreamError(ErrorKind.PROTOCOL, f"more than {MOST_BYTES} bytes")


async def _enter(question: Question, entry: Entry, learnt: tuple[Adaptation, ...]) -> None:
    try:
        await store.writing(_entered, question, entry, learnt)
    except Error:
        logger.exception("a call beside conversation %s is not entered", question.conversation_id)


@transaction.atomic
def _entered(question: Question, entry: Entry, learnt: tuple[Adaptation, ...]) -> None:
    call = enter(question.user_id, question.model, entry)
    # It may have been purged meanwhile; the ledger keeps its row.
    if Conversation.objects.filter(pk=question.conversation_id).exists():
        Charge.objects.create(conversation_id=question.conversation_id, call=call)
    learn(question.model, learnt)
