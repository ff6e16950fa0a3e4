"""A function of a service, asked from a command."""

import asyncio
import json
import sys
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from providers import failover
from providers.attempts import Policy
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.events import Usage
from providers.labels import route_label
from providers.ledger import Entry, enter
from providers.local import stop_local
from providers.models import Kind, Model
from providers.provision import provision_from_environment
from providers.routes import Routes, resolve
from providers.terminal.outputs import printable
from providers.terminal.people import add_user_option, user_named
from providers.terminal.picking import Function, pick_model
from providers.terminal.telling import error_as_told
from providers.transport import close
from providers.words import words_of

INTERRUPTED = 130
# What was drawn or spoken may be paid for although its answer was lost: no route is asked twice.
ONCE = Policy(rounds=1)

Answer = TypeVar("Answer")


def add_service_options(parser: ArgumentParser) -> None:
    parser.add_argument("--model", default="", help="a model's id, also one that no list has")
    parser.add_argument("--provider", default="", help="a provider's name; default: any")
    add_user_option(parser, "who asks: with whose models, and on whose account")
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="anything else to send, by its name on the wire; VALUE is JSON or a text",
    )


def params_of(options: dict[str, Any], **own: object) -> dict[str, object]:
    """What was set: `own` by the names on the wire, and what --param says."""
    params = {name: value for name, value in own.items() if value not in (None, "")}
    for told in options["param"]:
        name, equals, value = told.partition("=")
        if not name or not equals:
            text = _("--param takes NAME=VALUE, not %(told)s.") % {"told": told}
            raise CommandError(text, returncode=2)
        params[name] = _value(value)
    return params


def user_and_model(function: Function, options: dict[str, Any]) -> tuple[AbstractBaseUser, Model]:
    """Who asks, and the model to ask; the providers of the environment are there already."""
    call_command("migrate", verbosity=0)
    user = user_named(options["user"])
    provision_from_environment()
    return user, pick_model(user, function, options["model"], options["provider"])


def ask(
    user: AbstractBaseUser,
    model: Model,
    kind: Kind,
    call: Callable[[Endpoint], Awaitable[Answer]],
    *,
    usage_of: Callable[[Answer], Usage | None] = lambda _answer: None,
    sent: int | None = None,
    as_json: bool = False,
) -> Answer:
    """What the service says; the command ends with 1 if that is an error, told in words.

    However it ends, it is entered in the ledger. `sent` is in bytes, for answers that have no
    tokens: then what was sent can be estimated alone.
    """
    entry = Entry(kind, model.model_id, sent or 0)
    try:
        with entry:
            answer = asyncio.run(_ask(Routes.to(model), call, entry))
            entry.usage = usage_of(answer)
            entry.received = None if sent is None else 0
    except UpstreamError as error:
        if as_json:
            told = json.dumps({"error": error_as_told(error)}, ensure_ascii=False)
            sys.stdout.write(told + "\n")
            sys.exit(1)
        raise CommandError(in_words(error)) from error
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        enter(user.pk, model, entry)
    return answer


def in_words(error: UpstreamError) -> str:
    told = words_of(error)
    said = f" ({printable(error.detail)})" if error.detail else ""
    return f"{told.message} {told.hint}{said}"


async def _ask(
    routes: Routes, call: Callable[[Endpoint], Awaitable[Answer]], entry: Entry
) -> Answer:
    async def noted(route: Endpoint) -> Answer:
        entry.route = route_label(route)
        return await call(route)

    try:
        return (await failover.ask(await resolve(routes), noted, ONCE)).answer
    finally:
        await stop_local()
        await close()


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
