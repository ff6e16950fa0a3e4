"""One conversation of a file -> the rows that it becomes, with their words for the search."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from conversations.importing.values import Ended, Image, Source, SourceMessage, SourceSummary
from conversations.models import Conversation, Generation, Message, Picture, SearchEntry, Summary
from conversations.models.conversation import TITLE_LENGTH
from conversations.models.generation import State
from conversations.models.message import Role
from conversations.models.search import message_entry
from conversations.models.summary import LONGEST, SummaryState
from conversations.titles import title_from, visible
from providers.errors import ErrorKind
from providers.pictures import Refusal, picture_of

# How messages that came with no times are told apart: by ids in the file's order.
_LOW_BITS = 32
_KINDS = frozenset(ErrorKind)
_REFUSALS = frozenset(Refusal)
MOST_IMAGES = 64


@dataclass(frozen=True, slots=True)
class Rows:
    """Not stored yet. The conversation already says which message is its leaf."""

    conversation: Conversation
    messages: list[Message]
    generations: list[Generation]
    pictures: list[Picture]
    entries: list[SearchEntry]
    summaries: list[Summary]


def rows_of(owner_id: int, source: Source) -> Rows:
    """Pure but for the clock; what takes long in storing is done here, outside of any lock."""
    now = timezone.now()
    conversation = _conversation(owner_id, source, now)
    ids = _ids(source)
    rows = Rows(conversation, [], [], [], [], [])
    last = conversation.created_at
    for told in source.messages:
        last = min(told.created_at or last, now)
        message = _message(owner_id, conversation, told, ids, last)
        rows.messages.append(message)
        pictures = [_picture(message, *each) for each in enumerate(told.images[:MOST_IMAGES])]
        rows.pictures.extend(pictures)
        if message.role == Role.ASSISTANT:
            rows.generations.append(_generation(message, told.ended))
        if told.summary:
            rows.summaries.append(_summary(message, told.summary))
            conversation.summary_changed_at = now
        if message.content or pictures:
            has_image = any(not picture.refusal for picture in pictures)
            rows.entries.append(message_entry(message, owner_id, has_image=has_image))
    conversation.leaf_id = ids[source.leaf] if source.leaf in ids else rows.messages[-1].pk
    return rows


def _conversation(owner_id: int, source: Source, now: datetime) -> Conversation:
    times = [message.created_at for message in source.messages if message.created_at]
    created = source.created_at or min(times, default=now)
    title = visible(source.title)[:TITLE_LENGTH]
    questions = (each.text for each in source.messages if each.role == Role.USER)
    return Conversation(
        owner_id=owner_id,
        title=title or title_from(next(questions, "")),
        system_prompt=source.system_prompt,
        parameters=dict(source.parameters),
        keep=source.policy.keep,
        keep_amount=source.policy.amount,
        created_at=min(created, now),
        updated_at=min(source.updated_at or max(times, default=created), now),
    )


def _ids(source: Source) -> dict[str, UUID]:
    """Ascending: a later message of the same time is a later one still."""
    first = uuid.uuid4().int >> _LOW_BITS << _LOW_BITS
    return {message.id: UUID(int=first + n) for n, message in enumerate(source.messages)}


def _message(
    owner_id: int,
    conversation: Conversation,
    told: SourceMessage,
    ids: Mapping[str, UUID],
    created_at: datetime,
) -> Message:
    return Message(
        id=ids[told.id],
        conversation=conversation,
        parent_id=ids[told.parent] if told.parent else None,
        role=told.role,
        author_id=owner_id if told.role == Role.USER else None,
        content=told.text,
        reasoning=told.reasoning,
        model_name=told.model_name,
        mark=told.mark,
        created_at=created_at,
    )


def _generation(message: Message, ended: Ended) -> Generation:
    """No run of this site: nobody renews it, nobody counts it."""
    told = dict(ended.fields)
    began = told.pop("started_at", None) or message.created_at
    if told.get("error_kind") not in _KINDS:
        told["error_kind"] = ErrorKind.UPSTREAM if ended.state == State.FAILED else ""
    return Generation(
        message=message,
        state=ended.state,
        runner="",
        lease_until=began,
        started_at=began,
        ended_at=told.pop("ended_at", None),
        **told,
    )


def _summary(message: Message, told: SourceSummary) -> Summary:
    return Summary(
        message=message,
        conversation=message.conversation,
        state=SummaryState.MADE,
        text=told.text[:LONGEST],
        is_edited=told.is_edited,
        model_name=told.model_name,
    )


def _picture(message: Message, number: int, image: Image) -> Picture:
    if image.refusal:
        known = image.refusal if image.refusal in _REFUSALS else Refusal.NO_IMAGE
        return Picture(message=message, number=number, refusal=known)
    told = picture_of(image.url)
    return Picture(
        message=message,
        number=number,
        data=told.data,
        media_type=told.media_type,
        url=told.url,
        refusal=told.refusal or "",
    )
