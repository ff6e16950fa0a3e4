"""What a page of a conversation shows, as one short word: equal words, equal pages.

The server puts its parts into the elements that they stand for: `data-stamp` on the header,
`data-model` beside the composer, the answer's id, `data-run` on its foot. So whatever changes the
page brings the new part with it, and the page joins them, see `static/js/watching.js`.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from conversations.models import Conversation
from conversations.models.generation import run_stamp

# Of a conversation that is deleted, that never was, or that is somebody else's.
GONE = "gone"
# So many parameters any database takes.
AT_ONCE = 500

# Whose page, and of which conversation.
Asked = tuple[int, UUID]


def heads(asked: Collection[Asked]) -> dict[Asked, str]:
    """The head of each, in one query for every AT_ONCE of them."""
    ids = list({conversation_id for _, conversation_id in asked})
    found: dict[Asked, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        found.update(_read(ids[start : start + AT_ONCE]))
    return {each: found.get(each, GONE) for each in asked}


def _read(ids: Collection[UUID]) -> Iterator[tuple[Asked, str]]:
    """Of those that are there. What each belongs to is part of the key: nobody finds another's."""
    standing = Conversation.objects.filter(pk__in=ids, deleted_at=None).stamped()
    run = ("leaf__generation__started_at", "leaf__generation__state")
    rows = standing.values_list("pk", "owner_id", "marked", "model_id", "leaf_id", *run)
    for pk, owner_id, stamp, model_id, leaf_id, started_at, state in rows.iterator():
        latest = run_stamp(started_at, state) if started_at else ""
        yield (owner_id, pk), f"{stamp}/{model_id or ''}/{leaf_id or ''}/{latest}"
