"""Whole pages, each in the states that a person may find it in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.forms import FirstAccountForm, LoginForm
from chatsite.styleguide import parts
from chatsite.styleguide.messages import NOWHERE, answer, specimens
from conversations.models.generation import State
from conversations.starting import Shown
from conversations.turns import pending_turn
from providers.parameter_form import ParameterForm
from providers.preset_choice import groups

Context = dict[str, Any]
CHAT = "styleguide/chat.html"


@dataclass(frozen=True, slots=True)
class Page:
    """`context` makes what the real template is given, anew for each look."""

    slug: str
    name: Promise
    template: str
    context: Callable[[], Context]
    status: int = 200


def pages() -> dict[str, Page]:
    return {page.slug: page for page in (*_chats(), *_lists(), *_sheets(), *_faults())}


def _chats() -> list[Page]:
    model = parts.embedded_model()
    writing = answer("writing", state=State.RUNNING, text="", stop_url=NOWHERE)
    refused = _("The message did not reach the server. It is still here.")
    said = [specimens()[0].turn, answer("said")]
    asked = {"conversation": parts.conversation(), "spent": parts.spent(), "turns": said}
    told: list[tuple[str, Promise, Context]] = [
        ("new-chat", _("A new chat"), {}),
        ("new-preset", _("A chat with a preset"), _with_preset()),
        ("first-run", _("First run: the embedded model"), _offering([model])),
        ("no-model", _("No model, and no right to add one"), _offering([])),
        ("no-model-own", _("No model, for who may add one"), _without_model(may_own=True)),
        ("no-model-staff", _("No model, for an administrator"), _without_model(is_staff=True)),
        ("chat", _("A chat"), asked),
        ("chat-no-model", _("A chat whose model is gone"), {**asked, **_offering([])}),
        ("chat-writing", _("An answer begins"), {**asked, "turns": [said[0], writing]}),
        ("chat-refused", _("A message that did not arrive"), {"composer_error": refused}),
        ("many-models", _("More models than a list holds"), {"more_models": 812}),
        ("deleted", _("A chat was deleted"), {"deleted": parts.conversation()}),
    ]
    return [Page(slug, name, CHAT, _chat(extra)) for slug, name, extra in told]


def _chat(extra: Context) -> Callable[[], Context]:
    return lambda: {
        **_offering(parts.models()),
        "user": parts.person(),
        "may_own_providers": False,
        "rows": parts.rows(),
        "turns": [],
        "pending": pending_turn(),
        "suggestions": [
            _("Explain a hard idea in plain words"),
            _("Find the mistake in this code"),
        ],
        "action": NOWHERE,
        "send_id": UUID(int=0),
        "limit_kb": 256,
        **extra,
    }


def _offering(models: list[Any]) -> Context:
    first = models[0] if models else None
    return {
        "models": models,
        "default_model": first,
        "other_models": models[1:],
        "selected_model": first,
        "models_url": NOWHERE,
    }


def _with_preset() -> Context:
    """Whose model is gone."""
    presets = parts.presets()
    return {"preset": presets[0], "lacks_model": True, "choices": Shown(presets, are_all=False)}


def _without_model(*, may_own: bool = False, is_staff: bool = False) -> Context:
    user = parts.person(is_staff=is_staff)
    return {**_offering([]), "user": user, "may_own_providers": may_own}


def _lists() -> list[Page]:
    found = Paginator(parts.models(9), 5).page(1)
    none: Paginator[Any] = Paginator([], 5)
    listed = {"user": parts.person(), "rows": parts.rows()[:2]}
    mine = {"providers": [], "may_add": True}
    return [
        Page("list", _("The conversations"), "styleguide/list.html", lambda: listed),
        Page("list-empty", _("No conversation yet"), "styleguide/list.html", _nobody),
        Page(
            "list-none", _("Nothing found"), "styleguide/list.html", lambda: {**_nobody(), **_QUERY}
        ),
        Page("models", _("All models"), "models.html", lambda: {"page": found, **_HERE}),
        Page(
            "models-none",
            _("No model found"),
            "models.html",
            lambda: {"page": none.page(1), **_HERE, **_QUERY},
        ),
        Page("presets-own", _("Presets"), "presets/list.html", lambda: _kept(parts.presets())),
        Page("prompts", _("Saved prompts"), "prompts/list.html", lambda: _kept(parts.prompts())),
        Page("providers-none", _("No own provider yet"), "providers/list.html", lambda: mine),
        Page("providers-full", _("As many as one may have"), "providers/list.html", lambda: {}),
    ]


def _kept(entries: list[Any]) -> Context:
    """Of the user, of the site, and one that was deleted."""
    return {"mine": entries[:1], "sites": entries[1:], "deleted": entries[0], "may_add": True}


def _sheets() -> list[Page]:
    chat = parts.conversation()
    return [
        Page("login", _("Log in"), "registration/login.html", lambda: {"form": LoginForm()}),
        Page("login-refused", _("Log-in refused"), "registration/login.html", _refused_login),
        Page(
            "login-no-right",
            _("Logged in, without the right"),
            "registration/login.html",
            lambda: {"form": LoginForm(), "user": parts.person()},
        ),
        Page("setup", _("The first account"), "setup.html", lambda: {"form": FirstAccountForm()}),
        Page("setup-no-link", _("No account, and no link"), "setup.html", lambda: {"form": None}),
        Page(
            "parameters",
            _("Parameters"),
            "parameters.html",
            lambda: {"conversation": chat, "form": ParameterForm({"temperature": "9"})},
        ),
        Page("options", _("Options of a chat"), "options.html", lambda: {"conversation": chat}),
        Page(
            "presets",
            _("Choose a service"),
            "styleguide/presets.html",
            lambda: {"groups": groups(), "is_own": True},
        ),
    ]


def _faults() -> list[Page]:
    numbered = {"request_id": "4f1c9a2e77d0b3a8"}
    return [
        Page("400", _("Not understood"), "400.html", dict, 400),
        Page("403", _("Not allowed"), "403.html", dict, 403),
        Page("403-csrf", _("Not accepted"), "403_csrf.html", dict, 403),
        Page("404", _("Not found"), "404.html", dict, 404),
        Page("500", _("Something failed"), "500.html", lambda: numbered, 500),
        Page(
            "503", _("The database is away"), "500.html", lambda: {**numbered, "is_away": True}, 503
        ),
    ]


def _nobody() -> Context:
    return {"user": parts.person(), "rows": []}


def _refused_login() -> Context:
    form = LoginForm(data={})
    form.add_error(None, form.error_messages["invalid_login"])
    return {"form": form}


_HERE = {"address": NOWHERE}
_QUERY = {"query": "blue"}
