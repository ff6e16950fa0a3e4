"""What the log of a page lacks that was open while its conversation went on elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conversations.branch import PAGE, last_ids, messages_with_ends, page_with
from conversations.compared import runs_below
from conversations.models import Conversation, Message
from conversations.models.conversation import moment_stamp
from conversations.models.generation import run_stamp
from conversations.page import turns_page
from conversations.turns import Turn, turns_of

# For an answer that the page is being sent: its end will come that way.
FOLLOWED = "-"

# Of each message on a page, by the name in its element's id: the run that its foot tells of, of a
# question those of the answers that are compared, and the summary below it; joined.
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
    other = [place.id for place in branch if not _is_same(shown.get(place.name), place.run)]
    more = [place.id for place in branch[at[-1] + 1 :]]
    found = messages_with_ends([*other, *more])
    turns = turns_of([found[pk] for pk in [*other, *more]], conversation.leaf_id)
    return Lack(
        gone=[name for name in shown if name not in names],
        other=turns[: len(other)],
        more=turns[len(other) :],
    )


def _is_same(shown: str | None, run: str) -> bool:
    """What a page does not show is no other than it is, nor what it is being sent."""
    if shown is None or shown == FOLLOWED:
        return True
    told, now = shown.split("+"), run.split("+")
    pairs = zip(told, now, strict=False)
    return len(told) == len(now) and all(each in (stamp, FOLLOWED) for each, stamp in pairs)


def _places(ids: list[UUID]) -> list[_Place]:
    shown = ("send_id", "summary__changed_at", "generation__started_at", "generation__state")
    rows = {pk: row for pk, *row in Message.objects.filter(pk__in=ids).values_list("pk", *shown)}
    runs = {pk: run_stamp(at, state) if at else "" for pk, (_, _, at, state) in rows.items()}
    if ids and not runs[ids[-1]]:
        # The branch ends with a question.
        runs |= runs_below([ids[-1]])
    return [
        _Place(pk, str(rows[pk][0] or pk), _told(runs[pk], summed_at=rows[pk][1])) for pk in ids
    ]


def _told(run: str, summed_at: datetime | None) -> str:
    return "+".join(filter(None, (run, moment_stamp(summed_at))))
