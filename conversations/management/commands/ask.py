"""One turn, or a chat, in the terminal: the same code as the page, the same history."""

import asyncio
import sys
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from conversations.generation import hub
from conversations.generation.order import Order
from conversations.generation.run import Run
from conversations.limits import NotNow
from conversations.models import Conversation
from conversations.sending import Question, send
from conversations.terminal import as_json, say_error, say_pictures
from providers.client import close
from providers.local import stop_local
from providers.models import Model
from providers.picking import pick_model
from providers.provision import provision_from_environment
from providers.terminal.people import add_user_option, user_named

GOODBYES = {"quit", "exit", "退出"}


class Command(BaseCommand):
    help = "Ask a model in the terminal. Without a prompt: a chat, until quit, exit or 退出."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("prompt", nargs="?", help="the question; without it, a chat")
        parser.add_argument("--model", default="", help="a model's id, also one that no list has")
        parser.add_argument("--system", default="", help="the system prompt")
        add_user_option(parser, "whose history it is kept in")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        provision_from_environment()
        user = user_named(options["user"])
        model = pick_model(user, options["model"])
        if model is None:
            raise CommandError(
                "No model is set up. Set OPENAI_BASE_URL and OPENAI_API_KEY, or add a provider.",
                returncode=1,
            )
        chat = _Chat(user, model, options["system"], as_json=options["json"])
        with asyncio.Runner() as runner:
            try:
                failed = chat.talk(runner, options["prompt"])
            finally:
                runner.run(_close())
        if failed:
            sys.exit(1)


class _Chat:
    """A conversation held in the terminal."""

    def __init__(self, user: AbstractBaseUser, model: Model, system: str, *, as_json: bool) -> None:
        self.user, self.model, self.system, self.as_json = user, model, system, as_json
        self.conversation: Conversation | None = None

    def talk(self, runner: asyncio.Runner, prompt: str | None) -> bool:
        """Whether the last turn failed."""
        if prompt is not None:
            return self.turn(runner, prompt)
        failed = False
        while (line := _read_line()) is not None:
            failed = self.turn(runner, line)
        return failed

    def turn(self, runner: asyncio.Runner, text: str) -> bool:
        if not text.strip():
            raise CommandError("The question is empty.", returncode=2)
        question = Question(text, self.model, uuid4(), self.system)
        try:
            sent = send(self.user, question, self.conversation)
        except NotNow as refusal:
            raise CommandError(str(refusal)) from refusal
        self.conversation = sent.conversation
        if sent.order is None:
            raise CommandError("This question was asked before.")
        run = runner.run(_run(sent.order, echo=not self.as_json))
        if self.as_json:
            sys.stdout.write(as_json(run, self.model) + "\n")
        else:
            for line in (say_pictures(run), say_error(run.error) if run.error else ""):
                sys.stderr.write(f"{line}\n" if line else "")
        return run.error is not None


async def _run(order: Order, *, echo: bool) -> Run:
    run = await hub.start(order)
    changed, shown = run.live.watch(), 0
    try:
        while not run.live.ended:
            await changed.wait()
            changed.clear()
            if echo:
                sys.stdout.write(run.live.text[shown:])
                sys.stdout.flush()
                shown = len(run.live.text)
    except asyncio.CancelledError:
        await hub.shutdown()
        raise
    if echo:
        sys.stdout.write("\n")
    return run


async def _close() -> None:
    await stop_local()
    await close()


def _read_line() -> str | None:
    """The next question, or None when the chat is over."""
    while True:
        try:
            line = input("> " if sys.stdin.isatty() else "")
        except EOFError:
            return None
        if line.strip().lower() in GOODBYES:
            return None
        if line.strip():
            return line
