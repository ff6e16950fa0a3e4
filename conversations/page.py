"""What the chat page is made of, gathered for the page and for each of its parts."""

from functools import cache, partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse

from conversations.branch import PAGE, branch_ids, branch_page, messages_with_ends, page_after
from conversations.drafts import draft_of
from conversations.models import Conversation
from conversations.queueing import queue_of
from conversations.rows import list_rows
from conversations.search.finding import first_hits
from conversations.spending import spent_in
from conversations.turns import Turn, pending_turn, turn_of
from providers.ownership import may_own
from providers.picking import choices_for

Context = dict[str, Any]


def chat_page(
    user: AbstractBaseUser,
    conversation: Conversation | None,
    wanted_model: str = "",
    before: UUID | None = None,
) -> Context:
    """Everything that chat.html shows."""
    return {
        **sidebar(user, conversation),
        **composer(user, conversation, wanted_model),
        **turns_page(conversation, before),
        **({"spent": spent_in(conversation.pk)} if conversation else {}),
        "pending": pending_turn(),
    }


def sidebar(
    user: AbstractBaseUser,
    conversation: Conversation | None,
    query: str = "",
    page: int = 1,
    pages: int = 1,
) -> Context:
    rows = list_rows(user.pk, conversation.pk if conversation else None, query, page, pages)
    return {
        "rows": rows.rows,
        "more_url": rows.more_url,
        "query": query,
        "hits": first_hits(user, query) if query and page == 1 else [],
        "page": page,
        # Asked by the page's account menu, and where there is no model; the list alone has neither.
        "may_own_providers": cache(partial(may_own, user)),
    }


def composer(
    user: AbstractBaseUser, conversation: Conversation | None, wanted_model: str = ""
) -> Context:
    wanted = [pk for pk in (_uuid(wanted_model), conversation and conversation.model_id) if pk]
    choices = choices_for(user, wanted)
    default = choices.default
    first = default or next(iter(choices.models), None)
    by_id = {model.pk: model for model in choices.models}
    return {
        **next_send(conversation),
        "draft": draft_of(user, conversation),
        "queue": queue_of(conversation),
        "models": choices.models,
        "default_model": default,
        "other_models": [model for model in choices.models if model != default],
        # The one asked for, else the conversation's.
        "selected_model": next((by_id[pk] for pk in wanted if pk in by_id), first),
        "more_models": None if choices.are_all else choices.count,
        "models_url": models_url(conversation),
        "begins_with": None if conversation else first,
        "limit_kb": settings.MESSAGE_LIMIT_BYTES // 1024,
    }


def models_url(conversation: Conversation | None) -> str:
    """Where all models are listed, each to be picked for this conversation or a new one."""
    if conversation is None:
        return reverse("conversations:models")
    return reverse("conversations:models_for", args=[conversation.pk])


def next_send(conversation: Conversation | None) -> Context:
    """Where the composer posts next, and the id of that send."""
    if conversation:
        address = reverse("conversations:send", args=[conversation.pk])
        draft_url = reverse("conversations:draft", args=[conversation.pk])
        queue_url = reverse("conversations:queue", args=[conversation.pk])
    else:
        address, draft_url = reverse("conversations:create"), reverse("conversations:new_draft")
        queue_url = ""
    return {
        "conversation": conversation,
        "action": address,
        "draft_url": draft_url,
        "queue_url": queue_url,
        "send_id": uuid4(),
        "shown": conversation.leaf_id if conversation else None,
    }


def turns_page(conversation: Conversation | None, before: UUID | None) -> Context:
    if conversation is None:
        return {"turns": [], "earlier_url": ""}
    messages, earlier = branch_page(conversation, before)
    address = f"{conversation.get_absolute_url()}?before={messages[0].pk}" if earlier else ""
    turns = [turn_of(message) for message in messages]
    shown = {"shown": turns[-1].id} if turns else {}
    later_url = _later(conversation, turns)
    return {"turns": turns, "earlier_url": address, "later_url": later_url, **shown}


def later_page(conversation: Conversation, after: UUID) -> Context:
    """The turns that follow a message, and the way further on."""
    page = turns_page(conversation, page_after(conversation, after))
    ids = [turn.id for turn in page["turns"]]
    start = ids.index(str(after)) + 1 if str(after) in ids else 0
    return {"turns": page["turns"][start:], "later_url": page["later_url"]}


def _later(conversation: Conversation, turns: list[Turn]) -> str:
    """The next page towards the end of a long conversation; '' where this one holds the end."""
    if not turns or turns[-1].id == str(conversation.leaf_id):
        return ""
    return f"{conversation.get_absolute_url()}?after={turns[-1].id}"


def turns_after(conversation: Conversation, shown: str, until: UUID | None = None) -> Context:
    """What a page that ends with the message `shown` lacks, up to the message `until`, as
    `missed`. Where that is too much, from far up in the conversation, its end is `anew`."""
    ids = branch_ids(conversation)
    end = ids.index(until) if until in ids else len(ids)
    start = next((place for place, pk in enumerate(ids, 1) if str(pk) == shown), end)
    if end - start > PAGE:
        return {"anew": turns_page(conversation, None)}
    found = messages_with_ends(ids[start:end])
    return {"missed": [turn_of(found[pk]) for pk in ids[start:end]]}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
