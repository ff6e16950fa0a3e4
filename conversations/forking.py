"""Forking: a new conversation that begins with a copy of another up to one of its messages."""

from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.branch import path_to
from conversations.limits import NotNow, check_asking, check_drafting
from conversations.locks import locked
from conversations.models import (
    Conversation,
    Folder,
    Generation,
    Message,
    Picture,
    SearchEntry,
    Summary,
)
from conversations.models.conversation import TITLE_LENGTH
from conversations.models.generation import State
from conversations.search.index import fill
from conversations.sending import AnswerRunning
from providers.models.call import Basis

# Each may be long, and have its own HTML beside it.
AT_ONCE = 50
# For so long, at the most, one that is not whole may still become so.
COPYING = timedelta(minutes=1)
RETRY_S = 5


def fork(user: AbstractBaseUser, message: Message, key: UUID) -> Conversation:
    """The copy is the user's own in every part, and has cost nothing yet. `key` is the page's own
    id for it: pressed twice, it is one conversation. It counts as one question, and what it holds
    as much as a draft does; raises NotNow where there is no room.

    It is deleted until it is whole: what is given up half-way is purged like all that is. Nothing
    is locked meanwhile: the ends of answers would wait for that, of everybody's.
    """
    with transaction.atomic():
        source = locked(message.conversation)
        if not Message.objects.kept().filter(pk=message.pk).exists():
            raise Message.DoesNotExist
        if pressed_before := _pressed_before(user, key):
            return pressed_before
        check_asking(user.pk)
        new_ids = {old: uuid4() for old in path_to(source, message.pk)}
        begun = _begun(user, source, key)
    try:
        begun.leaf_id = _copied(user, new_ids, begun)
        _copy_summaries(user, source, new_ids, begun)
    except (AnswerRunning, NotNow, Message.DoesNotExist):
        begun.delete()
        raise
    copies = Message.objects.filter(conversation=begun)
    for _batch in fill(SearchEntry.objects.all(), Conversation.objects.none(), copies):
        pass
    begun.deleted_at = None
    begun.save(update_fields=["leaf", "deleted_at"])
    return begun


def _pressed_before(user: AbstractBaseUser, key: UUID) -> Conversation | None:
    """Raises NotNow while that one is being copied. One that was deleted, or given up, is none."""
    being_copied = Conversation.objects.deleted_by(user).filter(pk=key, leaf=None)
    if being_copied.filter(created_at__gt=timezone.now() - COPYING).exists():
        words = _("This fork is being made already. It will be in the list in a moment.")
        raise NotNow(words, 409, RETRY_S)
    return Conversation.objects.for_user(user).filter(pk=key).first()


def _begun(user: AbstractBaseUser, source: Conversation, key: UUID) -> Conversation:
    title = _("%(title)s (fork)") % {"title": source.title}
    is_taken = Conversation.objects.filter(pk=key).exists()
    return Conversation.objects.create(
        pk=uuid4() if is_taken else key,
        owner_id=user.pk,
        title=title if len(title) <= TITLE_LENGTH else source.title,
        system_prompt=source.system_prompt,
        parameters=source.parameters,
        model_id=source.model_id,
        folder=_still_there(source.folder),
        keep=source.keep,
        keep_amount=source.keep_amount,
        deleted_at=timezone.now(),
        summary_model_id=source.summary_model_id,
    )


def _still_there(folder: Folder | None) -> Folder | None:
    """In one that was deleted nobody would find the chat."""
    return folder if folder and folder.deleted_at is None else None


def _copied(user: AbstractBaseUser, new_ids: dict[UUID, UUID], begun: Conversation) -> UUID | None:
    """The copy of the last one, which comes last."""
    path = list(new_ids)
    parents = {new_ids[reply]: new_ids[old] for old, reply in pairwise(path)}
    for batch in _batches(path):
        check_drafting(user.pk, sum(map(_size, batch)))
        copies = [_copy(message, new_ids[message.pk], begun) for message in batch]
        for each in copies:
            each.parent_id = parents.get(each.pk)
        with transaction.atomic():
            Message.objects.bulk_create(copies)
            Generation.objects.bulk_create(
                _ended(message.generation, new_ids[message.pk])
                for message in batch
                if hasattr(message, "generation")
            )
        _copy_pictures(user, batch, new_ids)
    return new_ids[path[-1]] if path else None


def _batches(path: list[UUID]) -> Iterator[list[Message]]:
    for start in range(0, len(path), AT_ONCE):
        ids = path[start : start + AT_ONCE]
        found = Message.objects.select_related("generation").in_bulk(ids)
        if len(found) < len(ids):
            # All of the chat went meanwhile.
            raise Message.DoesNotExist
        yield [found[pk] for pk in ids]


def _size(message: Message) -> int:
    return len(message.content.encode()) + len(message.reasoning.encode())


def _copy(message: Message, pk: UUID, begun: Conversation) -> Message:
    """No send made it: a send that comes again has to find the one that it made."""
    return Message(
        id=pk,
        conversation=begun,
        role=message.role,
        author_id=message.author_id,
        content=message.content,
        reasoning=message.reasoning,
        html=message.html,
        html_version=message.html_version,
        model_id=message.model_id,
        model_name=message.model_name,
        mark=message.mark,
        created_at=message.created_at,
    )


def _ended(generation: Generation, message_id: UUID) -> Generation:
    """How it ended, but not what it cost: that is counted where it was written."""
    if generation.state == State.RUNNING:
        raise AnswerRunning
    ended = copy(generation)
    ended.pk, ended.message_id = uuid4(), message_id
    ended._state = copy(generation._state)
    ended._state.adding = True
    ended.runner, ended.cost, ended.currency = "", None, ""
    ended.cost_basis = ended.tokens_basis = Basis.UNKNOWN
    ended.prompt_tokens = ended.completion_tokens = None
    ended.cached_tokens = ended.reasoning_tokens = None
    return ended


def _copy_summaries(
    user: AbstractBaseUser, source: Conversation, new_ids: dict[UUID, UUID], begun: Conversation
) -> None:
    """Of what is copied; else they would be made, and paid, once more."""
    made = [each for each in source.summaries.made() if each.pk in new_ids]
    check_drafting(user.pk, sum(len(each.text.encode()) for each in made))
    for summary in made:
        summary.message_id, summary.conversation_id = new_ids[summary.pk], begun.pk
    Summary.objects.bulk_create(made)


def _copy_pictures(user: AbstractBaseUser, batch: list[Message], new_ids: dict[UUID, UUID]) -> None:
    """One by one: each may have ten megabytes."""
    keys = Picture.objects.filter(message__in=batch).values_list("pk", flat=True)
    for pk in list(keys):
        for picture in Picture.objects.defer(None).filter(pk=pk):
            check_drafting(user.pk, len(picture.data))
            message_id = new_ids[picture.message_id]
            Picture.objects.create(message_id=message_id, **picture.kept())
