"""What the palette offers besides chats and models, found by words in the user's language or in
English."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Preset
from conversations.page import compare_url
from conversations.sharing import is_on
from providers.ownership import may_own

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Command:
    """One line. With `url` alone it is a link, with `field` and `value` a button that posts them
    there. `act` is what the page itself does, by its name in actions.js: where it cannot, the link
    leads on, and without one the line is not offered. `key` is what else does it, for people."""

    label: Words
    icon: str = ""
    url: str = ""
    field: str = ""
    value: str = ""
    act: str = ""
    key: str = ""

    @property
    def is_posted(self) -> bool:
        return bool(self.field)

    def is_called(self, query: str) -> bool:
        """Whether its name holds every one of the words, in any case and order."""
        name = f"{self.label} {_english(self.label)}".casefold()
        return all(word in name for word in query.casefold().split())


def commands_for(
    user: AbstractBaseUser,
    conversation: Conversation | None,
    keys: Mapping[str, str],
    most_presets: int,
) -> list[Command]:
    """`keys` are the user's, by the name of what they do."""
    found = [
        *_of_a_page(conversation),
        *(_of_a_conversation(conversation) if conversation else []),
        *_of_the_site(user, conversation),
        *_of_presets(user, most_presets),
    ]
    return [replace(each, key=keys.get(each.act, "")) for each in found]


def _of_a_page(conversation: Conversation | None) -> list[Command]:
    return [
        Command(_("New chat"), "new", url=reverse("conversations:new"), act="new"),
        Command(_("Temporary chat"), "temporary", url=reverse("conversations:temporary")),
        Command(_("Stop the answer"), "stop", act="stop"),
        Command(_("Copy the last answer"), "copy", act="copy"),
        Command(_("Go to the message box"), act="write"),
        Command(_("Compare models"), "compare", url=compare_url(conversation), act="compare"),
        Command(_("System prompt"), "prompt", act="system"),
    ]


def _of_a_conversation(conversation: Conversation) -> list[Command]:
    options, parameters, share, delete = (
        reverse(f"conversations:{name}", args=[conversation.pk])
        for name in ("options", "parameters", "share", "delete")
    )
    return [
        Command(_("Rename this chat"), url=options, act="rename"),
        Command(_("Parameters of this chat"), "prompt", url=parameters),
        *_orders(conversation),
        Command(_("Folder and tags of this chat"), "folder", url=options),
        *([Command(_("Share this chat"), "share", url=share)] if is_on() else []),
        Command(_("Export this chat"), url=options),
        Command(_("Print this chat"), act="print"),
        # The view wants no field; a button that posts has to have one.
        Command(_("Delete this chat"), "delete", url=delete, field="from", value="palette"),
    ]


def _orders(conversation: Conversation) -> list[Command]:
    """Of each pair the one that changes something."""
    url = reverse("conversations:arrange_one", args=[conversation.pk])
    pin = (_("Unpin this chat"), "unpin") if conversation.pinned_at else (_("Pin this chat"), "pin")
    archive = (
        (_("Take this chat out of the archive"), "unarchive")
        if conversation.archived_at
        else (_("Archive this chat"), "archive")
    )
    return [
        Command(label, icon, url=url, field="act", value=act)
        for (label, act), icon in ((pin, "pin"), (archive, "archive"))
    ]


def _of_presets(user: AbstractBaseUser, most: int) -> list[Command]:
    presets = Preset.objects.for_user(user).in_order().only("name")
    return [
        Command(format_lazy(_("New chat: {preset}"), preset=each.name), "new", url=each.start_url)
        for each in presets[:most]
    ]


def _of_the_site(user: AbstractBaseUser, conversation: Conversation | None) -> list[Command]:
    appearance, listed = reverse("appearance"), reverse("conversations:list")
    chat = f"?chat={conversation.pk}" if conversation else ""
    return [
        Command(_("Search the conversations"), "search", act="search"),
        Command(_("Show or hide the conversations"), "menu", act="sidebar"),
        Command(_("Pick several chats"), url=f"{listed}?select=1", act="pick"),
        Command(_("Archived chats"), "archive", url=f"{listed}?archive=1"),
        Command(_("Folders and tags"), "folder", url=reverse("conversations:folders")),
        Command(_("Theme: as the system has it"), url=appearance, field="theme", value="system"),
        Command(_("Theme: light"), url=appearance, field="theme", value="light"),
        Command(_("Theme: dark"), url=appearance, field="theme", value="dark"),
        *_languages(),
        Command(_("Presets"), url=reverse("conversations:presets")),
        Command(_("Saved prompts"), url=f"{reverse('conversations:prompts')}{chat}"),
        Command(_("Titles of chats"), url=reverse("titles")),
        Command(_("Keyboard shortcuts"), url=reverse("shortcuts"), act="sheet"),
        *([Command(_("Shared"), url=reverse("conversations:shares"))] if is_on() else []),
        Command(_("Your usage"), url=reverse("usage")),
        Command(_("Your data: export, import, delete"), url=reverse("conversations:data")),
        *([Command(_("Providers"), url=reverse("providers:list"))] if may_own(user) else []),
        *([Command(_("Admin"), url=reverse("admin:index"))] if _is_staff(user) else []),
        Command(_("Log out"), url=reverse("logout"), field="from", value="palette"),
    ]


def _languages() -> list[Command]:
    """Each in its own words, and not the one that is spoken already."""
    return [
        Command(
            f"{get_language_info(code)['name_local']} ({get_language_info(code)['name']})",
            url=reverse("language"),
            field="language",
            value=code,
        )
        for code, _name in settings.LANGUAGES
        if code != get_language()
    ]


def _english(label: Words) -> str:
    with override("en"):
        return str(label)


def _is_staff(user: AbstractBaseUser) -> bool:
    return bool(getattr(user, "is_staff", False))
