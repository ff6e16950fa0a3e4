"""The parts that make what a page shows of a conversation what it is now: the log, and around it
what goes with its last message."""

import re
from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest
from django.utils.safestring import SafeString

from conversations.catching_up import Lack, lack_of
from conversations.gauge import gauge_at_leaf, where_picked
from conversations.models import Conversation
from conversations.page import next_send
from conversations.rows import row_of
from conversations.views.fragments import part, partial

_SHOWN = re.compile(r"([0-9a-f-]{36}):([\w.+-]{0,200})")


def shown_by(text: str) -> Mapping[str, str]:
    """The last messages on a page, each with its run, as the page says them."""
    return dict(_SHOWN.findall(text))


def branch_parts(
    request: HttpRequest, conversation: Conversation, near: UUID | None, *, is_new: bool = False
) -> list[SafeString]:
    """For a page that has just changed which branch is shown, with the message `near` in sight;
    `is_new` where something was asked, which brings the conversation up the list."""
    lack = lack_of(conversation, shown_by(request.POST.get("turns", "")), near)
    return [
        *log_parts(request, lack),
        *next_parts(request, conversation),
        row_part(request, conversation, is_first=is_new),
    ]


def log_parts(request: HttpRequest, lack: Lack) -> list[SafeString]:
    if lack.anew:
        return [part(request, "#messages", "innerHTML", "_turns.html", lack.anew)]
    gone = [partial(f'[id="m-{name}"]', "delete", "") for name in lack.gone]
    other = [
        part(request, f"#{turn.dom_id}", "outerHTML", "_message.html", {"turn": turn})
        for turn in lack.other
    ]
    more = part(request, "#messages", "beforeend", "_turns.html", {"turns": lack.more})
    return [*gone, *other, more]


def next_parts(request: HttpRequest, conversation: Conversation) -> list[SafeString]:
    """Not the id of the next send: what is in the composer may have been sent under it."""
    model = conversation.model
    shown = part(request, "#shown", "outerHTML", "_shown.html", next_send(conversation))
    if model is None:
        return [shown, *_gauge(request, conversation)]
    where = f'#model:not(:has([value="{model.pk}"]))'
    option = part(request, where, "beforeend", "_model_option.html", {"model": model})
    return [option, shown, *_gauge(request, conversation)]


def row_part(request: HttpRequest, conversation: Conversation, *, is_first: bool) -> SafeString:
    context = {"row": row_of(conversation, is_current=True)}
    if is_first:
        return part(request, "#conversation-list", "afterbegin", "_fresh_row.html", context)
    target = f"#row-{conversation.pk}"
    return part(request, target, "outerHTML", "_conversation_row.html", context)


def _gauge(request: HttpRequest, conversation: Conversation) -> list[SafeString]:
    context = {"gauge": gauge_at_leaf(conversation, conversation.model)}
    here, elsewhere = where_picked(conversation.model_id)
    if context["gauge"] is None:
        return [part(request, "#gauge", "outerHTML", "_gauge.html", context)]
    return [
        part(request, here, "outerHTML", "_gauge.html", context),
        part(request, elsewhere, "beforeend", "_gauge_anew.html", context),
    ]
