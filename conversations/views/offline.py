"""What can be read without the site: the page for that time, the worker that shows it, and the
copies of chats that a browser keeps for a user who allows it."""

import json
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations.access import conversation_for
from conversations.models import Conversation
from conversations.page import turns_page
from conversations.views.requests import UserRequest, signed_in

# What the offline page is made of.
_FILES = ("css/app.css", "css/sheet.css", "css/offline.css", "js/offline.js")
_WORKER = Path(__file__).resolve().parents[2] / "static" / "js" / "worker.js"
# A browser keeps far fewer.
_MOST_IDS = 100


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that the browser runs beside the pages. It is another one whenever the offline
    page is, and the browser then fetches that anew.

    Its query names the language, so that each language's is installed in place of the other's.
    """
    shell = [reverse("conversations:offline"), *map(static, _FILES)]
    code = _WORKER.read_text(encoding="utf-8")
    version = sha256(f"{code}{shell}{_offline_page()}".encode()).hexdigest()[:12]
    head = f"const SHELL = {json.dumps(shell)};\nconst VERSION = {json.dumps(version)};\n"
    response = HttpResponse(head + code, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for everybody: browsers keep it, also after somebody has logged out."""
    return HttpResponse(_offline_page())


@require_safe
@signed_in
def chats(request: UserRequest) -> HttpResponse:
    """Where the copies are allowed, seen and thrown away."""
    return render(request, "offline_chats.html")


@require_safe
@signed_in
def copy(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """The last messages, to be read only: without a form, a token or an address in it."""
    shown = conversation_for(request.user, conversation_id)
    context = {"conversation": shown, "now": timezone.now(), **turns_page(shown, None)}
    return HttpResponse(render_to_string("_copy.html", context))


@require_safe
@signed_in
def known(request: UserRequest) -> JsonResponse:
    """Which of the conversations that it asks for a browser may go on keeping."""
    asked = [pk for pk in map(_uuid, request.GET.getlist("id")[:_MOST_IDS]) if pk]
    found = Conversation.objects.for_user(request.user).filter(pk__in=asked)
    return JsonResponse({"known": [str(pk) for pk in found.values_list("pk", flat=True)]})


def _offline_page() -> str:
    # Without the request: nothing of whoever asks may be in it.
    return render_to_string("offline.html")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
