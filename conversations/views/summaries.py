"""The summary up to a message: its text is edited, it is deleted, or made once more."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations import digests
from conversations.access import conversation_for, message_for
from conversations.aside import working
from conversations.forms import SummaryForm
from conversations.limits import NotNow, check_drafting
from conversations.models import Message, Summary
from conversations.page import address_of
from conversations.steering import gauge_anew
from conversations.summary_card import card_with
from conversations.views.fragments import answer, part, partial
from conversations.views.log import next_parts
from conversations.views.requests import UserRequest, signed_in, wait_for


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: UserRequest, message_id: UUID) -> HttpResponse:
    """GET is the form, in place or as a page."""
    message = message_for(request.user, message_id)
    if request.method != "POST":
        return _form(request, message, _summary_of(message).text)
    form = SummaryForm(request.POST)
    if not form.is_valid():
        return _refuse(request, message, form.first_error(), 422)
    text = form.cleaned_data["text"]
    try:
        check_drafting(request.user.pk, len(text.encode()))
        digests.edit(message, text)
    except Summary.DoesNotExist:
        words = _("Another summary has taken the place of this one meanwhile. Edit that one.")
        return _refuse(request, message, words, 409)
    except NotNow as refusal:
        return wait_for(refusal, _refuse(request, message, str(refusal), refusal.status))
    return _show(request, message)


@require_POST
@signed_in
def delete(request: UserRequest, message_id: UUID) -> HttpResponse:
    message = message_for(request.user, message_id)
    try:
        digests.remove(message)
    except Summary.DoesNotExist:
        raise Http404 from None
    return _show(request, message)


@require_POST
@signed_in
def again(request: UserRequest, message_id: UUID) -> HttpResponse:
    message = message_for(request.user, message_id)
    try:
        digests.ask_again(message)
    except Summary.DoesNotExist:
        raise Http404 from None
    working.summarise_soon(message.conversation_id)
    return _show(request, message)


def _summary_of(message: Message) -> Summary:
    summary = Summary.objects.made().filter(message=message).first()
    if summary is None:
        raise Http404
    return summary


def _form(
    request: UserRequest, message: Message, text: str, words: str = "", status: int = 200
) -> HttpResponse:
    context = {"message": message, "text": text, "words": words}
    template = "_summary_form.html" if request.htmx else "summary.html"
    return render(request, template, context, status=status)


def _refuse(request: UserRequest, message: Message, words: str, status: int) -> HttpResponse:
    """With the text still in its field."""
    if request.htmx:
        return answer(partial("#composer-error", "innerHTML", words), status=status)
    return _form(request, message, request.POST.get("text", ""), words, status)


def _show(request: UserRequest, message: Message) -> HttpResponse:
    gauge_anew(message.conversation_id)
    conversation = conversation_for(request.user, message.conversation_id)
    if not request.htmx:
        return redirect(address_of(conversation, message))
    context = {"conversation": conversation}
    return answer(
        _card(request, message),
        part(request, "#summaries", "outerHTML", "_summaries.html", context),
        *next_parts(request, conversation),
        partial("#composer-error", "innerHTML", ""),
    )


def _card(request: UserRequest, message: Message) -> SafeString:
    target = f"#{message.dom_id}-summary"
    summary = Summary.objects.filter(message=message).first()
    if summary is None:
        return partial(target, "delete", "")
    context = {"summary": card_with(message, summary)}
    return part(request, target, "outerHTML", "_summary.html", context)
