"""What will be sent: a page of its own, the same as a panel beside the chat, and what is decided
there."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.access import conversation_for, message_for
from conversations.aside import working
from conversations.compared import end_of
from conversations.drafts import draft_of
from conversations.gauge import gauge_of_branch
from conversations.models import Conversation, Message
from conversations.page import Context, model_for_next
from conversations.preview import Preview, preview_of
from conversations.recipes import FORMS
from conversations.steering import KeepForm, remember_gauge
from conversations.transcript import Mark
from conversations.views.fragments import answer, part
from conversations.views.requests import UserRequest, signed_in

# In characters; what is longer has a page for itself alone.
MOST_SHOWN = 60_000


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def context(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """`model` is the one picked in the composer, `as` the form of the request, `all` no page;
    `again`: in place of what is there, so that the focus stays where it is."""
    conversation = conversation_for(request.user, conversation_id)
    if request.method == "POST":
        form = KeepForm(request.user, conversation, request.POST)
        if form.is_valid():
            form.save()
            # What does not fit by now need not wait for the next answer.
            working.summarise_soon(conversation.pk)
            return _steered(request, conversation)
        return _show(request, conversation, form, status=422)
    return _show(request, conversation, KeepForm(request.user, conversation))


@require_POST
@signed_in
def mark(request: UserRequest, message_id: UUID) -> HttpResponse:
    message = message_for(request.user, message_id)
    if request.POST.get("mark") not in set(Mark):
        return HttpResponseBadRequest()
    message.keep(mark=request.POST["mark"])
    return _steered(request, conversation_for(request.user, message.conversation_id), message)


@require_safe
@signed_in
def request_text(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id)
    told = _preview(request, conversation).request
    text = told.told_as(_form(request)) if told else ""
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@signed_in
def gauge(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """For another model that was picked: its window is another one."""
    conversation = conversation_for(request.user, conversation_id)
    return render(request, "_gauge.html", _gauge(request, conversation))


def _show(
    request: UserRequest, conversation: Conversation, form: KeepForm, status: int = 200
) -> HttpResponse:
    template = "_context.html" if request.htmx else "context.html"
    shown = _page(request, conversation, _preview(request, conversation), form)
    shown["is_at_work"] = "again" in request.GET
    if request.htmx and request.method == "POST":
        return answer(part(request, "#context", "outerHTML", template, shown), status=status)
    return render(request, template, shown, status=status)


def _steered(
    request: UserRequest, conversation: Conversation, message: Message | None = None
) -> HttpResponse:
    preview = _preview(request, conversation)
    remember_gauge(conversation, preview.transcript, end_of(conversation))
    if not request.htmx:
        place = f"#context-{message.pk}" if message else ""
        return redirect(f"{_address(conversation)}{_query(request)}{place}")
    # The focus stays with what was pressed.
    shown = _page(request, conversation, preview, KeepForm(request.user, conversation))
    shown["is_at_work"] = True
    return answer(
        part(request, "#context", "outerHTML", "_context.html", shown),
        _gauge_part(request, conversation),
    )


def _page(
    request: UserRequest, conversation: Conversation, preview: Preview, form: KeepForm
) -> Context:
    told = preview.request.told_as(_form(request)) if preview.request else ""
    address, query = _address(conversation), _query(request)
    return {
        "conversation": conversation,
        "preview": preview,
        "form": form,
        "query": query,
        "address": f"{address}{query}",
        "all_address": f"{address}{_query(request, all='1')}",
        "text_address": f"{address}request/{query}",
        "forms": [(name, f"{address}{_query(request, **{'as': name})}") for name in FORMS],
        "request_form": _form(request),
        "request_text": told if len(told) <= MOST_SHOWN else "",
        "request_size_kb": -(-len(told.encode()) // 1024),
    }


def _preview(request: UserRequest, conversation: Conversation) -> Preview:
    return preview_of(
        conversation,
        model_for_next(request.user, conversation, request.GET.get("model", "")),
        draft_of(request.user, conversation),
        _("(your next message)"),
        is_whole="all" in request.GET,
    )


def _gauge(request: UserRequest, conversation: Conversation) -> dict[str, Any]:
    model = model_for_next(request.user, conversation, request.GET.get("model", ""))
    return {"gauge": gauge_of_branch(conversation, model)}


def _gauge_part(request: UserRequest, conversation: Conversation) -> SafeString:
    return part(request, "#gauge", "outerHTML", "_gauge.html", _gauge(request, conversation))


def _form(request: UserRequest) -> str:
    wanted = request.GET.get("as", "")
    return wanted if wanted in FORMS else "json"


def _address(conversation: Conversation) -> str:
    return reverse("conversations:context", args=[conversation.pk])


def _query(request: UserRequest, **changed: str) -> str:
    """What the page is told by its address, kept by all that leads on from it."""
    kept = {name: request.GET[name] for name in ("model", "as", "all") if name in request.GET}
    asked = urlencode({**kept, **changed})
    return f"?{asked}" if asked else ""
