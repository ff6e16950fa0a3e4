"""What the log of a page lacks that was open while its conversation went on elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conversations.branch import PAGE, last_ids, messages_with_ends, page_with
from conversations.models import Conversation, Message
from conversations.models.conversation import moment_stamp
from conversations.models.generation import run_stamp
from conversations.page import turns_page
from conversations.turns import Turn, turns_of

# For an answer that the page is being sent: its end will come that way.
FOLLOWED = "-"

# Of each message on a page, by the name in its element's id: the run that its foot tells of, and
# the summary below it.
Shown = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lack:
    """`anew` is all of the log, where there is too much between the page and the branch."""

    gone: Collection[str] = ()
    other: Collection[Turn] = ()
    more: Collection[Turn] = ()
    anew: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    id: UUID
    name: str
    run: str


def lack_of(conversation: Conversation, shown: Shown, near: UUID | None = None) -> Lack:
    """What changes a log that ends with the messages `shown` into the branch's own. Where that
    would be all of it, the new one is the last, or the one with the message `near`."""
    # As far up as a page says what it shows, and as far down as it is given one by one.
    branch = _places(last_ids(conversation, conversation.leaf_id, 2 * PAGE))
    at = [number for number, place in enumerate(branch) if place.name in shown]
    if not at or at[-1] - at[0] >= len(at) or len(branch) - at[-1] > PAGE:
        return Lack(anew=turns_page(conversation, near and page_with(conversation, near)))
    names = {place.name for place in branch}
    other = [
        place.id
        for place in branch
        if shown.get(place.name, place.run) not in (place.run, FOLLOWED)
    ]
    more = [place.id for place in branch[at[-1] + 1 :]]
    found = messages_with_ends([*other, *more])
    turns = turns_of([found[pk] for pk in [*other, *more]])
    return Lack(
        gone=[name for name in shown if name not in names],
        other=turns[: len(other)],
        more=turns[len(other) :],
    )


def _places(ids: list[UUID]) -> list[_Place]:
    run = ("generation__started_at", "generation__state")
    shown = ("pk", "send_id", "summary__changed_at", *run)
    rows = Message.objects.filter(pk__in=ids).values_list(*shown)
    places = {
        pk: _Place(pk, str(send_id or pk), _told(summed_at, *rest))
        for pk, send_id, summed_at, *rest in rows
    }
    return [places[pk] for pk in ids]


def _told(summed_at: datetime | None, started_at: datetime | None, state: str) -> str:
    run = run_stamp(started_at, state) if started_at else ""
    return run + moment_stamp(summed_at)
