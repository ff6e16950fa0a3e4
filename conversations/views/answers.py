"""What is done to an answer: stop it, ask for another, go on with it."""

from uuid import UUID

from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from conversations.access import answer_for, message_for
from conversations.continuing import continue_answer
from conversations.generation import hub
from conversations.page import composer, next_send
from conversations.steering import retry_with
from conversations.turns import turns_of
from conversations.views.asking import back_to, begin
from conversations.views.fragments import answer, part
from conversations.views.log import branch_parts
from conversations.views.requests import UserRequest, signed_in


@require_POST
@signed_in
def stop(request: UserRequest, message_id: UUID) -> HttpResponse:
    stopping = answer_for(request.user, message_id)
    async_to_sync(hub.stop)(stopping.pk)
    return _show_stopped(request, message_id)


@require_POST
@signed_in
def retry_answer(request: UserRequest, message_id: UUID) -> HttpResponse:
    """Of a question that has no answer, its first one. With `last_turns`, nothing but so many
    turns before the question is sent from now on."""
    ask = retry_with(request.POST.get("last_turns", ""))
    sent = begin(request, message_for(request.user, message_id), ask)
    if isinstance(sent, HttpResponse):
        return sent
    if not request.htmx:
        return back_to(sent.answer)
    return answer(*branch_parts(request, sent.conversation, sent.answer.pk, is_new=True))


@require_safe
@signed_in
def again(request: UserRequest, message_id: UUID) -> HttpResponse:
    """Where another model is picked for another answer, without JavaScript."""
    message = message_for(request.user, message_id)
    context = {**composer(request.user, message.conversation), "message": message}
    return render(request, "again.html", context)


@require_POST
@signed_in
def go_on(request: UserRequest, message_id: UUID) -> HttpResponse:
    sent = begin(request, answer_for(request.user, message_id), continue_answer)
    if isinstance(sent, HttpResponse):
        return sent
    if not request.htmx:
        return back_to(sent.answer)
    [turn] = turns_of([sent.answer], sent.conversation.leaf_id)
    following = next_send(sent.conversation)
    return answer(
        part(request, f"#m-{message_id}", "outerHTML", "_message.html", {"turn": turn}),
        part(request, "#composer-next", "outerHTML", "_composer_next.html", following),
    )


def _show_stopped(request: UserRequest, message_id: UUID) -> HttpResponse:
    message = answer_for(request.user, message_id)
    if not request.htmx:
        return back_to(message)
    [turn] = turns_of([message], message.conversation.leaf_id)
    return answer(part(request, f"#{turn.dom_id}-foot", "outerHTML", "_foot.html", {"turn": turn}))
