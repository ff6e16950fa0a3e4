"""Pages that only read: the empty chat, a conversation, a message's text."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from conversations.access import conversation_for, message_for, picture_for, running_answers
from conversations.branch import branch_ids, leaf_under, page_after, page_with
from conversations.locks import locked
from conversations.models import Conversation, Message
from conversations.page import Context, chat_page, later_page, turns_page
from conversations.turns import Turn
from conversations.views.requests import UserRequest, signed_in
from providers.media_types import ending_of


@require_safe
@signed_in
def new(request: UserRequest) -> HttpResponse:
    context = chat_page(request.user, None, request.GET.get("model", ""))
    if deleted_id := _uuid(request.GET.get("deleted", "")):
        mine = Conversation.objects.deleted_by(request.user)
        context["deleted"] = mine.filter(pk=deleted_id).first()
    return render(request, "chat.html", context)


@require_safe
@signed_in
def conversation(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    shown = conversation_for(request.user, conversation_id)
    before, after = (_uuid(request.GET.get(name, "")) for name in ("before", "after"))
    if after and request.htmx:
        return render(request, "_turns.html", later_page(shown, after))
    if before and request.htmx:
        # The way towards the end is on the page that asks.
        return render(request, "_turns.html", {**turns_page(shown, before), "later_url": ""})
    before = page_after(shown, after) if after else before
    context = chat_page(request.user, shown, request.GET.get("model", ""), before)
    if not _is_written_in(request, context):
        context["again_url"] = _again(request, context["turns"])
    return render(request, "chat.html", context)


@require_safe
@signed_in
def place(request: UserRequest, message_id: UUID) -> HttpResponse:
    """Leads to where a message stands in its conversation, on the branch that holds it."""
    message = message_for(request.user, message_id)
    shown = message.conversation
    if message.pk not in branch_ids(shown):
        shown = _turned_to(message)
    before = page_with(shown, message.pk)
    query = f"?before={before}" if before else ""
    return redirect(f"{shown.get_absolute_url()}{query}#{message.dom_id}")


@require_safe
@signed_in
def text(request: UserRequest, message_id: UUID) -> HttpResponse:
    """The message as it was written: Markdown for an answer, plain text for a question."""
    message = message_for(request.user, message_id)
    return HttpResponse(message.content, content_type="text/plain; charset=utf-8")


@require_safe
@signed_in
def picture(request: UserRequest, message_id: UUID, number: int) -> HttpResponse:
    """An image of an answer. Whatever a browser took it for, it could do nothing."""
    found = picture_for(request.user, message_id, number)
    data = bytes(found.data)
    name = f"image-{found.number + 1}{ending_of(data)}"
    return HttpResponse(
        data,
        content_type=found.media_type,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            # The style is that of browsers' own pages around an image.
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _turned_to(message: Message) -> Conversation:
    with transaction.atomic():
        try:
            conversation = locked(message.conversation)
        except Conversation.DoesNotExist:
            raise Http404 from None
        # While an answer is being written its branch stays in view: there is its Stop.
        if not running_answers(conversation):
            conversation.turn_to(leaf_under(conversation, message.pk))
        return conversation


def _is_written_in(request: UserRequest, context: Context) -> bool:
    """Whether a text would be gone if this page asked for itself again."""
    return "next" in request.GET or context["queue"].is_edited


def _again(request: UserRequest, turns: list[Turn]) -> str:
    """Where a page without JavaScript goes on with an answer that is being written; else ''.

    Another address each time, since for its own one with a fragment a browser loads nothing.
    """
    if not turns or not turns[-1].is_busy:
        return ""
    query = "" if "again" in request.GET else "?again"
    return f"{request.path}{query}#{turns[-2:][0].dom_id}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
