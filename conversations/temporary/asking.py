"""A turn of a temporary chat: the limits and the rules for what is sent are those of any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from conversations.generation import unstored
from conversations.generation.order import Order
from conversations.generation.run import Run
from conversations.limits import check_asking, check_running, check_sending, running_answers_of
from conversations.models import Generation, Message
from conversations.models.message import Role
from conversations.temporary.forms import Said
from conversations.transcript import Line, Policy, assemble
from providers.messages import ChatRequest
from providers.models import Model
from providers.quirks import known_of
from providers.routes import Routes


@dataclass(frozen=True, slots=True)
class Asked:
    """`before` is all that was said until now, as the page has it."""

    text: str
    model: Model
    send_id: UUID
    before: Sequence[Said] = ()
    system_prompt: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def question(self) -> Message:
        """As its row would be."""
        return Message(role=Role.USER, send_id=self.send_id, content=self.text)


def claim(user_id: int, asked: Asked) -> Run:
    """The run of its answer, to be started by whoever carries that to the page; raises NotNow
    where the user has no room for it."""
    check_running(user_id, len(running_answers_of(user_id)))
    check_asking(user_id)
    order = _order(user_id, asked)
    check_sending(user_id, order.size)
    return unstored.claim(order)


def _order(user_id: int, asked: Asked) -> Order:
    now, model = timezone.now(), asked.model
    answer = Message(role=Role.ASSISTANT, model=model, model_name=str(model))
    generation = Generation(message=answer, lease_until=now, started_at=now)
    return Order(user_id, answer, generation, Routes.to(model), _request(asked), now)


def _request(asked: Asked) -> ChatRequest:
    """The oldest are left out where the model's window is too small."""
    model, window = asked.model, asked.model.context_window
    path = [*map(_line, asked.before), Line("user", asked.text)]
    sent = assemble(asked.system_prompt, path, Policy(window=window))
    return ChatRequest(model.model_id, sent.messages, asked.parameters, known_of(model))


def _line(said: Said) -> Line:
    return Line("user" if said.role == Role.USER else "assistant", said.text)
