"""Who is examined, and what one step learnt for the next."""

from dataclasses import dataclass

from providers.attempts import Policy
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind
from providers.events import Completion, ModelInfo
from providers.failover import complete_chat
from providers.messages import ChatRequest, Message

# One step must not hold up the others for long; a cold local model still gets its time.
LIMITS = TimeLimits(connect=10, first_byte=60, idle=30, total=90)
# A connection that was kept may have been closed meanwhile, which says nothing.
TWICE = Policy(rounds=2)


@dataclass
class Patient:
    """Without a model's id the first of the service's list is asked. `kind` is that of the last
    step's error."""

    endpoint: Endpoint
    model_id: str
    addresses: tuple[str, ...] = ()
    listed: tuple[ModelInfo, ...] = ()
    counts_tokens: bool = False
    thinks_apart: bool = False
    kind: ErrorKind | None = None


async def ask(patient: Patient, *messages: Message) -> Completion:
    request = ChatRequest(patient.model_id, messages)
    return (await complete_chat([patient.endpoint], request, TWICE)).answer
