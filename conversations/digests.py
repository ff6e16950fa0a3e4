"""The summaries of a conversation: which one stands for its beginning, and what its owner does to
one. How one is made is told in `aside`."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations import watching
from conversations.models import Conversation, Message, Summary
from conversations.models.summary import SummaryQuerySet, SummaryState
from conversations.transcript import Digest, Keep, Line


def digest_of(conversation: Conversation, lines: Sequence[Line]) -> Digest | None:
    """The one that reaches furthest along `lines`; None also where the chat wants none."""
    if conversation.keep != Keep.SUMMARY:
        return None
    made = dict(conversation.summaries.made().values_list("message_id", "text"))
    until = next((line.id for line in reversed(lines) if line.id in made), None)
    return Digest(made[until], until) if until else None


@transaction.atomic
def edit(message: Message, text: str) -> None:
    """What is sent from now on for all up to this message; Summary.DoesNotExist where another
    summary has taken the place of this one."""
    tell_changed(message.conversation_id)
    _must(_at(message).made().update(text=text, is_edited=True, changed_at=timezone.now()))


@transaction.atomic
def remove(message: Message) -> None:
    """With what is just being made of it, whose text then nobody wants."""
    tell_changed(message.conversation_id)
    _must(_at(message).delete()[0])
    others = Summary.objects.filter(conversation=message.conversation_id)
    others.exclude(state=SummaryState.MADE).delete()


@transaction.atomic
def ask_again(message: Message) -> None:
    again = {"state": SummaryState.ASKED, "error": "", "changed_at": timezone.now()}
    tell_changed(message.conversation_id)
    _must(_at(message).ended_without().update(**again))


def tell_changed(conversation_id: UUID, *, by_page: bool = True) -> None:
    """In the transaction that changes a summary, and first: before its rows their chat is taken.
    Whoever made plans before makes new ones."""
    Conversation.objects.filter(pk=conversation_id).update(summary_changed_at=timezone.now())
    transaction.on_commit(partial(watching.changed, conversation_id, by_page=by_page))


def _at(message: Message) -> SummaryQuerySet:
    return Summary.objects.filter(message=message)


def _must(count: int) -> None:
    if not count:
        raise Summary.DoesNotExist
