"""The branch of a conversation that is shown, from the root to its leaf, and the way to others.

What is above a message that is there is there as well: see `removing`.
"""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from conversations.compared import compared_below, end_of, that_goes_on
from conversations.models import Conversation, Message
from conversations.models.message import Role as Author
from conversations.transcript import Line, Mark
from conversations.walks import Walk, newest_under
from providers.messages import Role

# Screens of text are cheap, a thousand of them are not: older turns come when asked for.
PAGE = 40


def branch_ids(conversation: Conversation) -> list[UUID]:
    """The ids of the shown branch, oldest first; as many as there are. Of answers that are
    compared the one that goes on ends it."""
    return path_to(conversation, end_of(conversation))


def path_to(conversation: Conversation, message_id: UUID | None) -> list[UUID]:
    """The ids from the root to a message, which comes last; as many as there are."""
    return Walk(conversation.pk, message_id).ids()


def last_ids(conversation: Conversation, message_id: UUID | None, most: int) -> list[UUID]:
    """Of the path to a message the last ones, oldest first."""
    return Walk(conversation.pk, message_id).ids(most)


def is_shown(conversation: Conversation, message_id: UUID) -> bool:
    """Whether a message is in the branch that is shown."""
    return _shown(conversation).steps_to(message_id) is not None


def shown_after(conversation: Conversation, parent_id: UUID | None) -> UUID | None:
    """Which of the messages that follow this one is in the branch that is shown, if one is."""
    return _shown(conversation).reply_to(parent_id)


def branch_page(
    conversation: Conversation, before: UUID | None = None
) -> tuple[list[Message], UUID | None]:
    """The last PAGE messages (before `before`), oldest first; the first's id if more precede."""
    if before and is_shown(conversation, before):
        ids = last_ids(conversation, before, PAGE + 2)[:-1]
    else:
        ids = last_ids(conversation, conversation.leaf_id, PAGE + 1)
    found = messages_with_ends(ids[-PAGE:])
    return [found[pk] for pk in ids[-PAGE:]], ids[1] if len(ids) > PAGE else None


def messages_with_ends(ids: Iterable[UUID]) -> dict[UUID, Message]:
    """With all that a page shows of them, in two queries."""
    shown = Message.objects.select_related("generation", "summary").prefetch_related("pictures")
    return shown.in_bulk(list(ids))


def page_with(conversation: Conversation, message_id: UUID) -> UUID | None:
    """The `before` of a page with this message of the branch; None for the newest page."""
    steps = _shown(conversation).steps_to(message_id)
    if steps is None or steps < PAGE:
        return None
    return _shown(conversation).id_after(steps - PAGE // 2)


def page_after(conversation: Conversation, after: UUID) -> UUID | None:
    """The `before` of the page that follows this message; None for the newest page."""
    steps = _shown(conversation).steps_to(after)
    if steps is None or steps <= PAGE:
        return None
    return _shown(conversation).id_after(steps - PAGE - 1)


def leaf_under(conversation: Conversation, message: Message) -> UUID:
    """The end of the branch through a message: where it was left, else by the newest replies. One
    that was left at a question ends there: its answers are compared, or it has none."""
    start = message.pk
    if message.last_leaf:
        left = Message.objects.kept().filter(conversation=conversation, pk=message.last_leaf)
        start, author = left.values_list("pk", "role").first() or (start, None)
        if author == Author.USER:
            return start
    return newest_under(start)


def branch_lines(conversation: Conversation, leaf_id: UUID | None) -> list[Line]:
    """What the model is told: the texts from the root to `leaf_id`."""
    return [
        Line(cast("Role", role), content, pk, Mark(mark))
        for pk, role, content, mark in Walk(conversation.pk, leaf_id).lines()
    ]


def said_so_far(conversation: Conversation) -> tuple[list[Line], list[Message]]:
    """What a next question follows, and the answers that are compared: one of them goes on."""
    lines = branch_lines(conversation, conversation.leaf_id)
    is_question = bool(lines) and lines[-1].role == "user"
    compared = compared_below(conversation.leaf_id) if is_question else []
    if compared:
        kept = that_goes_on(compared)
        lines.append(Line("assistant", kept.content, kept.pk, Mark(kept.mark)))
    return lines, compared


def _shown(conversation: Conversation) -> Walk:
    return Walk(conversation.pk, conversation.leaf_id)
