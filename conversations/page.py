"""What the chat page is made of, gathered for the page and for each of its parts."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import gettext as _

from conversations.branch import branch_ids, branch_page
from conversations.drafts import draft_of
from conversations.models import Conversation, Message
from conversations.spending import spent_in
from conversations.turns import Turn, list_rows, pending_turn, turn_of
from providers.models import Model

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
        "suggestions": [] if conversation else _suggestions(),
    }


def sidebar(
    user: AbstractBaseUser, conversation: Conversation | None, query: str = "", page: int = 1
) -> Context:
    rows = list_rows(user.pk, conversation.pk if conversation else None, query, page)
    return {"rows": rows.rows, "more_url": rows.more_url, "query": query, "page": page}


def composer(
    user: AbstractBaseUser, conversation: Conversation | None, wanted_model: str = ""
) -> Context:
    models = list(Model.objects.for_user(user).for_chat().select_related("provider"))
    return {
        **next_send(conversation),
        "draft": draft_of(user, conversation),
        "models": models,
        "selected_model": _selected(models, user, conversation, wanted_model),
        "limit_kb": settings.MESSAGE_LIMIT_BYTES // 1024,
    }


def next_send(conversation: Conversation | None) -> Context:
    """Where the composer posts next, and the id of that send."""
    if conversation:
        address = reverse("conversations:send", args=[conversation.pk])
        draft_url = reverse("conversations:draft", args=[conversation.pk])
    else:
        address, draft_url = reverse("conversations:create"), reverse("conversations:new_draft")
    return {
        "conversation": conversation,
        "action": address,
        "draft_url": draft_url,
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
    return {"turns": turns, "earlier_url": address, **shown}


def turns_after(conversation: Conversation, shown: str, until: UUID | None = None) -> list[Turn]:
    """What a page that ends with the message `shown` lacks, up to the message `until`."""
    ids = branch_ids(conversation)
    end = ids.index(until) if until in ids else len(ids)
    start = next((place for place, pk in enumerate(ids, 1) if str(pk) == shown), end)
    found = Message.objects.select_related("generation").in_bulk(ids[start:end])
    return [turn_of(found[pk]) for pk in ids[start:end]]


def _selected(
    models: list[Model],
    user: AbstractBaseUser,
    conversation: Conversation | None,
    wanted_model: str,
) -> Model | None:
    """The model asked for, else the conversation's, else the one used last, else the first."""
    last = conversation or Conversation.objects.for_user(user).newest_first().first()
    by_id = {str(model.pk): model for model in models}
    for wanted in (wanted_model, str(last.model_id) if last else ""):
        if wanted in by_id:
            return by_id[wanted]
    return models[0] if models else None


def _suggestions() -> list[str]:
    return [
        _("Explain a hard idea in plain words"),
        _("Draft a short, friendly e-mail"),
        _("Compare two options in a table"),
        _("Find the mistake in this code"),
    ]
