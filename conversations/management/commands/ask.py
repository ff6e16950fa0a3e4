"""One turn, or a chat, in the terminal: the same code as the page, the same history."""

import asyncio
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from conversations.generation import hub
from conversations.generation.order import Order
from conversations.generation.run import Run
from conversations.limits import NotNow
from conversations.models import Conversation
from conversations.sending import Question, send
from conversations.terminal import Echo, as_json, say_error, say_pictures
from providers.client import close
from providers.local import stop_local
from providers.models import Model
from providers.picking import pick_model
from providers.provision import provision_from_environment
from providers.terminal.asking import INTERRUPTED
from providers.terminal.inputs import read_text
from providers.terminal.outputs import add_output_option, check_output, write_text
from providers.terminal.people import add_user_option, user_named

GOODBYES = {"quit", "exit", "退出"}


class Command(BaseCommand):
    help = "Ask a model in the terminal. Without a prompt: a chat, until quit, exit or 退出."

    def add_arguments(self, parser: ArgumentParser) -> None:
        told = "the question; -: from standard input; without it, a chat"
        parser.add_argument("prompt", nargs="?", help=told)
        parser.add_argument("--file", default="", help="a file with the question")
        parser.add_argument("--model", default="", help="a model's id, also one that no list has")
        parser.add_argument("--system", default="", help="the system prompt")
        add_user_option(parser, "whose history it is kept in")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        add_output_option(parser)

    def handle(self, **options: Any) -> None:
        prompt = _prompt(options)
        call_command("migrate", verbosity=0)
        provision_from_environment()
        user = user_named(options["user"])
        model = pick_model(user, options["model"])
        if model is None:
            raise CommandError(
                "No model is set up. Set OPENAI_BASE_URL and OPENAI_API_KEY, or add a provider.",
                returncode=1,
            )
        told = _Told(options["output"], as_json=options["json"])
        chat = _Chat(user, model, options["system"], told)
        with asyncio.Runner() as runner:
            try:
                failed = chat.talk(runner, prompt)
            except KeyboardInterrupt:
                sys.exit(INTERRUPTED)
            finally:
                runner.run(_close())
        if failed:
            sys.exit(1)


@dataclass(frozen=True, slots=True)
class _Told:
    """How an answer is told: as it comes, whole to a file, or as one JSON object."""

    file: str
    as_json: bool

    @property
    def echoes(self) -> bool:
        return not self.file and not self.as_json

    def tell(self, run: Run, model: Model) -> None:
        if self.as_json:
            write_text(as_json(run, model), self.file)
            return
        # Half an answer does not take the place of another.
        if self.file and run.error is None:
            write_text(run.live.text, self.file)
        for line in (say_pictures(run), say_error(run.error) if run.error else ""):
            sys.stderr.write(f"{line}\n" if line else "")


class _Chat:
    """A conversation held in the terminal."""

    def __init__(self, user: AbstractBaseUser, model: Model, system: str, told: _Told) -> None:
        self.user, self.model, self.system, self.told = user, model, system, told
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
        question = Question(text, self.model, uuid4(), self.system)
        try:
            sent = send(self.user, question, self.conversation)
        except NotNow as refusal:
            raise CommandError(str(refusal)) from refusal
        self.conversation = sent.conversation
        if sent.order is None:
            raise CommandError("This question was asked before.")
        run = runner.run(_run(sent.order, echoes=self.told.echoes))
        self.told.tell(run, self.model)
        return run.error is not None


async def _run(order: Order, *, echoes: bool) -> Run:
    run = await hub.start(order)
    changed, echo = run.live.watch(), Echo()
    try:
        while not run.live.ended:
            await changed.wait()
            changed.clear()
            if echoes:
                echo.show(run.live.document)
    finally:
        # Whatever ended this, be it Ctrl-C or a pipe that nobody reads: what came is stored.
        await hub.shutdown()
    if echoes:
        echo.end()
    return run


def _prompt(options: dict[str, Any]) -> str | None:
    """The question, None for a chat."""
    check_output(options["output"], is_text=True)
    if options["prompt"] is not None or options["file"]:
        return read_text({"text": options["prompt"], "file": options["file"]})
    if options["output"]:
        raise CommandError(_("--output needs a question: give one, or --file FILE."), returncode=2)
    return None


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
