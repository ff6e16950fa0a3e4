"""Reading a user's conversations in their order, and the messages of each."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models.functions import Coalesce, Length

from conversations.models import Conversation, Message, Picture
from conversations.models.conversation import ConversationQuerySet, Viewer

AT_ONCE = 50
MESSAGES_AT_ONCE = 200
CHARACTERS_AT_ONCE = 1_000_000
# Whatever is in them, they are not too much.
FEW = 10


def conversations_of(
    user: Viewer, among: ConversationQuerySet | None = None
) -> Iterator[Conversation]:
    """All of the user's, or those of them that are `among` these; oldest first."""
    mine = (Conversation.objects.all() if among is None else among).for_user(user)
    keys = list(mine.order_by("created_at", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        found = mine.select_related("imported_from").in_bulk(some)
        yield from (found[key] for key in some if key in found)


def messages_of(
    keys: list[UUID], *, shown: bool = False, summed_up: bool = False
) -> Iterator[Message]:
    """In this order, with their ends; whoever was deleted meanwhile is left out. `shown` brings
    along what the page shows of each, `summed_up` their summaries."""
    rows = Message.objects.select_related("generation").prefetch_related("pictures")
    rows = rows if shown else rows.defer("html")
    rows = rows.select_related("summary") if summed_up else rows
    for start in range(0, len(keys), MESSAGES_AT_ONCE):
        for some in _groups(keys[start : start + MESSAGES_AT_ONCE]):
            found = rows.in_bulk(some)
            yield from (found[key] for key in some if key in found)


def _groups(keys: list[UUID]) -> Iterator[list[UUID]]:
    """A message alone may have a megabyte."""
    if len(keys) <= FEW:
        yield keys
        return
    text = Length("content") + Length("reasoning") + Coalesce(Length("summary__text"), 0)
    lengths = dict(Message.objects.filter(pk__in=keys).values_list("pk", text))
    group, total = list[UUID](), 0
    for key in keys:
        total += lengths.get(key, 0)
        if group and total > CHARACTERS_AT_ONCE:
            yield group
            group, total = [], lengths.get(key, 0)
        group.append(key)
    yield group


def data_of(picture: Picture) -> bytes:
    """One at a time: an image may have megabytes."""
    kept = Picture.objects.filter(pk=picture.pk).values_list("data", flat=True).first()
    return bytes(kept or b"")
