"""Downloads: one conversation, a folder, what is picked, or all; each sent while it is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from conversations.access import conversation_for, folder_for
from conversations.arranging_form import check_picked, posted_chats
from conversations.exporting import as_html, as_json, as_markdown
from conversations.exporting.sending import download
from conversations.exporting.walking import conversations_of
from conversations.exporting.zipping import file_name, zipped
from conversations.models import Conversation
from conversations.models.conversation import ConversationQuerySet
from conversations.page import sidebar
from conversations.views.requests import UserRequest, posted_shelf, signed_in


@dataclass(frozen=True, slots=True)
class Form:
    """How one conversation is written, and what such a file is called."""

    write: Callable[[Conversation], Iterator[str]]
    ending: str
    content_type: str


FORMS = {
    "json": Form(as_json.of_one, ".json", "application/json"),
    "markdown": Form(as_markdown.document, ".md", "text/markdown; charset=utf-8"),
    "html": Form(as_html.document, ".html", "text/html; charset=utf-8"),
}


@require_safe
@signed_in
def one(request: UserRequest, conversation_id: UUID, form: str) -> HttpResponseBase:
    conversation = conversation_for(request.user, conversation_id)
    found = _form(form)
    name = f"{file_name(conversation.title)}{found.ending}"
    return download(found.write(conversation), name, found.content_type)


@require_safe
@signed_in
def every(request: UserRequest, form: str) -> HttpResponseBase:
    return _many(request, form)


@require_safe
@signed_in
def folder(request: UserRequest, folder_id: UUID, form: str) -> HttpResponseBase:
    """All that is in it, what is pinned or archived as well."""
    found = folder_for(request.user, folder_id)
    return _many(request, form, Conversation.objects.filter(folder=found), found.name)


@require_POST
@signed_in
def picked(request: UserRequest, form: str) -> HttpResponseBase:
    """Those that are picked in the list, as far as they are the user's."""
    chats = posted_chats(request.POST)
    try:
        check_picked(chats)
    except ValidationError as refusal:
        context = {
            **sidebar(request.user, None, posted_shelf(request)),
            "done": refusal.messages[0],
        }
        return render(request, "conversation_list.html", context, status=422)
    return _many(request, form, Conversation.objects.filter(pk__in=[*map(_uuid, chats)]))


def _many(
    request: UserRequest,
    form: str,
    among: ConversationQuerySet | None = None,
    title: str = "chatsite",
) -> HttpResponseBase:
    found = _form(form)
    name = f"{file_name(title)}-{timezone.now():%Y-%m-%d}"
    if form == "json":
        return download(as_json.export(request.user, among), f"{name}.json", found.content_type)
    files = zipped(conversations_of(request.user, among), found.write, found.ending)
    return download(files, f"{name}-{form}.zip", "application/zip")


def _form(name: str) -> Form:
    if name not in FORMS:
        raise Http404
    return FORMS[name]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
