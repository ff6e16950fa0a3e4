"""What a page of a conversation shows, as one short word: equal words, equal pages.

The server puts its parts into the elements that they stand for: `data-stamp` on the header,
`data-model` beside the composer, the last message's id, `data-run` on the foot of the answer or of
each that is compared, `data-stamp` on the queue and for the summaries. So whatever changes the page
brings the new part with it, and the page joins them, see `static/js/watching.js`.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Subquery

from conversations.compared import runs_below
from conversations.models import Conversation, QueuedMessage
from conversations.models.conversation import moment_stamp
from conversations.models.generation import run_stamp
from conversations.models.queued import queue_stamp

# Of a conversation that is deleted, that never was, or that is somebody else's.
GONE = "gone"
# So many parameters any database takes.
AT_ONCE = 500

# Whose page, and of which conversation.
Asked = tuple[int, UUID]


def heads(asked: Collection[Asked]) -> dict[Asked, str]:
    """The head of each, in one query for every AT_ONCE of them; where answers are compared, two."""
    ids = list({conversation_id for _, conversation_id in asked})
    found: dict[Asked, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        found.update(_read(ids[start : start + AT_ONCE]))
    return {each: found.get(each, GONE) for each in asked}


def _read(ids: Collection[UUID]) -> Iterator[tuple[Asked, str]]:
    """Of those that are there. What each belongs to is part of the key: nobody finds another's."""
    standing = Conversation.objects.filter(pk__in=ids, deleted_at=None).stamped()
    waiting_in = QueuedMessage.objects.filter(conversation=OuterRef("pk")).order_by()
    queue = waiting_in.values("conversation")
    queued = {
        "queued": Subquery(queue.annotate(count=Count("pk")).values("count")),
        "queued_at": Subquery(queue.annotate(changed=Max("changed_at")).values("changed")),
    }
    run = ("leaf__generation__started_at", "leaf__generation__state")
    summed = "summary_changed_at"
    shown = ("pk", "owner_id", "marked", "model_id", "leaf_id", *run, summed, *queued)
    rows = list(standing.annotate(**queued).values_list(*shown))
    # A branch that ends with a question has no run, or several.
    ends = [(leaf_id, started_at) for _, _, _, _, leaf_id, started_at, *_rest in rows]
    questions = [leaf_id for leaf_id, started_at in ends if leaf_id and not started_at]
    compared = runs_below(questions) if questions else {}
    for pk, owner_id, stamp, model_id, leaf_id, started_at, state, at, *waiting in rows:
        latest = run_stamp(started_at, state) if started_at else compared.get(leaf_id, "")
        parts = (stamp, model_id or "", leaf_id or "", latest, queue_stamp(*waiting))
        yield (owner_id, pk), "/".join(map(str, (*parts, moment_stamp(at))))
