"""What the log of a page lacks that was open while its conversation went on elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from conversations.branch import PAGE, branch_ids, messages_with_ends
from conversations.models import Conversation, Message
from conversations.models.generation import run_stamp
from conversations.page import turns_page
from conversations.turns import Turn, turn_of

# For an answer that the page is being sent: its end will come that way.
FOLLOWED = "-"

# Of each message on a page, by the name in its element's id: the run that its foot tells of.
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


def lack_of(conversation: Conversation, shown: Shown) -> Lack:
    """What changes a log that ends with the messages `shown` into the branch's own."""
    branch = _places(conversation)
    at = [number for number, place in enumerate(branch) if place.name in shown]
    if not at or at[-1] - at[0] >= len(at) or len(branch) - at[-1] > PAGE:
        return Lack(anew=turns_page(conversation, None))
    names = {place.name for place in branch}
    other = [
        place.id
        for place in branch
        if shown.get(place.name, place.run) not in (place.run, FOLLOWED)
    ]
    more = [place.id for place in branch[at[-1] + 1 :]]
    found = messages_with_ends([*other, *more])
    return Lack(
        gone=[name for name in shown if name not in names],
        other=[turn_of(found[pk]) for pk in other],
        more=[turn_of(found[pk]) for pk in more],
    )


def _places(conversation: Conversation) -> list[_Place]:
    run = ("generation__started_at", "generation__state")
    rows = Message.objects.filter(conversation=conversation).values_list("pk", "send_id", *run)
    places = {
        pk: _Place(pk, str(send_id or pk), run_stamp(started_at, state) if started_at else "")
        for pk, send_id, started_at, state in rows
    }
    return [places[pk] for pk in branch_ids(conversation) if pk in places]
