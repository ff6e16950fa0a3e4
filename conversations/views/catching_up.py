"""What a page lacks that is told that its conversation has another head by now."""

import re
from uuid import UUID

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from conversations.access import deleted_conversation_for
from conversations.catching_up import Lack, lack_of
from conversations.models import Conversation
from conversations.page import next_send
from conversations.queueing import queue_of
from conversations.rows import row_of
from conversations.spending import spent_in
from conversations.views.fragments import answer, part, partial
from conversations.views.requests import UserRequest, signed_in

SHOWN = re.compile(r"([0-9a-f-]{36}):([\w.-]{0,40})")


@require_safe
@signed_in
def changes(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """`shown` has the last messages on the page, each with its run; `stamp` its header's."""
    mine = Conversation.objects.for_user(request.user).select_related("model__provider")
    conversation = mine.filter(pk=conversation_id).first()
    if conversation is None:
        deleted = deleted_conversation_for(request.user, conversation_id)
        return answer(*_gone(request, deleted))
    lack = lack_of(conversation, dict(SHOWN.findall(request.GET.get("shown", ""))))
    is_renamed = request.GET.get("stamp", "") != conversation.stamp
    return answer(
        partial("#chat-gone", "innerHTML", ""),
        *_log(request, lack),
        _header(request, conversation, is_whole=is_renamed),
        *_next(request, conversation),
        part(request, "#queue", "outerHTML", "_queue.html", _queue(conversation)),
        _row(request, conversation, is_first=bool(lack.more or lack.anew)),
    )


def _gone(request: UserRequest, deleted: Conversation) -> list[SafeString]:
    context = {"deleted": deleted}
    return [
        part(request, "#chat-gone", "innerHTML", "_chat_gone.html", context),
        part(request, f"#row-{deleted.pk}", "outerHTML", "_hidden_row.html", context),
    ]


def _log(request: UserRequest, lack: Lack) -> list[SafeString]:
    if lack.anew:
        return [part(request, "#messages", "innerHTML", "_turns.html", lack.anew)]
    gone = [partial(f'[id="m-{name}"]', "delete", "") for name in lack.gone]
    other = [
        part(request, f"#{turn.dom_id}", "outerHTML", "_message.html", {"turn": turn})
        for turn in lack.other
    ]
    more = part(request, "#messages", "beforeend", "_turns.html", {"turns": lack.more})
    return [*gone, *other, more]


def _next(request: UserRequest, conversation: Conversation) -> list[SafeString]:
    """Not the id of the next send: what is in the composer may have been sent under it."""
    model = conversation.model
    shown = part(request, "#shown", "outerHTML", "_shown.html", next_send(conversation))
    if model is None:
        return [shown]
    where = f'#model:not(:has([value="{model.pk}"]))'
    return [part(request, where, "beforeend", "_model_option.html", {"model": model}), shown]


def _queue(conversation: Conversation) -> dict[str, object]:
    return {"conversation": conversation, "queue": queue_of(conversation)}


def _header(request: UserRequest, conversation: Conversation, *, is_whole: bool) -> SafeString:
    context = {"conversation": conversation, "spent": spent_in(conversation.pk)}
    if is_whole:
        return part(request, "#chat-header", "outerHTML", "_chat_header.html", context)
    return part(request, "#spent", "outerHTML", "_spent.html", context)


def _row(request: UserRequest, conversation: Conversation, *, is_first: bool) -> SafeString:
    context = {"row": row_of(conversation, is_current=True)}
    if is_first:
        return part(request, "#conversation-list", "afterbegin", "_fresh_row.html", context)
    target = f"#row-{conversation.pk}"
    return part(request, target, "outerHTML", "_conversation_row.html", context)
