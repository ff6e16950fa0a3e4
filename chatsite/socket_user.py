"""Who opened a websocket, by the same session cookie as every page."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, parse_cookie

from chatsite.asgi_types import Application, Receive, Scope, Send
from conversations.allowed import allowed_to
from conversations.generation import store


class SocketUser:
    """Puts `user` and `session` into the scope. Unlike the stack that Channels brings, its query
    does not stand in line behind those of every other socket: they share one thread there."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # In place: those further out log who it was.
        scope["user"], scope["session"] = await store.reading(_load, _session_key(scope))
        await self.app(scope, receive, send)


def _session_key(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"cookie":
            return parse_cookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
    return None


def _load(session_key: str | None) -> tuple[AbstractBaseUser | AnonymousUser, Any]:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if user.pk:
        # How many pages may be open is asked where no query may be made.
        allowed_to(user.pk)
    return user, request.session
