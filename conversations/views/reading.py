"""Pages that only read: the empty chat, a conversation, a message's text."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations.access import conversation_for, folder_asked_for, message_for, picture_for
from conversations.branch import page_after
from conversations.models import Conversation, Message, QueuedMessage
from conversations.page import Context, address_of, chat_page, later_page, turns_page
from conversations.starting import begun_with, choices_of, preset_for, written
from conversations.turns import Turn
from conversations.unseen import see
from conversations.versions import turn_to
from conversations.views.images import image
from conversations.views.requests import UserRequest, signed_in


@require_safe
@signed_in
def new(request: UserRequest) -> HttpResponse:
    context = _new_chat(request)
    if "prompt" in request.GET:
        context["draft"] = _with_prompt(request, context["draft"])
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
    if shown.unseen:
        see(shown)
    context = chat_page(request.user, shown, request.GET.get("model", ""), before)
    if not _is_written_in(request, context):
        context["again_url"] = _again(request, context["turns"])
    if undo := _uuid(request.GET.get("undo", "")):
        context |= _deleted(request, undo)
    if "prompt" in request.GET:
        context["draft"] = _with_prompt(request, context["draft"])
    return render(request, "chat.html", context)


@require_safe
@signed_in
def place(request: UserRequest, message_id: UUID) -> HttpResponse:
    """Leads to where a message stands in its conversation, on the branch that holds it."""
    message = message_for(request.user, message_id)
    try:
        return redirect(address_of(turn_to(message), message))
    except (Conversation.DoesNotExist, Message.DoesNotExist):
        raise Http404 from None


@require_safe
@signed_in
def text(request: UserRequest, message_id: UUID) -> HttpResponse:
    """The message as it was written: Markdown for an answer, plain text for a question."""
    message = message_for(request.user, message_id)
    return HttpResponse(message.content, content_type="text/plain; charset=utf-8")


@require_safe
@signed_in
def picture(request: UserRequest, message_id: UUID, number: int) -> HttpResponse:
    return image(picture_for(request.user, message_id, number))


def _new_chat(request: UserRequest) -> Context:
    """An empty chat, with the presets that it may begin with, or with the one that was chosen."""
    wanted, preset = request.GET.get("model", ""), None
    folder = folder_asked_for(request.user, request.GET.get("folder", ""))
    if "preset" in request.GET:
        preset = preset_for(request.user, _uuid(request.GET["preset"]))
        wanted = wanted or str(preset.model_id or "")
    page = chat_page(request.user, None, wanted, folder=folder)
    begun = begun_with(preset, page) if preset else {}
    return {**page, "choices": choices_of(request.user), **begun}


def _with_prompt(request: UserRequest, draft: str) -> str:
    return written(draft, request.user, _uuid(request.GET["prompt"]))


def _deleted(request: UserRequest, message_id: UUID) -> Context:
    """What the toast tells that offers to take it back."""
    removed = QueuedMessage.everything.filter(author_id=request.user.pk, pk=message_id)
    if removed.exclude(deleted_at=None).exists():
        return {"removed_id": message_id}
    mine = Message.objects.deleted_by(request.user, timezone.now())
    message = mine.filter(pk=message_id).first()
    if message is None:
        return {}
    count = mine.filter(conversation=message.conversation_id, deleted_at=message.deleted_at).count()
    return {"deleted_message": message, "count": count}


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
    at = turns[-1] if turns[-1].compared else turns[-2:][0]
    return f"{request.path}{query}#{at.dom_id}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
