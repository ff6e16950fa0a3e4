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
from conversations.arranging import bring_back
from conversations.forms import SystemPromptForm, TitleForm
from conversations.generation import hub
from conversations.models import Conversation
from conversations.page import chat_page, next_send, options_of, sidebar
from conversations.rows import row_of
from conversations.search.finding import first_hits
from conversations.shelf import searched
from conversations.spending import spent_in
from conversations.views.fragments import answer, part, partial
from conversations.views.requests import UserRequest, posted_shelf, signed_in


@require_safe
@signed_in
def options(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """The forms of a row's menu: a part when it is opened, a page without JavaScript."""
    conversation = conversation_for(request.user, conversation_id)
    template = "_row_menu.html" if request.htmx else "options.html"
    return render(request, template, options_of(request.user, conversation))


@require_POST
@signed_in
def rename(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return _refuse_title(request, conversation, form)
    conversation.rename(form.cleaned_data["title"])
    if not request.htmx:
        return redirect(conversation)
    return answer(_row(request, conversation), *_header(request, conversation))


@require_POST
@signed_in
def instruct(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id)
    form = SystemPromptForm(request.POST)
    if not form.is_valid():
        words = str(form.errors["system_prompt"][0])
        return _refuse_prompt(request, conversation, words)
    conversation.instruct(form.cleaned_data["system_prompt"])
    if not request.htmx:
        return redirect(conversation)
    return answer(*_header(request, conversation))


@require_POST
@signed_in
def delete(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id)
    conversation.delete_softly()
    for answer_id in running_answers(conversation):
        async_to_sync(hub.stop)(answer_id)
    # The page that shows it has nothing left to show: the next one offers the way back.
    address = _deleted_address(conversation)
    if not request.htmx:
        return redirect(address)
    if _is_open(request, conversation):
        return HttpResponseClientRedirect(address)
    context = {"deleted": conversation}
    row = f"#row-{conversation.pk}"
    return answer(
        part(request, row, "outerHTML", "_hidden_row.html", context),
        # With the last row gone, words stand there.
        _list(request, f":not(:has(.row:not({row})))"),
        *_found(request),
        part(request, "#toast", "innerHTML", "_toast.html", context),
    )


@require_POST
@signed_in
def restore(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = deleted_conversation_for(request.user, conversation_id)
    bring_back(request.user, conversation)
    if not request.htmx:
        return redirect(conversation)
    if _was_open(request, conversation):
        return HttpResponseClientRedirect(conversation.get_absolute_url())
    # Not every list still holds the row's place: it may be another search's by now.
    elsewhere = f":not(:has(#row-{conversation.pk}))"
    parts = [
        _row(request, conversation),
        _list(request, elsewhere),
        *_found(request),
        partial("#toast", "innerHTML", ""),
    ]
    if _is_open(request, conversation):
        parts.append(partial("#chat-gone", "innerHTML", ""))
    return answer(*parts)


def _refuse_title(
    request: UserRequest, conversation: Conversation, form: TitleForm
) -> HttpResponse:
    """The form once more, with the reason: where it stood, or a page without JavaScript."""
    context = {
        **options_of(request.user, conversation),
        "place": "header" if request.POST.get("place") == "header" else "row",
        "title": request.POST.get("title", ""),
        "title_error": str(form.errors["title"][0]),
    }
    template = "_rename_form.html" if request.htmx else "options.html"
    return render(request, template, context, status=422)


def _refuse_prompt(request: UserRequest, conversation: Conversation, words: str) -> HttpResponse:
    """Why, with the text still in its field."""
    if request.htmx:
        return answer(partial("#composer-error", "innerHTML", words), status=422)
    conversation.system_prompt = request.POST.get("system_prompt", "")
    context = {**chat_page(request.user, conversation), "composer_error": words}
    return render(request, "chat.html", context, status=422)


def _header(request: UserRequest, conversation: Conversation) -> list[SafeString]:
    if not _is_open(request, conversation):
        return []
    context = {**next_send(conversation), "spent": spent_in(conversation.pk)}
    return [part(request, "#chat-header", "outerHTML", "_chat_header.html", context)]


def _row(request: UserRequest, conversation: Conversation) -> SafeString:
    """The one row, for a list that may be the outcome of a search, opened page by page."""
    row = row_of(conversation, is_current=_is_open(request, conversation))
    target = f"#row-{conversation.pk}"
    return part(request, target, "outerHTML", "_conversation_row.html", {"row": row})


def _list(request: UserRequest, where: str) -> SafeString:
    """The whole list, put in only where the condition holds for the one on the page."""
    context = sidebar(request.user, None, posted_shelf(request))
    target = f"#conversation-list{where}"
    return part(request, target, "outerHTML", "_conversation_list.html", context)


def _found(request: UserRequest) -> list[SafeString]:
    """The messages below the list, where it is the outcome of a search."""
    if not (query := searched(request.POST)):
        return []
    context = {"hits": first_hits(request.user, query)}
    return [part(request, "#found", "outerHTML", "_found.html", context)]


def _is_open(request: UserRequest, conversation: Conversation) -> bool:
    """Whether the page that asks is showing this conversation."""
    shown = request.htmx.current_url_abs_path or ""
    return shown.startswith(conversation.get_absolute_url())


def _was_open(request: UserRequest, conversation: Conversation) -> bool:
    """Whether the page that asks came in the place of this conversation's."""
    return request.htmx.current_url_abs_path == _deleted_address(conversation)


def _deleted_address(conversation: Conversation) -> str:
    return f"{reverse('conversations:new')}?deleted={conversation.pk}"
