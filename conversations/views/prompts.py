"""Using a saved prompt: its gaps are asked for, and its text is put into the message box."""

from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from conversations.access import entry_for
from conversations.drafts import draft_of, keep
from conversations.gaps import pieces_of
from conversations.limits import NotNow, check_drafting
from conversations.models import Conversation, Prompt
from conversations.prompt_form import GapsForm
from conversations.starting import after
from conversations.views.library import chat_of
from conversations.views.requests import UserRequest, signed_in, wait_for


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def use(request: UserRequest, prompt_id: UUID) -> HttpResponse:
    """`chat` is the conversation that it is for; without one it is for a new one."""
    prompt = entry_for(Prompt.objects.for_user(request.user), prompt_id)
    chat = chat_of(request)
    form = GapsForm(prompt, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return _put(request, chat, form)
    return _ask(request, chat, form, 422 if form.errors else 200)


def _ask(
    request: UserRequest, chat: Conversation | None, form: GapsForm, status: int
) -> HttpResponse:
    """For the gaps: a part of the chat's page, or a page without JavaScript."""
    context = {
        "prompt": form.prompt,
        "form": form,
        "chat": chat,
        "pieces": pieces_of(form.prompt.text),
    }
    template = "prompts/_fill.html" if request.htmx else "prompts/use.html"
    return render(request, template, context, status=status)


def _put(request: UserRequest, chat: Conversation | None, form: GapsForm) -> HttpResponse:
    """As the chat's draft, which its page then begins with."""
    text = after(draft_of(request.user, chat), form.text)
    try:
        check_drafting(request.user.pk, len(text.encode()))
        keep(request.user, chat, text, uuid4())
    except NotNow as refusal:
        form.add_error(None, str(refusal))
        return wait_for(refusal, _ask(request, chat, form, refusal.status))
    except Conversation.DoesNotExist:
        raise Http404 from None
    return redirect(chat or "conversations:new")
