"""Downloads: one conversation, those that are picked, or all; each sent while it is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations.access import conversation_for
from conversations.exporting import as_html, as_json, as_markdown
from conversations.exporting.sending import download
from conversations.exporting.walking import conversations_of
from conversations.exporting.zipping import file_name, zipped
from conversations.models import Conversation
from conversations.views.requests import UserRequest, signed_in


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
    """All of the user's; or of those that `id` names, once or more often, the user's own."""
    found = _form(form)
    picked = [_uuid(text) for text in request.GET.getlist("id")]
    name = f"chatsite-{timezone.now():%Y-%m-%d}"
    if form == "json":
        return download(as_json.export(request.user, picked), f"{name}.json", found.content_type)
    files = zipped(conversations_of(request.user, picked), found.write, found.ending)
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
