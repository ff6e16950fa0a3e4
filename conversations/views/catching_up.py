"""What a page lacks that is told that its conversation has another head by now."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from conversations.access import deleted_conversation_for
from conversations.catching_up import lack_of
from conversations.models import Conversation
from conversations.queueing import queue_of
from conversations.rows import is_newest
from conversations.spending import spent_in
from conversations.views.fragments import answer, part, partial
from conversations.views.log import log_parts, next_parts, row_part, shown_by
from conversations.views.requests import UserRequest, signed_in


@require_safe
@signed_in
def changes(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """`shown` has the last messages on the page, each with its run; `stamp` its header's."""
    mine = Conversation.objects.for_user(request.user).select_related("model__provider")
    conversation = mine.filter(pk=conversation_id).first()
    if conversation is None:
        deleted = deleted_conversation_for(request.user, conversation_id)
        return answer(*_gone(request, deleted))
    lack = lack_of(conversation, shown_by(request.GET.get("shown", "")))
    # It may be nothing but another version in view, and that leaves the list as it is.
    is_news = bool(lack.more or lack.anew)
    is_renamed = request.GET.get("stamp", "") != conversation.stamp
    return answer(
        partial("#chat-gone", "innerHTML", ""),
        *log_parts(request, lack),
        _header(request, conversation, is_whole=is_renamed),
        *next_parts(request, conversation),
        part(request, "#queue", "outerHTML", "_queue.html", _queue(conversation)),
        part(request, "#summaries", "outerHTML", "_summaries.html", {"conversation": conversation}),
        row_part(request, conversation, is_first=is_news and is_newest(conversation)),
    )


def _gone(request: UserRequest, deleted: Conversation) -> list[SafeString]:
    context = {"deleted": deleted}
    return [
        part(request, "#chat-gone", "innerHTML", "_chat_gone.html", context),
        part(request, f"#row-{deleted.pk}", "outerHTML", "_hidden_row.html", context),
    ]


def _queue(conversation: Conversation) -> dict[str, object]:
    return {"conversation": conversation, "queue": queue_of(conversation)}


def _header(request: UserRequest, conversation: Conversation, *, is_whole: bool) -> SafeString:
    context = {"conversation": conversation, "spent": spent_in(conversation.pk)}
    if is_whole:
        return part(request, "#chat-header", "outerHTML", "_chat_header.html", context)
    return part(request, "#spent", "outerHTML", "_spent.html", context)
