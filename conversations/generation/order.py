"""What a run needs to know, gathered once; from here on it reads nothing from the database."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conversations.counting import estimate_tokens
from conversations.models import Generation, Message
from providers.messages import ChatRequest
from providers.routes import Routes


@dataclass(frozen=True, slots=True)
class Order:
    """`answer` and `generation` are the rows as they were stored when the run was claimed, at
    `began`: of an answer that is continued they hold its beginning and what that cost."""

    owner_id: int
    answer: Message
    generation: Generation
    routes: Routes
    request: ChatRequest
    began: datetime

    @property
    def size(self) -> int:
        """What is sent, in bytes of text."""
        return bytes_of(self.request)

    @property
    def guessed_tokens(self) -> int:
        return sum(map(estimate_tokens, self.request.messages))

    @property
    def answer_id(self) -> UUID:
        return self.answer.pk


def bytes_of(request: ChatRequest) -> int:
    return sum(len(message.text.encode()) for message in request.messages)
