"""What the chat page is made of, gathered for the page and for each of its parts."""

from functools import cache, partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse

from conversations.branch import (
    PAGE,
    branch_page,
    last_ids,
    messages_with_ends,
    page_after,
    page_with,
)
from conversations.compared import compared_below, that_goes_on
from conversations.drafts import draft_of
from conversations.folders import folders_of
from conversations.gauge import Gauge, gauge_of
from conversations.models import Conversation, Folder, Message
from conversations.models.message import Role
from conversations.queueing import queue_of
from conversations.rows import list_rows
from conversations.search.finding import first_hits
from conversations.shelf import Shelf, shelf_around
from conversations.spending import spent_in
from conversations.tags import tags_of
from conversations.turns import Turn, pending_turn, turns_of
from providers.models import Model
from providers.ownership import may_own
from providers.picking import Choices, choices_for

Context = dict[str, Any]


def chat_page(
    user: AbstractBaseUser,
    conversation: Conversation | None,
    wanted_model: str = "",
    before: UUID | None = None,
    folder: Folder | None = None,
) -> Context:
    """Everything that chat.html shows; `folder` is where a new chat is to stand."""
    page = turns_page(conversation, before)
    written = (
        _beginning_in(user, folder, wanted_model)
        if folder
        else composer(user, conversation, wanted_model)
    )
    return {
        **sidebar(user, conversation, Shelf(folder=folder) if folder else None),
        **written,
        **page,
        "gauge": _gauge(conversation, written["selected_model"], page),
        **({"spent": spent_in(conversation.pk)} if conversation else {}),
        "pending": pending_turn(),
    }


def sidebar(
    user: AbstractBaseUser, conversation: Conversation | None, shelf: Shelf | None = None
) -> Context:
    """Without a shelf it shows the one on which the open conversation stands."""
    shelf = shelf or shelf_around(conversation)
    rows = list_rows(user.pk, conversation.pk if conversation else None, shelf)
    return {
        "shelf": shelf,
        "pinned": rows.pinned,
        "rows": rows.rows,
        "more_url": rows.more_url,
        "query": shelf.query,
        "hits": first_hits(user, shelf.query) if shelf.query and shelf.is_head else [],
        # Not every list has them.
        "folders": cache(partial(folders_of, user)),
        "tags": cache(partial(tags_of, user)),
        # Asked by the page's account menu, and where there is no model; the list alone has neither.
        "may_own_providers": cache(partial(may_own, user)),
    }


def options_of(user: AbstractBaseUser, conversation: Conversation) -> Context:
    """What a row's menu shows of its chat."""
    return {
        "conversation": conversation,
        "chat_tags": list(conversation.tags.all()),
        "folders": cache(partial(folders_of, user)),
        "tags": cache(partial(tags_of, user)),
    }


def composer(
    user: AbstractBaseUser, conversation: Conversation | None, wanted_model: str = ""
) -> Context:
    wanted = _wanted(conversation, wanted_model)
    choices = choices_for(user, wanted)
    default = choices.default
    return {
        **next_send(conversation),
        "draft": draft_of(user, conversation),
        "queue": queue_of(conversation),
        "models": choices.models,
        "default_model": default,
        "other_models": [model for model in choices.models if model != default],
        "selected_model": _selected(choices, wanted),
        "more_models": None if choices.are_all else choices.count,
        "models_url": models_url(conversation),
        "compare_url": compare_url(conversation),
        "begins_with": None if conversation else _id_of(_first(choices)),
        "limit_kb": settings.MESSAGE_LIMIT_BYTES // 1024,
    }


def _beginning_in(user: AbstractBaseUser, folder: Folder, wanted_model: str) -> Context:
    """The composer of a new chat in a folder. What that begins with is nobody's pick, and not what
    other chats begin with from now on."""
    begun = composer(user, None, wanted_model or str(folder.model_id or ""))
    return {
        **begun,
        "begins_with": _id_of(begun["selected_model"]),
        "folder": folder,
        "system_prompt": folder.system_prompt,
    }


def model_for_next(
    user: AbstractBaseUser, conversation: Conversation, wanted_model: str = ""
) -> Model | None:
    """The one that the composer has picked."""
    wanted = _wanted(conversation, wanted_model)
    return _selected(choices_for(user, wanted), wanted)


def models_url(conversation: Conversation | None) -> str:
    """Where all models are listed, each to be picked for this conversation or a new one."""
    if conversation is None:
        return reverse("conversations:models")
    return reverse("conversations:models_for", args=[conversation.pk])


def compare_url(conversation: Conversation | None) -> str:
    """Where several models are picked for the next message."""
    if conversation is None:
        return reverse("conversations:compare_new")
    return reverse("conversations:compare", args=[conversation.pk])


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
        return {"turns": [], "earlier_url": "", "read": []}
    messages, earlier = branch_page(conversation, before)
    address = f"{conversation.get_absolute_url()}?before={messages[0].pk}" if earlier else ""
    turns = turns_of(messages, conversation.leaf_id)
    shown = {"shown": turns[-1].id} if turns else {}
    later_url = _later(conversation, turns)
    places = {"earlier_url": address, "later_url": later_url}
    compared = compared_below(conversation.leaf_id) if turns and turns[-1].compared else []
    read = [*messages, that_goes_on(compared)] if compared else messages
    return {"turns": turns, "read": read, **places, **shown}


def later_page(conversation: Conversation, after: UUID) -> Context:
    """The turns that follow a message, and the way further on."""
    page = turns_page(conversation, page_after(conversation, after))
    ids = [turn.id for turn in page["turns"]]
    start = ids.index(str(after)) + 1 if str(after) in ids else 0
    return {"turns": page["turns"][start:], "later_url": page["later_url"]}


def address_of(conversation: Conversation, message: Message) -> str:
    """Of the page that shows a message of the branch, at this message."""
    before = page_with(conversation, message.pk)
    query = f"?before={before}" if before else ""
    return f"{conversation.get_absolute_url()}{query}#{message.dom_id}"


def _later(conversation: Conversation, turns: list[Turn]) -> str:
    """The next page towards the end of a long conversation; '' where this one holds the end."""
    if not turns or turns[-1].id == str(conversation.leaf_id):
        return ""
    return f"{conversation.get_absolute_url()}?after={turns[-1].id}"


def turns_after(conversation: Conversation, shown: str, until: UUID | None = None) -> Context:
    """What a page that ends with the message `shown` lacks, up to the message `until`, as
    `missed`. Where that is too much, or the page shows another branch, the end is `anew`. A
    question that it ended with, with what was compared below it, is `settled` by now."""
    # The one that is shown, PAGE that are not, and `until`.
    ids = last_ids(conversation, until or conversation.leaf_id, PAGE + 1 + bool(until))
    start = next((place for place, pk in enumerate(ids, 1) if str(pk) == shown), None)
    if start is None:
        return {"anew": turns_page(conversation, None)}
    known = ids[start - 1 : -1] if until else ids[start - 1 :]
    if len(known) < 2:
        return {"missed": []}
    found = messages_with_ends(known)
    last, *missed = turns_of([found[pk] for pk in known], conversation.leaf_id)
    return {"missed": missed, "settled": last if last.role == Role.USER else None}


def _gauge(conversation: Conversation | None, model: Model | None, page: Context) -> Gauge | None:
    if conversation is None or not page["read"]:
        return None
    # A page from the middle of a chat has not read its end.
    read = [] if page["later_url"] else page["read"]
    return gauge_of(conversation, model, read, is_whole=bool(read) and not page["earlier_url"])


def _wanted(conversation: Conversation | None, wanted_model: str) -> list[UUID]:
    """The one asked for, else the conversation's."""
    return [pk for pk in (_uuid(wanted_model), conversation and conversation.model_id) if pk]


def _selected(choices: Choices, wanted: list[UUID]) -> Model | None:
    by_id = {model.pk: model for model in choices.models}
    return next((by_id[pk] for pk in wanted if pk in by_id), _first(choices))


def _first(choices: Choices) -> Model | None:
    return choices.default or next(iter(choices.models), None)


def _id_of(model: Model | None) -> UUID | None:
    return model.pk if model else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
