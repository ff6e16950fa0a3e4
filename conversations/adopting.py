"""Going on from a shared conversation: its copy becomes a conversation of the reader's own."""

from collections.abc import Iterator
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from conversations.limits import check_asking, check_drafting
from conversations.locks import lock_owner, locked_share
from conversations.models import (
    Conversation,
    Generation,
    Message,
    Picture,
    SearchEntry,
    Share,
    SharedMessage,
    SharedPicture,
)
from conversations.models.generation import State
from conversations.models.message import Role
from conversations.models.search import message_entry

BATCH = 200


@transaction.atomic
def adopt(shared: Share, user: AbstractBaseUser, key: UUID) -> Conversation:
    """`key` is the page's own id for it: pressed twice, it is one conversation. It counts as one
    question, and its text as much as a draft does; raises NotNow where there is no room for it,
    and Share.DoesNotExist where it was revoked meanwhile."""
    lock_owner(user.pk)
    if mine := Conversation.objects.for_user(user).filter(pk=key).first():
        return mine
    shared = locked_share(shared.pk)
    check_asking(user.pk)
    is_taken = Conversation.objects.filter(pk=key).exists()
    made = Conversation(pk=uuid4() if is_taken else key, owner_id=user.pk, title=shared.title)
    made.save(force_insert=True)
    last: Message | None = None
    for batch in _batches(shared):
        check_drafting(user.pk, sum(len(each.content.encode()) for each in batch))
        last = _adopt(made, batch, last)
    if last:
        made.show(leaf=last, model=None)
    return made


def _batches(shared: Share) -> Iterator[list[SharedMessage]]:
    start = 0
    while batch := list(shared.messages.all()[start : start + BATCH]):
        yield batch
        start += BATCH


def _adopt(made: Conversation, batch: list[SharedMessage], last: Message | None) -> Message:
    messages: list[Message] = []
    for each in batch:
        messages.append(_message(made, each, messages[-1] if messages else last))
    Message.objects.bulk_create(messages)
    # Without an end: nothing was written here, and nothing paid.
    Generation.objects.bulk_create(
        Generation(message=message, state=State.COMPLETE, lease_until=timezone.now())
        for message in messages
        if message.role == Role.ASSISTANT
    )
    by_copy = {each.pk: message for each, message in zip(batch, messages, strict=True)}
    with_image = _adopt_pictures(by_copy)
    SearchEntry.objects.bulk_create(
        message_entry(message, made.owner_id, has_image=message.pk in with_image)
        for message in messages
        if message.content or message.pk in with_image
    )
    return messages[-1]


def _message(made: Conversation, copied: SharedMessage, parent: Message | None) -> Message:
    return Message(
        conversation=made,
        parent=parent,
        role=copied.role,
        author_id=made.owner_id if copied.role == Role.USER else None,
        content=copied.content,
        html=copied.html,
        html_version=copied.html_version,
        model_name=copied.model_name,
    )


def _adopt_pictures(by_copy: dict[int, Message]) -> set[UUID]:
    """One by one: each may be of megabytes. Gives back which messages show an image."""
    with_image: set[UUID] = set()
    keys = SharedPicture.objects.filter(message__in=by_copy).values_list("pk", flat=True)
    for pk in list(keys):
        picture = SharedPicture.objects.defer(None).get(pk=pk)
        message = by_copy[picture.message_id]
        Picture.objects.create(message=message, **picture.kept())
        if not picture.refusal:
            with_image.add(message.pk)
    return with_image
