"""Going on with an answer that ended before it was whole: the same message, written further."""

from functools import partial

from django.db import transaction

from conversations import watching
from conversations.branch import branch_lines
from conversations.context import transcript_of
from conversations.generation.store import claim_again
from conversations.models import Message
from conversations.sending import Sent, locked_at, order_of
from conversations.steering import remember_gauge
from conversations.transcript import Line, Mark
from providers.models import Model

# Not every service goes on with an answer that comes last in its list, and some refuse one there;
# to be asked for it is understood by all. Never stored, and never shown.
GO_ON = (
    "Your answer was cut off. Continue it exactly where it stopped. Do not repeat what is already "
    "there, do not comment on this, and keep to its language and formatting. If it stopped inside "
    "a word, begin with that whole word."
)


class NothingToContinue(Exception):
    """The answer is whole, or it has no word yet that could be gone on from."""


def continue_answer(answer: Message, model: Model) -> Sent:
    """Claim the run of the answer again, for the rest of it."""
    question = answer.parent
    if question is None:
        raise Message.DoesNotExist
    with transaction.atomic():
        conversation = locked_at(answer)
        if not (answer.content.strip() and claim_again(answer)):
            raise NothingToContinue
        transaction.on_commit(partial(watching.changed, conversation.pk))
        # To go on from here, whatever of the chat is sent.
        begun = Line("assistant", answer.content, answer.pk, Mark.PINNED)
        read = [*branch_lines(conversation, question.pk), begun]
        # Its call will read its beginning too: what comes before that is told now.
        known = transcript_of(conversation, read, model, counts=True)
        remember_gauge(conversation, known, question.pk)
        lines = [*read, Line("user", GO_ON)]
        return Sent(conversation, question, answer, order_of(conversation, answer, lines, model))
