"""Chats, models and commands by their names: what the palette finds, and a page without scripts."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatsite.palette.commands import commands_for
from chatsite.preferences.shortcuts import shortcuts_by_name
from conversations.models import Conversation
from conversations.shelf import searched
from conversations.views.requests import UserRequest, signed_in
from providers.models import Model

FEW, MANY = 5, 12
# Of very many, the first by their names.
SEARCHED_PRESETS = 200


@dataclass(frozen=True, slots=True)
class Pick:
    """A model, and the page on which it is picked."""

    model: Model
    url: str


@require_safe
@signed_in
def palette(request: UserRequest) -> HttpResponse:
    """`q` is what is looked for, `chat` the conversation of the page that asks."""
    query, shown = searched(request.GET), _shown(request)
    keys = {name: each.shown for name, each in shortcuts_by_name(request).items()}
    commands = commands_for(request.user, shown, keys, SEARCHED_PRESETS if query else FEW)
    context = {
        "query": query,
        "conversation": shown,
        "commands": [each for each in commands if each.is_called(query)],
        "chats": _chats(request, query, shown),
        "models": _models(request, query, shown),
    }
    template = "_palette_found.html" if request.htmx else "palette.html"
    return render(request, template, context)


def _shown(request: UserRequest) -> Conversation | None:
    """Nothing for one that is gone, or somebody else's: the rest of the palette still serves."""
    try:
        pk = UUID(request.GET.get("chat", ""))
    except ValueError:
        return None
    return Conversation.objects.for_user(request.user).filter(pk=pk).first()


def _chats(request: UserRequest, query: str, shown: Conversation | None) -> list[Any]:
    mine = Conversation.objects.for_user(request.user).titled_like(query).newest_first()
    # Without words it leads elsewhere; by its name one finds also where one is.
    found = mine.exclude(pk=shown.pk) if shown and not query else mine
    return list(found.only("id", "title")[: MANY if query else FEW])


def _models(request: UserRequest, query: str, shown: Conversation | None) -> list[Pick]:
    offered = Model.objects.for_user(request.user).for_chat().select_related("provider")
    page = shown.get_absolute_url() if shown else "/"
    found = offered.named_like(query)[: MANY if query else FEW]
    return [Pick(model, f"{page}?model={model.pk}") for model in found]
