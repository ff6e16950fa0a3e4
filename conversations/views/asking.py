"""Beginning an answer, from wherever it is asked for, and the words where that cannot be."""

from collections.abc import Callable

from asgiref.sync import async_to_sync
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from conversations.branch import page_with
from conversations.comparing import NotComparable, NothingToMerge
from conversations.continuing import NothingToContinue
from conversations.generation import draining, hub
from conversations.limits import NotNow
from conversations.models import Conversation, Message
from conversations.sending import AnotherText, AnswerRunning, NotTheLast, Sent
from conversations.views.fragments import answer, partial
from conversations.views.requests import UserRequest, wait_for
from conversations.views.telling import tell
from providers.models import Model

Ask = Callable[[Message, Model], Sent]
# With the words, and the status that says the same.
Refuse = Callable[[str, int], HttpResponse]


def begin(
    request: UserRequest, found: Message, ask: Ask, refuse: Refuse | None = None
) -> Sent | HttpResponse:
    """What was stored, with its run begun; else the refusal."""
    refuse = refuse or refusing(request, found)
    model = _model_for(request, found)
    if model is None:
        return refuse(_("Pick a model first."), 409)
    return begin_all(lambda: ask(found, model), refuse)


@draining.asking()
def begin_all(store: Callable[[], Sent], refuse: Refuse) -> Sent | HttpResponse:
    """As `begin`, for what names its models itself."""
    sent = _stored(store, refuse)
    for order in sent.orders if isinstance(sent, Sent) else ():
        async_to_sync(hub.start)(order)
    return sent


def refusing(request: UserRequest, found: Message) -> Refuse:
    """By words over the composer."""

    def refuse(words: str, status: int) -> HttpResponse:
        if not request.htmx:
            chat = found.conversation
            return tell(request, chat, words, status, page_with(chat, found.pk))
        return answer(partial("#composer-error", "innerHTML", words), status=status)

    return refuse


def back_to(message: Message) -> HttpResponse:
    """The page without JavaScript, at this message: a long chat begins far above it."""
    return redirect(f"{message.conversation.get_absolute_url()}#{message.dom_id}")


def still_writing() -> str:
    return _("The answer is still being written. Wait for it, or stop it first.")


def _stored(store: Callable[[], Sent], refuse: Refuse) -> Sent | HttpResponse:
    try:
        return store()
    except AnswerRunning:
        words = still_writing()
    except NotTheLast:
        words = _("The chat has gone on since. Reload the page to see its last answer.")
    except NothingToMerge:
        words = _("Wait until two answers have something to merge.")
    except NotComparable:
        words = _("Two to four answers can be compared.")
    except NothingToContinue:
        words = _("This answer is whole. Ask for more in a new message.")
    except AnotherText:
        words = _("This message was already sent with another text. Send it again.")
    except NotNow as refusal:
        return wait_for(refusal, refuse(str(refusal), refusal.status))
    except (Conversation.DoesNotExist, Message.DoesNotExist):
        raise Http404 from None
    return refuse(words, 409)


def _model_for(request: UserRequest, message: Message) -> Model | None:
    """The model picked in the composer, else the one that was asked before."""
    offered = Model.objects.for_user(request.user).select_related("provider")
    before = message.model_id or message.conversation.model_id
    picked = request.POST.get("model", "") or str(before)
    try:
        return offered.filter(pk=picked).first()
    except ValidationError:
        return None
