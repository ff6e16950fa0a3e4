"""Changes to a conversation: its title, its system prompt, deleting it and taking that back."""

from uuid import UUID

from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from conversations.access import conversation_for, deleted_conversation_for, running_answers
from conversations.forms import SystemPromptForm, TitleForm
from conversations.generation import hub
from conversations.models import Conversation
from conversations.page import next_send, sidebar
from conversations.views.fragments import answer, part, partial
from conversations.views.requests import UserRequest, signed_in


@require_safe
@signed_in
def options(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """The forms of a row's menu: a part when it is opened, a page without JavaScript."""
    conversation = conversation_for(request.user, conversation_id)
    template = "_row_menu.html" if request.htmx else "options.html"
    return render(request, template, {"conversation": conversation})


@require_POST
@signed_in
def rename(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id)
    form = TitleForm(request.POST)
    if form.is_valid():
        conversation.rename(form.cleaned_data["title"])
    elif request.htmx:
        words = str(form.errors["title"][0])
        return answer(partial("#composer-error", "innerHTML", words), status=422)
    return _show(request, conversation)


@require_POST
@signed_in
def instruct(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id)
    form = SystemPromptForm(request.POST)
    if form.is_valid():
        conversation.instruct(form.cleaned_data["system_prompt"])
    elif request.htmx:
        words = str(form.errors["system_prompt"][0])
        return answer(partial("#composer-error", "innerHTML", words), status=422)
    return _show(request, conversation)


@require_POST
@signed_in
def delete(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id)
    conversation.delete_softly()
    for answer_id in running_answers(conversation):
        async_to_sync(hub.stop)(answer_id)
    # The page that shows it has nothing left to show: the next one offers the way back.
    address = f"{reverse('conversations:new')}?deleted={conversation.pk}"
    if not request.htmx:
        return redirect(address)
    if _is_open(request, conversation):
        return HttpResponseClientRedirect(address)
    toast = part(request, "#toast", "innerHTML", "_toast.html", {"deleted": conversation})
    return answer(_list(request, None), toast)


@require_POST
@signed_in
def restore(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = deleted_conversation_for(request.user, conversation_id)
    conversation.restore()
    if not request.htmx:
        return redirect(conversation)
    return answer(_list(request, None), partial("#toast", "innerHTML", ""))


def _show(request: UserRequest, conversation: Conversation) -> HttpResponse:
    if not request.htmx:
        return redirect(conversation)
    parts = [_list(request, conversation)]
    if _is_open(request, conversation):
        context = next_send(conversation)
        parts.append(part(request, "#chat-header", "outerHTML", "_chat_header.html", context))
    return answer(*parts)


def _list(request: UserRequest, conversation: Conversation | None) -> SafeString:
    context = sidebar(request.user, conversation)
    return part(request, "#conversation-list", "outerHTML", "_conversation_list.html", context)


def _is_open(request: UserRequest, conversation: Conversation) -> bool:
    """Whether the page that asks is showing this conversation."""
    shown = request.htmx.current_url_abs_path or ""
    return shown.startswith(conversation.get_absolute_url())
