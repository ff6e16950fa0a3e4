"""What somebody takes along beside their conversations: the part "account" of docs/export.md."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from chatsite.models import User
from chatsite.preferences.appearance import shown
from conversations.exporting.as_json import id_of
from conversations.models import (
    Conversation,
    Draft,
    Folder,
    Preset,
    Prompt,
    QueuedMessage,
    Share,
    Tag,
    Titling,
)
from conversations.models.conversation import Viewer
from providers.models import Provider, UserDefault

Rows = list[dict[str, Any]]


def account_of(request: HttpRequest, user: User) -> dict[str, Any]:
    """Nothing in it opens a door: no password, no key, no address of what is shared."""
    return {
        "username": user.get_username(),
        "email": user.email,
        "name": user.get_full_name(),
        "joined_at": user.date_joined.isoformat(),
        "settings": _settings(request, user),
        "providers": list(Provider.objects.owned_by(user).order_by("name").values(*_PROVIDER)),
        "drafts": _texts(Draft.objects.for_user(user).order_by("saved_at")),
        "waiting": _texts(QueuedMessage.objects.of_user(user).in_turn()),
        "folders": _folders(user),
        "tags": _tags(user),
        "presets": _presets(user),
        "prompts": list(Prompt.objects.owned_by(user).in_order().values("name", "text")),
        "shared": _shared(user),
    }


_PROVIDER = ("name", "base_url")


def _settings(request: HttpRequest, user: User) -> dict[str, Any]:
    chosen = UserDefault.objects.filter(user=user).select_related("model").first()
    titling = Titling.objects.filter(user=user).select_related("model").first()
    return {
        "language": get_language(),
        **shown(request),
        "shortcuts": user.shortcuts,
        "default_model": str(chosen.model) if chosen else None,
        "titles_by": str(titling.model) if titling else None,
    }


def _texts(rows: QuerySet[Any]) -> list[str]:
    return list(rows.values_list("text", flat=True))


def _folders(user: Viewer) -> Rows:
    """With the ids of the conversations in each; so also for tags."""
    return [
        {
            "name": folder.name,
            "system_prompt": folder.system_prompt,
            "model": str(folder.model or ""),
            "conversations": _ids(folder.conversations.for_user(user)),
        }
        for folder in Folder.objects.for_user(user).select_related("model")
    ]


def _tags(user: Viewer) -> Rows:
    return [
        {"name": tag.name, "conversations": _ids(tag.conversations.for_user(user))}
        for tag in Tag.objects.for_user(user)
    ]


def _ids(conversations: QuerySet[Conversation]) -> list[str]:
    return [id_of(each) for each in conversations.select_related("imported_from")]


def _presets(user: Viewer) -> Rows:
    return [
        {
            "name": preset.name,
            "letter": preset.sign,
            "system_prompt": preset.system_prompt,
            "model": preset.model_label,
            "parameters": preset.parameters,
            "opening": preset.opening,
        }
        for preset in Preset.objects.owned_by(user).in_order()
    ]


def _shared(user: Viewer) -> Rows:
    return [
        {
            "conversation": str(share.conversation_id),
            "title": share.title,
            "taken_at": share.taken_at.isoformat(),
            "expires_at": share.expires_at and share.expires_at.isoformat(),
        }
        for share in Share.objects.for_user(user).order_by("taken_at")
    ]
