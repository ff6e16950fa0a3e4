"""The branch of a conversation that is shown: from its leaf up to the root, read in two queries."""

from typing import cast
from uuid import UUID

from conversations.models import Conversation, Message
from conversations.transcript import Line, Mark
from providers.messages import Role

# Screens of text are cheap, a thousand of them are not: older turns come when asked for.
PAGE = 40


def branch_ids(conversation: Conversation) -> list[UUID]:
    """The ids of the shown branch, oldest first."""
    parents = dict(Message.objects.filter(conversation=conversation).values_list("pk", "parent_id"))
    ids: list[UUID] = []
    at = conversation.leaf_id
    while at is not None and at in parents:
        ids.append(at)
        at = parents[at]
    return ids[::-1]


def branch_page(
    conversation: Conversation, before: UUID | None = None
) -> tuple[list[Message], UUID | None]:
    """The last PAGE messages (before `before`), oldest first; the first's id if more precede."""
    ids = branch_ids(conversation)
    end = ids.index(before) if before in ids else len(ids)
    start = max(0, end - PAGE)
    found = messages_with_ends(ids[start:end])
    return [found[pk] for pk in ids[start:end]], ids[start] if start else None


def messages_with_ends(ids: list[UUID]) -> dict[UUID, Message]:
    """With all that a page shows of them, in two queries."""
    shown = Message.objects.select_related("generation").prefetch_related("pictures")
    return shown.in_bulk(ids)


def page_with(conversation: Conversation, message_id: UUID) -> UUID | None:
    """The `before` of a page with this message of the branch; None for the newest page."""
    ids = branch_ids(conversation)
    place = ids.index(message_id) if message_id in ids else len(ids)
    return None if place >= len(ids) - PAGE else ids[place + PAGE // 2]


def page_after(conversation: Conversation, after: UUID) -> UUID | None:
    """The `before` of the page that follows this message; None for the newest page."""
    ids = branch_ids(conversation)
    end = ids.index(after) + 1 + PAGE if after in ids else len(ids)
    return ids[end] if end < len(ids) else None


def leaf_under(conversation: Conversation, message_id: UUID) -> UUID:
    """The end of the branch through a message, by the newest reply at each fork."""
    rows = Message.objects.filter(conversation=conversation).order_by("created_at", "pk")
    newest = {parent: pk for pk, parent in rows.values_list("pk", "parent_id")}
    while message_id in newest:
        message_id = newest[message_id]
    return message_id


def branch_lines(conversation: Conversation, leaf_id: UUID | None) -> list[Line]:
    """What the model is told: the texts from the root to `leaf_id`."""
    if leaf_id is None:
        return []
    rows = {
        pk: (parent, Line(cast("Role", role), content, pk, Mark(mark)))
        for pk, parent, role, content, mark in Message.objects.filter(
            conversation=conversation
        ).values_list("pk", "parent_id", "role", "content", "mark")
    }
    lines: list[Line] = []
    at = cast("UUID | None", leaf_id)
    while at is not None and at in rows:
        at, line = rows[at]
        lines.append(line)
    return lines[::-1]
