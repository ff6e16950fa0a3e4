"""How a run ended, as the store writes it down."""

from dataclasses import dataclass
from datetime import datetime

from conversations.models.generation import State
from providers.adaptation import Adaptation
from providers.errors import WrongBase
from providers.events import Usage
from providers.routing_events import Tried


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error_kind` and `error_detail` are for FAILED; the detail is the administrator's.

    `received` is in bytes of text, None for nothing. `route` is which one answered, `asked` the one
    that was asked last, whether it did or not.
    """

    state: State
    finish_reason: str = ""
    error_kind: str = ""
    error_detail: str = ""
    wrong_base: WrongBase | None = None
    usage: Usage | None = None
    received: int | None = None
    route: str = ""
    asked: str = ""
    tried: tuple[Tried, ...] = ()
    learnt: tuple[Adaptation, ...] = ()
    first_token_at: datetime | None = None
    thought_until: datetime | None = None
