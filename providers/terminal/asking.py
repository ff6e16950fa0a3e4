"""A function of a service, asked from a command."""

import asyncio
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from providers import failover
from providers.attempts import Policy
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.events import Usage
from providers.failover import Reply
from providers.ledger import enter
from providers.local import stop_local
from providers.models import Kind, Model
from providers.provision import provision_from_environment
from providers.routes import Routes, resolve
from providers.terminal.outputs import printable
from providers.terminal.picking import Function, pick_model
from providers.terminal.telling import error_as_told
from providers.transport import close
from providers.words import words

INTERRUPTED = 130
# What was drawn or spoken may be paid for although its answer was lost: no route is asked twice.
ONCE = Policy(rounds=1)

Answer = TypeVar("Answer")


def add_service_options(parser: ArgumentParser) -> None:
    parser.add_argument("--model", default="", help="a model's id, also one that no list has")
    parser.add_argument("--provider", default="", help="a provider's name; default: the site's")
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


def model_for(function: Function, options: dict[str, Any]) -> Model:
    """The model to ask; the providers of the environment are there already."""
    call_command("migrate", verbosity=0)
    provision_from_environment()
    return pick_model(function, options["model"], options["provider"])


def ask(
    model: Model,
    kind: Kind,
    call: Callable[[Endpoint], Awaitable[Answer]],
    *,
    usage_of: Callable[[Answer], Usage | None] = lambda _answer: None,
    as_json: bool = False,
) -> Answer:
    """What the service says, entered in the ledger; the command ends with 1 if that is an error,
    told in words."""
    began = time.monotonic()
    try:
        reply = asyncio.run(_ask(Routes.to(model), call))
    except UpstreamError as error:
        enter(model, kind, time.monotonic() - began, error=error)
        if as_json:
            sys.stdout.write(json.dumps({"error": error_as_told(error)}, ensure_ascii=False) + "\n")
            sys.exit(1)
        raise CommandError(in_words(error)) from error
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    seconds = time.monotonic() - began
    enter(model, kind, seconds, route=reply.route, usage=usage_of(reply.answer))
    return reply.answer


def in_words(error: UpstreamError) -> str:
    told = words(error.kind)
    said = f" ({printable(error.detail)})" if error.detail else ""
    return f"{told.message} {told.hint}{said}"


async def _ask(routes: Routes, call: Callable[[Endpoint], Awaitable[Answer]]) -> Reply[Answer]:
    try:
        return await failover.ask(await resolve(routes), call, ONCE)
    finally:
        await stop_local()
        await close()


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
