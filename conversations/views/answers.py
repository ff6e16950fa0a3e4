"""What is done to an answer: stop it, ask for another, go on with it."""

from collections.abc import Callable
from uuid import UUID

from asgiref.sync import async_to_sync
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.access import answer_for
from conversations.continuing import NothingToContinue, continue_answer
from conversations.generation import draining, hub
from conversations.limits import NotNow
from conversations.models import Conversation, Message
from conversations.page import next_send
from conversations.sending import AnswerRunning, NotTheLast, Sent
from conversations.steering import retry_with
from conversations.turns import answer_turn
from conversations.views.fragments import answer, part, partial
from conversations.views.requests import UserRequest, signed_in, wait_for
from providers.models import Model

Ask = Callable[[Message, Model], Sent]


@require_POST
@signed_in
def stop(request: UserRequest, message_id: UUID) -> HttpResponse:
    stopping = answer_for(request.user, message_id)
    async_to_sync(hub.stop)(stopping.pk)
    return _show_stopped(request, message_id)


@require_POST
@signed_in
def retry_answer(request: UserRequest, message_id: UUID) -> HttpResponse:
    """With `turns`, nothing but so many turns before the question is sent from now on."""
    return _begin(request, message_id, retry_with(request.POST.get("turns", "")))


@require_POST
@signed_in
def go_on(request: UserRequest, message_id: UUID) -> HttpResponse:
    return _begin(request, message_id, continue_answer)


@draining.asking()
def _begin(request: UserRequest, message_id: UUID, ask: Ask) -> HttpResponse:
    sent = _ask(request, answer_for(request.user, message_id), ask)
    if isinstance(sent, HttpResponse):
        return sent
    if sent.order:
        async_to_sync(hub.start)(sent.order)
    return _show_begun(request, message_id, sent)


def _show_stopped(request: UserRequest, message_id: UUID) -> HttpResponse:
    message = answer_for(request.user, message_id)
    if not request.htmx:
        return _back_to(message)
    turn = answer_turn(message, message.generation)
    return answer(part(request, f"#{turn.dom_id}-foot", "outerHTML", "_foot.html", {"turn": turn}))


def _ask(request: UserRequest, found: Message, ask: Ask) -> Sent | HttpResponse:
    model = _model_for(request, found)
    if model is None:
        words = _("Pick a model first.")
    else:
        try:
            return ask(found, model)
        except AnswerRunning:
            words = _("The answer is still being written. Wait for it, or stop it first.")
        except NotTheLast:
            words = _("The chat has gone on since. Reload the page to see its last answer.")
        except NothingToContinue:
            words = _("This answer is whole. Ask for more in a new message.")
        except NotNow as refusal:
            return wait_for(refusal, _refuse(request, found, str(refusal), refusal.status))
        except Conversation.DoesNotExist:
            raise Http404 from None
    return _refuse(request, found, words, 409)


def _refuse(request: UserRequest, found: Message, words: str, status: int) -> HttpResponse:
    if not request.htmx:
        return _back_to(found)
    return answer(partial("#composer-error", "innerHTML", words), status=status)


def _model_for(request: UserRequest, message: Message) -> Model | None:
    """The model picked in the composer, else the one that was asked before."""
    offered = Model.objects.for_user(request.user).select_related("provider")
    picked = request.POST.get("model", "") or str(message.model_id)
    try:
        return offered.filter(pk=picked).first()
    except ValidationError:
        return None


def _show_begun(request: UserRequest, message_id: UUID, sent: Sent) -> HttpResponse:
    if not request.htmx:
        return _back_to(sent.answer)
    turn = answer_turn(sent.answer, sent.answer.generation)
    following = next_send(sent.conversation)
    return answer(
        part(request, f"#m-{message_id}", "outerHTML", "_message.html", {"turn": turn}),
        part(request, "#composer-next", "outerHTML", "_composer_next.html", following),
    )


def _back_to(message: Message) -> HttpResponse:
    """The page without JavaScript, at this message: a long chat begins far above it."""
    return redirect(f"{message.conversation.get_absolute_url()}#{message.dom_id}")
