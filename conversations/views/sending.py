"""Asking: one form post stores the question and starts the run that answers it."""

from uuid import UUID

from asgiref.sync import async_to_sync
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations.access import conversation_for, folder_asked_for
from conversations.compared import compared_below
from conversations.forms import SendForm
from conversations.generation import draining, hub
from conversations.limits import NotNow
from conversations.models import Conversation, Folder
from conversations.page import Context, chat_page, next_send, turns_after
from conversations.rows import fresh_row
from conversations.sending import AnotherText, AnswerRunning, Sent, send
from conversations.turns import answer_turn, question_turn
from conversations.views.fragments import answer, partial
from conversations.views.listing import list_conversations
from conversations.views.requests import UserRequest, signed_in, wait_for
from providers.picking import remember_default

Refusal = HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def create_or_list(request: UserRequest) -> HttpResponseBase:
    """`/c/`: GET is the list of conversations, POST a question that begins a new one."""
    if request.method == "POST":
        return _send(request, None)
    return list_conversations(request)


@require_POST
@signed_in
def send_to(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    return _send(request, conversation_id)


@draining.asking()
def _send(request: UserRequest, conversation_id: UUID | None) -> HttpResponse:
    sent = _store(request, conversation_id)
    if isinstance(sent, HttpResponse):
        return sent
    for order in sent.orders:
        async_to_sync(hub.start)(order)
    return _show(request, sent, is_new=conversation_id is None)


def _store(request: UserRequest, conversation_id: UUID | None) -> Sent | Refusal:
    user = request.user
    conversation = conversation_for(user, conversation_id) if conversation_id else None
    form = SendForm(user, request.POST)
    if not form.is_valid():
        return refuse(request, conversation, form.first_error(), 422)
    try:
        sent = send(user, form.question(), conversation)
    except AnotherText:
        words = _("This message was already sent with another text. Send it again.")
    except AnswerRunning:
        return _refuse_while_running(request, conversation)
    except NotNow as refusal:
        return wait_for(refusal, refuse(request, conversation, str(refusal), refusal.status))
    except Conversation.DoesNotExist:
        raise Http404 from None
    else:
        if conversation is None and (picked := form.picked_model()):
            remember_default(user, picked)
        return sent
    return refuse(request, conversation, words, 409)


def _missed(request: UserRequest, sent: Sent) -> Context:
    """What was said in another tab since, or stands between what a search led to and the end: the
    model knows of it, so the page must show it too."""
    shown = request.POST.get("shown", "")
    if shown == str(sent.question.parent_id or ""):
        return {}
    return turns_after(sent.conversation, shown, sent.question.pk)


def _refuse_while_running(request: UserRequest, conversation: Conversation | None) -> Refusal:
    """With the answer that is being written, where the page does not show it: it has the Stop."""
    words = _("The answer is still being written. Wait for it, or stop it first.")
    if not request.htmx or conversation is None:
        return refuse(request, conversation, words, 409)
    conversation = conversation_for(request.user, conversation.pk)
    missed = turns_after(conversation, request.POST.get("shown", ""))
    context = {"words": words, **missed, **next_send(conversation)}
    return HttpResponse(render_to_string("_still_writing.html", context), status=409)


def refuse(
    request: UserRequest, conversation: Conversation | None, words: str, status: int
) -> Refusal:
    """Say why, with the text still in the composer."""
    if request.htmx:
        return answer(partial("#composer-error", "innerHTML", words), status=status)
    wanted = request.POST.get("model", "")
    folder = _folder(request) if conversation is None else None
    context = chat_page(request.user, conversation, wanted, folder=folder)
    context |= {"composer_error": words, "draft": request.POST.get("text", "")}
    if conversation is None:
        # What the chat would have begun with, by its preset, its folder or by hand.
        begun = ("system_prompt", "parameters", "begins_with")
        context |= {name: request.POST.get(name, "") for name in begun}
    return render(request, "chat.html", context, status=status)


def _folder(request: UserRequest) -> Folder | None:
    """Where the new chat was to stand, if that is still there."""
    try:
        return folder_asked_for(request.user, request.POST.get("folder", ""))
    except Http404:
        return None


def _show(request: UserRequest, sent: Sent, *, is_new: bool) -> HttpResponse:
    address = sent.conversation.get_absolute_url()
    if not request.htmx:
        return redirect(f"{address}#{sent.question.dom_id}")
    is_compared = sent.conversation.leaf_id == sent.question.pk
    compared = compared_below(sent.question.pk) if is_compared else ()
    context = {
        "question": question_turn(sent.question, compared),
        "reply": None if compared else answer_turn(sent.answer, sent.answer.generation),
        "row": fresh_row(sent.conversation),
        "is_new": is_new,
        **({} if is_new else _missed(request, sent)),
        **next_send(sent.conversation),
    }
    # Without the request: these forms are posted by htmx, which has the page's token.
    response = HttpResponse(render_to_string("_sent.html", context))
    if is_new:
        response["HX-Push-Url"] = address
    return response
