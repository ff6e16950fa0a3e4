"""What is done to a message and changes which branch is shown: edit it, show another version of
it, delete it and take that back; and fork the conversation there."""

from functools import partial as bound
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from conversations.access import deleted_message_for, message_for, question_for
from conversations.branch import shown_after
from conversations.forking import fork
from conversations.forms import EditForm
from conversations.generation import hub
from conversations.limits import NotNow
from conversations.models import Conversation, Message
from conversations.page import address_of, composer
from conversations.removing import deleted_running, remove, restore
from conversations.sending import AnswerRunning, Question, Sent, edit
from conversations.versions import turn_to
from conversations.views.asking import Ask, begin, refusing, still_writing
from conversations.views.fragments import answer, part, partial
from conversations.views.log import branch_parts
from conversations.views.requests import UserRequest, signed_in, wait_for
from providers.models import Model

GONE = (Conversation.DoesNotExist, Message.DoesNotExist)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_question(request: UserRequest, message_id: UUID) -> HttpResponse:
    """GET is the form, in place or as a page; POST asks otherwise."""
    question = question_for(request.user, message_id)
    if request.method != "POST":
        return _form(request, question, question.content)
    form = EditForm(request.POST)
    refuse = bound(_refuse_edit, request, question)
    if not form.is_valid():
        return refuse(form.first_error(), 422)
    sent = begin(request, question, _asking(request, form), refuse)
    if isinstance(sent, HttpResponse):
        return sent
    if not request.htmx:
        return redirect(address_of(sent.conversation, sent.question))
    return answer(*branch_parts(request, sent.conversation, sent.question.pk, is_new=True))


@require_POST
@signed_in
def show(request: UserRequest, message_id: UUID) -> HttpResponse:
    message = message_for(request.user, message_id)
    try:
        conversation = turn_to(message)
    except GONE:
        raise Http404 from None
    return _show(request, conversation, message)


@require_POST
@signed_in
def fork_at(request: UserRequest, message_id: UUID) -> HttpResponse:
    message = message_for(request.user, message_id)
    refuse = refusing(request, message)
    try:
        key = _key(request.POST.get("key", ""))
        address = fork(request.user, message, key).get_absolute_url()
    except AnswerRunning:
        return refuse(still_writing(), 409)
    except NotNow as refusal:
        return wait_for(refusal, refuse(str(refusal), refusal.status))
    except GONE:
        raise Http404 from None
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@require_POST
@signed_in
def delete(request: UserRequest, message_id: UUID) -> HttpResponse:
    """With all that followed it; the toast has the way back."""
    message = message_for(request.user, message_id)
    try:
        conversation, count = remove(message)
    except GONE:
        raise Http404 from None
    for answer_id in deleted_running(conversation):
        async_to_sync(hub.stop)(answer_id)
    shown = shown_after(conversation, message.parent_id) or message.parent_id
    if not request.htmx:
        return redirect(f"{conversation.get_absolute_url()}?undo={message.pk}{_anchor(shown)}")
    toast = {"deleted_message": message, "count": count}
    return answer(
        *branch_parts(request, conversation, shown),
        part(request, "#toast", "innerHTML", "_toast.html", toast),
    )


@require_POST
@signed_in
def undelete(request: UserRequest, message_id: UUID) -> HttpResponse:
    message = deleted_message_for(request.user, message_id)
    try:
        conversation = restore(message)
    except GONE:
        raise Http404 from None
    return _show(request, conversation, message, partial("#toast", "innerHTML", ""))


def _show(
    request: UserRequest, conversation: Conversation, message: Message, *more: SafeString
) -> HttpResponse:
    if not request.htmx:
        return redirect(address_of(conversation, message))
    return answer(*branch_parts(request, conversation, message.pk), *more)


def _asking(request: UserRequest, form: EditForm) -> Ask:
    def ask(question: Message, model: Model) -> Sent:
        cleaned = form.cleaned_data
        send_id = cleaned["send_id"] or uuid4()
        return edit(request.user, Question(cleaned["text"], model, send_id), question)

    return ask


def _form(
    request: UserRequest, question: Message, text: str, words: str = "", status: int = 200
) -> HttpResponse:
    context = {"message": question, "text": text, "send_id": uuid4(), "words": words}
    if request.htmx:
        return render(request, "_edit_form.html", context)
    context |= composer(request.user, question.conversation, request.POST.get("model", ""))
    return render(request, "edit.html", context, status=status)


def _refuse_edit(request: UserRequest, question: Message, words: str, status: int) -> HttpResponse:
    """With the text still in its field; sent again after a conflict, it is another send."""
    if request.htmx:
        told = [partial("#composer-error", "innerHTML", words)]
        if status == 409:
            where = f"[action='{request.path}'] [name=send_id]"
            told.append(part(request, where, "outerHTML", "_send_id.html", {"send_id": uuid4()}))
        return answer(*told, status=status)
    return _form(request, question, request.POST.get("text", ""), words, status)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _anchor(message_id: UUID | None) -> str:
    shown = Message.objects.filter(pk=message_id).first() if message_id else None
    return f"#{shown.dom_id}" if shown else ""
