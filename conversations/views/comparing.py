"""Answers side by side: which models are asked, which answer is kept, and one made of all."""

from functools import partial as bound
from uuid import UUID

from asgiref.sync import async_to_sync
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.access import answer_for, conversation_for, question_for
from conversations.compared import compared_below, running_in_view
from conversations.comparing import asked_below, compare_with, keep, merge
from conversations.comparing_form import BesideForm
from conversations.generation import hub
from conversations.models import Conversation, Message
from conversations.page import address_of, composer
from conversations.turns import compared_turn
from conversations.views.asking import back_to, begin, begin_all
from conversations.views.fragments import answer, part
from conversations.views.log import branch_parts
from conversations.views.requests import UserRequest, signed_in


@require_safe
@signed_in
def pick(request: UserRequest, conversation_id: UUID | None = None) -> HttpResponse:
    """The models to be asked at once: for the composer, and a page that sends by itself."""
    shown = conversation_for(request.user, conversation_id) if conversation_id else None
    context = composer(request.user, shown, request.GET.get("model", ""))
    return render(request, "compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def compare(request: UserRequest, message_id: UUID) -> HttpResponse:
    """GET is the page on which models are picked that answer beside this answer."""
    found = answer_for(request.user, message_id)
    if request.method != "POST":
        return _form(request, found)
    form = BesideForm(request.user, request.POST)
    refuse = bound(_form, request, found)
    if not form.is_valid():
        return refuse(str(form.errors["compare"][0]), 422)
    sent = begin_all(lambda: compare_with(found, form.models()), refuse)
    return sent if isinstance(sent, HttpResponse) else back_to(sent.question)


@require_POST
@signed_in
def keep_one(request: UserRequest, message_id: UUID) -> HttpResponse:
    found = answer_for(request.user, message_id)
    try:
        conversation = keep(found)
    except (Conversation.DoesNotExist, Message.DoesNotExist):
        raise Http404 from None
    if not request.htmx:
        return redirect(address_of(conversation, found))
    return answer(*branch_parts(request, conversation, found.pk))


@require_POST
@signed_in
def merge_all(request: UserRequest, message_id: UUID) -> HttpResponse:
    """By the model that is picked in the composer."""
    sent = begin(request, question_for(request.user, message_id), merge)
    if isinstance(sent, HttpResponse):
        return sent
    if not request.htmx:
        return back_to(sent.answer)
    return answer(*branch_parts(request, sent.conversation, sent.answer.pk, is_new=True))


@require_POST
@signed_in
def stop_all(request: UserRequest, message_id: UUID) -> HttpResponse:
    """Where this question is the last one: all that is being written below it."""
    question = question_for(request.user, message_id)
    is_last = question.conversation.leaf_id == question.pk
    stopped = running_in_view(question.conversation) if is_last else []
    for answer_id in stopped:
        async_to_sync(hub.stop)(answer_id)
    if not request.htmx:
        return back_to(question)
    turns = [compared_turn(each) for each in compared_below(question.pk) if each.pk in stopped]
    feet = [(f"#{turn.dom_id}-foot", {"turn": turn}) for turn in turns]
    return answer(*(part(request, at, "outerHTML", "_foot.html", told) for at, told in feet))


def _form(request: UserRequest, found: Message, words: str = "", status: int = 200) -> HttpResponse:
    context = composer(request.user, found.conversation)
    context |= {"message": found, "words": words, "asked": asked_below(found.parent_id)}
    return render(request, "compare_with.html", context, status=status)
