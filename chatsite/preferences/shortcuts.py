"""What can be done by a key, and by which: as the site has it, or as a user changed it.

A page looks keys up here, and the script that acts on a name is actions.js.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from chatsite.models import User
from chatsite.preferences.keys import NotAKey, parse, read

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`key` is as keys.py keeps it, '' where there is none; `shown` is the same for people."""

    name: str
    label: Words
    key: str
    shown: str = ""


SHORTCUTS = (
    Shortcut("palette", _("Find a chat, a model or a command"), "Mod+k"),
    Shortcut("sheet", _("Show the keyboard shortcuts"), "?"),
    Shortcut("write", _("Go to the message box"), "i"),
    Shortcut("new", _("Begin a new chat"), "n"),
    Shortcut("search", _("Search the conversations"), "/"),
    Shortcut("sidebar", _("Show or hide the conversations"), "b"),
    Shortcut("stop", _("Stop the answer"), "Escape"),
    Shortcut("copy", _("Copy the last answer"), "y"),
    Shortcut("previous", _("Go to the previous message"), "k"),
    Shortcut("next", _("Go to the next message"), "j"),
)


def shortcuts_of(user: User, *, is_mac: bool = False) -> list[Shortcut]:
    """All of them, each with this user's key."""
    changed = _changed(user.shortcuts)
    keys = {each.name: changed.get(each.name, each.key) for each in SHORTCUTS}
    return [
        Shortcut(each.name, each.label, keys[each.name], read(keys[each.name], is_mac=is_mac))
        for each in SHORTCUTS
    ]


def keep(user: User, keys: Mapping[str, str]) -> None:
    """Make these the user's keys, by their names; only what differs is stored, so that whoever
    changed nothing gets what later versions begin with."""
    user.shortcuts = {
        each.name: keys[each.name] for each in SHORTCUTS if keys[each.name] != each.key
    }
    user.save(update_fields=["shortcuts"])


def shortcuts_by_name(request: HttpRequest) -> dict[str, Shortcut]:
    """Of whoever asks, as their machine writes keys; nobody's are none."""
    user = getattr(request, "user", None)
    if not isinstance(user, AbstractBaseUser) or not user.is_authenticated:
        return {}
    found = shortcuts_of(cast("User", user), is_mac=is_mac(request))
    return {each.name: each for each in found}


def shown(request: HttpRequest) -> dict[str, Any]:
    """For every template: the user's shortcuts, looked up only where one is asked for; and as the
    script of a page reads them."""
    return {
        "shortcuts": SimpleLazyObject(partial(shortcuts_by_name, request)),
        "keys_json": SimpleLazyObject(partial(_as_json, request)),
        "is_mac": is_mac(request),
    }


def is_mac(request: HttpRequest) -> bool:
    return any(name in request.headers.get("User-Agent", "") for name in ("Mac OS", "iPad"))


def _as_json(request: HttpRequest) -> str:
    found = shortcuts_by_name(request).values()
    return json.dumps({each.name: {"key": each.key, "shown": each.shown} for each in found})


def _changed(stored: object) -> dict[str, str]:
    """What is stored may be from another version, or from hands."""
    if not isinstance(stored, dict):
        return {}
    return {name: key for name, key in stored.items() if isinstance(key, str) and _is_kept(key)}


def _is_kept(key: str) -> bool:
    try:
        return parse(key) == key
    except NotAKey:
        return False
