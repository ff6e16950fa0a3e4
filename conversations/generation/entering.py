"""What an answer leaves in the ledger: the call, and that it was made for this answer."""

from conversations.generation.figures import figures_with
from conversations.generation.order import Order
from conversations.generation.outcome import Outcome
from conversations.models import Charge, Generation, Message
from conversations.models.generation import State
from providers.billing import Bill, bill
from providers.events import Usage
from providers.models import Call, Kind, Model
from providers.text import estimated_tokens


def enter(
    order: Order, generation: Generation, outcome: Outcome, billed: Bill, model: Model | None
) -> None:
    first, began, ended = outcome.first_token_at, order.began, generation.ended_at
    call = Call.objects.create(
        user_id=order.owner_id,
        model=model,
        # Of an answer that merges others the name says that too.
        model_name=str(model)[:255] if model else order.answer.model_name,
        route=outcome.asked[:255],
        kind=Kind.CHAT,
        outcome=generation.state,
        error_kind=generation.error_kind,
        first_token_s=(first - began).total_seconds() if first else None,
        seconds=(ended - began).total_seconds() if ended else 0.0,
        **billed.figures(),
    )
    _charge(order.answer, call)


def enter_interrupted(answer: Message) -> None:
    """Of an answer whose process has gone: what it cost is estimated from what came of it."""
    run = answer.generation
    received = estimated_tokens(len(answer.content.encode()) + len(answer.reasoning.encode()))
    # Of one that was continued, its beginning is paid.
    written = max(received - (run.completion_tokens or 0), 0)
    billed = bill(answer.model, Usage(completion_tokens=written), 0, 0 if written else None)
    Generation.objects.filter(pk=run.pk).update(**figures_with(run, billed))
    call = Call.objects.create(
        user_id=answer.conversation.owner_id,
        model=answer.model,
        model_name=answer.model_name,
        kind=Kind.CHAT,
        outcome=State.INTERRUPTED,
        seconds=run.seconds or 0.0,
        **billed.figures(),
    )
    _charge(answer, call)


def _charge(answer: Message, call: Call) -> None:
    Charge.objects.create(conversation_id=answer.conversation_id, answer_id=answer.pk, call=call)
