"""Who is examined, what one step learnt for the next, and what was called for it."""

from dataclasses import dataclass, field

from providers.attempts import Policy
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind
from providers.events import Completion, ModelInfo
from providers.failover import complete_chat
from providers.labels import route_label
from providers.ledger import Entry
from providers.messages import ChatRequest, Message
from providers.models import Kind

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
    calls: list[Entry] = field(default_factory=list)

    def entry(self, kind: Kind, model_id: str, sent: str) -> Entry:
        """Of a call that is about to be made; it will be entered, however it ends."""
        entry = Entry(kind, model_id, len(sent.encode()), route=route_label(self.endpoint))
        self.calls.append(entry)
        return entry


async def ask(patient: Patient, *messages: Message) -> Completion:
    request = ChatRequest(patient.model_id, messages)
    with chat_entry(patient, request) as entry:
        answer = (await complete_chat([patient.endpoint], request, TWICE)).answer
        entry.answer(answer)
    return answer


def chat_entry(patient: Patient, request: ChatRequest) -> Entry:
    sent = "".join(message.text for message in request.messages)
    return patient.entry(Kind.CHAT, request.model, sent)
