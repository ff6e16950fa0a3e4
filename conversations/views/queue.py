"""The messages that wait for the end of an answer: adding one, and what is done to each."""

from collections.abc import Callable, Mapping
from functools import partial as bound
from uuid import UUID

from asgiref.sync import async_to_sync
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations import queueing, sender
from conversations.access import conversation_for
from conversations.compared import running_in_view
from conversations.drafts import draft_of
from conversations.forms import QueuedForm, SendForm
from conversations.generation import draining, hub
from conversations.limits import NotNow, check_drafting
from conversations.models import Conversation, QueuedMessage
from conversations.models.queued import Held
from conversations.page import Context, next_send
from conversations.sending import AnotherText, AnswerRunning, Sent
from conversations.views.fragments import answer, part, partial
from conversations.views.requests import UserRequest, signed_in, wait_for
from conversations.views.sending import refuse
from conversations.views.telling import tell
from providers.models import Model


@require_POST
@signed_in
@draining.asking()
def add(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """A message for after the answer that is being written; sent at once where none is."""
    conversation = conversation_for(request.user, conversation_id)
    form = SendForm(request.user, request.POST)
    if not form.is_valid():
        return refuse(request, conversation, form.first_error(), 422)
    question = form.question()
    try:
        check_drafting(request.user.pk, len(question.text.encode()))
        sent = queueing.enqueue(request.user, question, conversation)
    except queueing.Full:
        return refuse(request, conversation, _full(), 409)
    except queueing.OnlyAtOnce:
        words = _("A comparison cannot wait. Send it when the answer is finished.")
        return refuse(request, conversation, words, 409)
    except AnotherText:
        words = _("This message was already sent with another text. Send it again.")
        return refuse(request, conversation, words, 409)
    except NotNow as refusal:
        response = refuse(request, conversation, str(refusal), refusal.status)
        return wait_for(refusal, response)
    except Conversation.DoesNotExist:
        raise Http404 from None
    _start(sent)
    # A form in which a question is edited has an id of its own.
    where, following = "#composer-next [name=send_id]", next_send(conversation)
    new_id = part(request, where, "outerHTML", "_send_id.html", following)
    return _show(request, conversation, new_id)


@require_POST
@signed_in
def save(request: UserRequest, conversation_id: UUID, queued_id: UUID) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id)
    form = QueuedForm(request.POST)
    if not form.is_valid():
        return _refuse(request, conversation, queued_id, str(form.errors["text"][0]), 422)
    text = form.cleaned_data["text"]

    def act() -> None:
        check_drafting(request.user.pk, len(text.encode()))
        queueing.save(conversation, queued_id, text)

    return _done(request, conversation, queued_id, act)


@require_POST
@signed_in
def do(request: UserRequest, conversation_id: UUID, queued_id: UUID, act: str) -> HttpResponse:
    """What is done by a button alone, by its name in the address."""
    conversation = conversation_for(request.user, conversation_id)
    if act == "send":
        return _send_now(request, conversation, queued_id)
    if act not in _ACTS:
        raise Http404
    told = _told(request, conversation, queued_id, act)
    query = f"?undo={queued_id}" if act == "remove" else ""
    acts = bound(_ACTS[act], conversation, queued_id)
    return _done(request, conversation, queued_id, acts, *told, query=query)


_ACTS: Mapping[str, Callable[[Conversation, UUID], None]] = {
    "edit": queueing.edit,
    "leave": queueing.leave,
    "remove": queueing.remove,
    "restore": queueing.restore,
}


def _told(
    request: UserRequest, conversation: Conversation, queued_id: UUID, act: str
) -> list[SafeString]:
    """What was removed can come back: the toast has the way."""
    if act == "remove":
        removed = {"removed_id": queued_id, "conversation": conversation}
        return [part(request, "#toast", "innerHTML", "_toast.html", removed)]
    return [partial("#toast", "innerHTML", "")] if act == "restore" else []


@draining.asking()
def _send_now(request: UserRequest, conversation: Conversation, queued_id: UUID) -> HttpResponse:
    """What is being written in view is stopped for it, if it can be sent; answers in other branches
    go on."""
    picked = _picked(request, conversation)

    def act() -> None:
        if running := running_in_view(conversation):
            queueing.check_send_now(conversation, queued_id, picked)
            for answer_id in running:
                async_to_sync(hub.stop)(answer_id)
        _start(queueing.send_now(conversation, queued_id, picked))

    return _done(request, conversation, queued_id, act)


def _picked(request: UserRequest, conversation: Conversation) -> Model | None:
    """In the composer; without scripts, the one that the chat has."""
    offered = Model.objects.for_user(request.user).select_related("provider")
    picked = request.POST.get("model") or str(conversation.model_id)
    try:
        return offered.filter(pk=picked).first()
    except ValidationError:
        return None


def _start(sent: Sent | None) -> None:
    for order in sent.orders if sent else ():
        async_to_sync(hub.start)(order)


def _done(
    request: UserRequest,
    conversation: Conversation,
    queued_id: UUID,
    act: Callable[[], None],
    *parts: SafeString,
    query: str = "",
) -> HttpResponse:
    try:
        act()
    except QueuedMessage.DoesNotExist:
        words = _("This message was sent or removed meanwhile.")
    except AnswerRunning:
        words = _("The answer is still being written. Wait for it, or stop it first.")
    except queueing.NoModel:
        words = _("Pick a model first.")
    except queueing.Full:
        words = _full()
    except NotNow as refusal:
        told = _refuse(request, conversation, queued_id, str(refusal), refusal.status)
        return wait_for(refusal, told)
    except Conversation.DoesNotExist:
        raise Http404 from None
    else:
        # What it was that kept the next one from being sent may be gone.
        sender.soon(conversation.pk)
        parts = (partial("#composer-error", "innerHTML", ""), *parts)
        return _show(request, conversation, *parts, query=query)
    return _refuse(request, conversation, queued_id, words, 409)


def _refuse(
    request: UserRequest, conversation: Conversation, queued_id: UUID, words: str, status: int
) -> HttpResponse:
    """What is being edited stays as it is; the rest as it is by now."""
    if not request.htmx:
        typed = _typed(request, conversation, queued_id)
        return tell(request, conversation, words, status, **typed)
    parts = [partial("#composer-error", "innerHTML", words)]
    if status == 409:
        parts.append(_queue(request, conversation))
    return answer(*parts, status=status)


def _typed(request: UserRequest, conversation: Conversation, queued_id: UUID) -> Context:
    """What was to be saved, still in its field; in the composer where that is gone."""
    if "text" not in request.POST:
        return {}
    text, queue = request.POST["text"], queueing.queue_of(conversation)
    for queued in queue.waiting:
        if queued.pk == queued_id:
            queued.text, queued.held = text, Held.EDITING
            return {"queue": queue}
    return {"draft": "\n\n".join(filter(None, [draft_of(request.user, conversation), text]))}


def _full() -> str:
    words = _("%(most)d messages are waiting already. Send or remove one of them first.")
    return words % {"most": queueing.MOST}


def _show(
    request: UserRequest, conversation: Conversation, *parts: SafeString, query: str = ""
) -> HttpResponse:
    """A question that was sent comes as to a page where another tab has asked it."""
    if not request.htmx:
        return redirect(f"{conversation.get_absolute_url()}{query}#queue")
    return answer(_queue(request, conversation), *parts)


def _queue(request: UserRequest, conversation: Conversation) -> SafeString:
    context = {"conversation": conversation, "queue": queueing.queue_of(conversation)}
    return part(request, "#queue", "outerHTML", "_queue.html", context)
