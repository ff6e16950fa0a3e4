"""Forking: a new conversation that begins with a copy of another up to one of its messages."""

from collections.abc import Iterator
from copy import copy
from itertools import pairwise
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from conversations.branch import path_to
from conversations.limits import check_asking, check_drafting
from conversations.locks import lock_owner, locked
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


def fork(user: AbstractBaseUser, message: Message) -> Conversation:
    """The copy is the user's own in every part, and has cost nothing yet. It counts as one
    question, and its text as much as a draft does; raises NotNow where there is no room for it."""
    check_asking(user.pk)
    with transaction.atomic():
        source = locked(message.conversation)
        if not Message.objects.kept().filter(pk=message.pk).exists():
            raise Message.DoesNotExist
        lock_owner(user.pk)
        begun = _begun(user, source)
        new_ids = {old: uuid4() for old in path_to(source, message.pk)}
        begun.leaf_id = _copied(user, new_ids, begun)
        begun.save(update_fields=["leaf"])
        _copy_summaries(source, new_ids, begun)
    # Afterwards: to find their words takes longer than all else.
    copies = Message.objects.filter(conversation=begun)
    for _batch in fill(SearchEntry.objects.all(), Conversation.objects.none(), copies):
        pass
    return begun


def _begun(user: AbstractBaseUser, source: Conversation) -> Conversation:
    title = _("%(title)s (fork)") % {"title": source.title}
    return Conversation.objects.create(
        owner_id=user.pk,
        title=title if len(title) <= TITLE_LENGTH else source.title,
        system_prompt=source.system_prompt,
        parameters=source.parameters,
        model_id=source.model_id,
        folder=_still_there(source.folder),
        keep=source.keep,
        keep_amount=source.keep_amount,
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
        check_drafting(user.pk, sum(len(message.content.encode()) for message in batch))
        copies = [_copy(message, new_ids[message.pk], begun) for message in batch]
        for each in copies:
            each.parent_id = parents.get(each.pk)
        Message.objects.bulk_create(copies)
        Generation.objects.bulk_create(
            _ended(message.generation, new_ids[message.pk])
            for message in batch
            if hasattr(message, "generation")
        )
        _copy_pictures(batch, new_ids)
    return new_ids[path[-1]] if path else None


def _batches(path: list[UUID]) -> Iterator[list[Message]]:
    for start in range(0, len(path), AT_ONCE):
        ids = path[start : start + AT_ONCE]
        found = Message.objects.select_related("generation").in_bulk(ids)
        yield [found[pk] for pk in ids]


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


def _copy_summaries(source: Conversation, new_ids: dict[UUID, UUID], begun: Conversation) -> None:
    """Of what is copied; else they would be made, and paid, once more."""
    made = [each for each in source.summaries.made() if each.pk in new_ids]
    for summary in made:
        summary.message_id, summary.conversation_id = new_ids[summary.pk], begun.pk
    Summary.objects.bulk_create(made)


def _copy_pictures(batch: list[Message], new_ids: dict[UUID, UUID]) -> None:
    """One by one: each may have ten megabytes."""
    pictures = Picture.objects.defer(None).filter(message__in=batch)
    for picture in pictures.iterator(chunk_size=1):
        picture.pk, picture.message_id = None, new_ids[picture.message_id]
        picture._state.adding = True
        picture.save(force_insert=True)
