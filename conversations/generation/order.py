"""What a run needs to know, gathered once; from here on it reads nothing from the database."""

from dataclasses import dataclass
from uuid import UUID

from providers.messages import ChatRequest
from providers.routes import Route


@dataclass(frozen=True, slots=True)
class Order:
    owner_id: int
    answer_id: UUID
    generation_id: UUID
    route: Route
    request: ChatRequest
