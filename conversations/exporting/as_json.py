"""The format that docs/export.md describes, and importing.formats.chatsite reads."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from conversations.exporting.walking import conversations_of, data_of, messages_of
from conversations.models import Conversation, Generation, ImportedSource, Message, Picture
from conversations.models.conversation import ConversationQuerySet, Viewer
from conversations.models.message import Role
from conversations.models.summary import SummaryState
from conversations.transcript import Keep
from providers.labels import without_hint

FORMAT, VERSION = "chatsite", 1
_OWN = f"{FORMAT}:"


def export(
    user: Viewer,
    among: ConversationQuerySet | None = None,
    account: Mapping[str, Any] | None = None,
) -> Iterator[str]:
    """One document with all conversations of the user, or with those that are `among` these."""
    yield from _document(conversations_of(user, among), account)


def of_one(conversation: Conversation) -> Iterator[str]:
    yield from _document([conversation])


def _document(
    conversations: Iterable[Conversation], account: Mapping[str, Any] | None = None
) -> Iterator[str]:
    head = {"format": FORMAT, "version": VERSION, "exported_at": _time(timezone.now())}
    about = {"account": account} if account else {}
    yield _json({**head, **about})[:-1] + ', "conversations": ['
    comma = "\n"
    for conversation in conversations:
        yield comma
        yield from _conversation(conversation)
        comma = ",\n"
    yield "\n]}\n"


def _conversation(conversation: Conversation) -> Iterator[str]:
    rows = Message.objects.kept().filter(conversation=conversation).order_by("created_at", "pk")
    keys = list(rows.values_list("pk", flat=True))
    numbers = {key: number for number, key in enumerate(keys, 1)}
    head = {
        "id": id_of(conversation),
        "title": conversation.title,
        "system_prompt": conversation.system_prompt,
        "parameters": conversation.parameters,
        "created_at": _time(conversation.created_at),
        "updated_at": _time(conversation.updated_at),
        "leaf": numbers.get(conversation.leaf_id) if conversation.leaf_id else None,
        **_said({"sent": _policy(conversation)}),
    }
    yield _json(head)[:-1] + ', "messages": ['
    comma = "\n"
    for message in messages_of(keys, summed_up=True):
        yield comma + _json(_message(message, numbers))
        comma = ",\n"
    yield "\n]}"


def _policy(conversation: Conversation) -> dict[str, Any]:
    if conversation.keep == Keep.ALL:
        return {}
    return {"keep": conversation.keep, "amount": conversation.keep_amount}


def id_of(conversation: Conversation) -> str:
    """By which it is known in the file: that of the first original, also for a copy of a copy."""
    try:
        key = conversation.imported_from.key
    except ImportedSource.DoesNotExist:
        return str(conversation.pk)
    return key.removeprefix(_OWN) if key.startswith(_OWN) else str(conversation.pk)


def _message(message: Message, numbers: Mapping[UUID, int]) -> dict[str, Any]:
    told = {
        "number": numbers[message.pk],
        "parent": numbers.get(message.parent_id) if message.parent_id else None,
        "role": message.role,
        "text": message.content,
        "created_at": _time(message.created_at),
        **_said({"mark": message.mark, "summary": _summary(message)}),
    }
    if message.role == Role.USER:
        return told
    about = {"reasoning": message.reasoning, "model": message.model_name}
    images = [_image(picture) for picture in message.pictures.all()]
    answer = _answer(message.generation) if hasattr(message, "generation") else None
    return {**told, **_said({**about, "answer": answer, "images": images})}


def _summary(message: Message) -> dict[str, Any]:
    """What stands for all messages up to this one."""
    summary = getattr(message, "summary", None)
    if summary is None or summary.state != SummaryState.MADE:
        return {}
    by = {"edited": summary.is_edited or None, "model": summary.model_name}
    return {"text": summary.text, **_said(by)}


def _answer(run: Generation) -> dict[str, Any]:
    tokens = {
        "read": run.prompt_tokens,
        "written": run.completion_tokens,
        "cached": run.cached_tokens,
        "reasoning": run.reasoning_tokens,
    }
    cost = {} if run.cost is None else {"amount": f"{run.cost:f}", "currency": run.currency}
    return {
        "state": run.state,
        **_said(
            {
                "finish_reason": run.finish_reason,
                "error": run.error_kind,
                "route": without_hint(run.route),
                "started_at": _time(run.started_at),
                "first_token_at": _time(run.first_token_at),
                "thought_until": _time(run.thought_until),
                "ended_at": _time(run.ended_at),
                "tokens": _based(tokens, run.tokens_basis),
                "cost": _based(cost, run.cost_basis),
            }
        ),
    }


def _based(counts: dict[str, Any], basis: str) -> dict[str, Any]:
    known = {name: value for name, value in counts.items() if value is not None}
    return {**known, "basis": basis} if known else {}


def _image(picture: Picture) -> dict[str, Any]:
    if picture.media_type:
        data = base64.b64encode(data_of(picture)).decode()
        return {"media_type": picture.media_type, "data": data}
    return _said({"url": picture.url, "refusal": picture.refusal})


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _time(at: datetime | None) -> str:
    """In UTC, to the microsecond; '' for none."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
