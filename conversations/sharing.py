"""Sharing: taking a copy of the branch in view, and what else happens to a share.

What a copy holds is what was said: no system prompt, no thoughts, no errors (they name accounts),
no branch but the one in view, and nothing that came later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from conversations.branch import branch_ids
from conversations.limits import check_asking, check_drafting
from conversations.locks import locked, locked_share
from conversations.models import Conversation, Message, Picture, Share, SharedMessage, SharedPicture
from conversations.models.conversation import Viewer
from conversations.models.generation import State
from conversations.models.message import Role
from conversations.models.share import ShareQuerySet
from conversations.pictures import NO_ROOM

# Of one user; who shares more has no list that can be looked through.
MOST_SHARES = 100
# Of one copy, all its images together.
MOST_IMAGE_BYTES = 25 * 1024 * 1024
BATCH = 200


class TooManyShares(Exception):
    """This user shares as many chats as one user may."""


@dataclass(frozen=True, slots=True)
class Terms:
    """`days` until it ends, None for never; `password` as a hash, '' for none."""

    days: int | None = None
    with_name: bool = False
    password: str = ""


def is_on() -> bool:
    """Whether this site shares chats at all: the one place that knows."""
    return bool(settings.SHARING)


def shares_of(user: Viewer) -> ShareQuerySet:
    """Newest first; none where the site shares nothing."""
    mine = Share.objects.for_user(user) if is_on() else Share.objects.none()
    return mine.order_by("-created_at", "pk")


@transaction.atomic
def share(conversation: Conversation, terms: Terms) -> Share:
    """It counts as one question, and its text as much as a draft does: raises NotNow where there
    is no room for it, TooManyShares, and Conversation.DoesNotExist if it was deleted meanwhile."""
    conversation = locked(conversation)
    if Share.objects.for_user(conversation.owner).count() >= MOST_SHARES:
        raise TooManyShares
    check_asking(conversation.owner_id)
    now = timezone.now()
    made = Share.objects.create(
        conversation=conversation,
        author_name=conversation.owner.get_username() if terms.with_name else "",
        password=terms.password,
        created_at=now,
        expires_at=None if terms.days is None else now + timedelta(days=terms.days),
    )
    take(made, conversation)
    return made


@transaction.atomic
def update(shared: Share) -> None:
    """Take the conversation as it is now; the address and all else stay.

    Conversation.DoesNotExist or Share.DoesNotExist where that is gone meanwhile; NotNow as above.
    """
    conversation = locked(shared.conversation)
    shared = locked_share(shared.pk)
    check_asking(conversation.owner_id)
    take(shared, conversation)


@transaction.atomic
def revoke(shared: Share) -> None:
    """Delete it with its copy; Share.DoesNotExist if it is gone already."""
    # Not before the lock: what an update put in the place of the copy would be left.
    locked_share(shared.pk).delete()


def take(shared: Share, conversation: Conversation) -> None:
    """Put the branch in view in the place of what the share held."""
    shared.messages.all().delete()
    room, number = MOST_IMAGE_BYTES, 0
    for batch in _batches(branch_ids(conversation)):
        check_drafting(conversation.owner_id, sum(len(each.content.encode()) for each in batch))
        copies = [_copied(shared, place, each) for place, each in enumerate(batch, number)]
        SharedMessage.objects.bulk_create(copies)
        number += len(copies)
        owners = {each.pk: copy for each, copy in zip(batch, copies, strict=True)}
        room = _take_pictures(owners, room)
    shared.title, shared.taken_at, shared.length = conversation.title, timezone.now(), number
    shared.save(update_fields=["title", "taken_at", "length"])


def _batches(ids: list[UUID]) -> Iterator[list[Message]]:
    """Of what is finished and not empty, oldest first."""
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        rows = Message.objects.select_related("generation").defer("reasoning")
        images = Picture.objects.filter(message=OuterRef("pk"))
        found = rows.annotate(has_image=Exists(images)).in_bulk(part)
        yield [found[pk] for pk in part if pk in found and _is_told(found[pk])]


def _is_told(message: Message) -> bool:
    if message.role == Role.ASSISTANT and message.generation.state == State.RUNNING:
        return False
    return bool(message.content.strip() or getattr(message, "has_image", False))


def _copied(shared: Share, number: int, message: Message) -> SharedMessage:
    return SharedMessage(
        share=shared,
        number=number,
        role=message.role,
        content=message.content,
        html=message.html,
        html_version=message.html_version,
        model_name=message.model_name,
    )


def _take_pictures(owners: dict[UUID, SharedMessage], room: int) -> int:
    """One by one: each may be of megabytes. Gives back how many bytes there is still room for."""
    keys = Picture.objects.filter(message__in=owners).values_list("pk", flat=True)
    for pk in list(keys):
        picture = Picture.objects.defer(None).get(pk=pk)
        copy = SharedPicture(message=owners[picture.message_id], **picture.kept())
        if len(picture.data) > room:
            copy.data, copy.media_type, copy.refusal = b"", "", NO_ROOM
        room -= len(copy.data)
        copy.save(force_insert=True)
    return room
