"""The site in one process: brings the database up to date, then serves."""

import asyncio
import gc
import logging
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from chatsite import address
from chatsite.accounts import setup
from chatsite.accounts.from_environment import make_first_account
from chatsite.models import User
from chatsite.serving.collecting import collect_static
from chatsite.serving.listening import CannotListenError, resolve
from chatsite.serving.migrating import migrate
from chatsite.serving.server import SiteServer
from chatsite.serving.turns import own_turn
from chatsite.serving.warming import load_pages
from conversations import forwarding, hints, metrics, rights, sender, sockets, watching
from conversations.aside.working import keep_working
from conversations.generation import draining, hub, mirror, recovery, relay, unstored
from conversations.importing.running import keep_importing
from conversations.purging import keep_purging
from providers import client, local
from providers.endpoint import BadBaseUrl
from providers.provision import provision_from_environment
from providers.refreshing import keep_refreshing

logger = logging.getLogger(__name__)

LAST_QUESTIONS_S = 5.0
LAST_FRAMES_S = 2.0
HINTS = {
    "changed": watching.hear_changed,
    "leave": sockets.hear_leave,
    "news": sockets.hear_news,
    "stop": hub.hear_stop,
    "text": mirror.hear_text,
    "watch": relay.hear_watch,
}


class Command(BaseCommand):
    help = "Serve the site."
    # The checks read every template and model: `make check` runs them, a start need not.
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="address to listen on")
        parser.add_argument("--port", default=settings.PORT, type=int, help="0 for any free one")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        _allow_own_name(host)
        try:
            listening = resolve(host, port)
        except CannotListenError as error:
            raise CommandError(str(error)) from error
        with own_turn():
            _prepare()
        background = Background()
        server = SiteServer(
            import_string(settings.ASGI_APPLICATION),
            listening,
            port,
            body_limit=settings.BODY_LIMIT_BYTES,
            on_ready=lambda: self._ready(server, host, background),
            on_drain=lambda: draining.drain(settings.DRAIN_SECONDS),
            on_stop=background.stop,
        )
        server.run()
        if server.listen_failure:
            raise CommandError(server.listen_failure)

    async def _ready(self, server: SiteServer, host: str, background: "Background") -> None:
        port = server.listening_addresses[0][1]
        self._say(f"Ready: http://{address.bracketed(host)}:{port}/")
        if link := await asyncio.to_thread(_setup_link, host, port):
            self._say(f"Make the first account: {link}")
        background.start()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


class Background:
    """What runs beside the pages for as long as the server does."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[Any]] = []
        self.listening: asyncio.Task[None] | None = None

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        metrics.TASKS.set_function(lambda: len(asyncio.all_tasks(loop)))
        self.tasks.append(asyncio.create_task(asyncio.to_thread(load_pages)))
        self.tasks.append(asyncio.create_task(recovery.keep_looking()))
        self.tasks.append(asyncio.create_task(sender.keep_sending()))
        self.tasks.append(asyncio.create_task(keep_working()))
        self.tasks.append(asyncio.create_task(rights.keep_looking()))
        self.tasks.append(asyncio.create_task(watching.keep_looking()))
        self.tasks.append(asyncio.create_task(keep_purging()))
        self.tasks.append(asyncio.create_task(keep_importing()))
        self.tasks.append(asyncio.create_task(keep_refreshing()))
        if settings.REDIS_URL:
            self.listening = asyncio.create_task(_listen_to_others())
        if local.available():
            self.tasks.append(asyncio.create_task(_warm_up()))
        for task in (*self.tasks, *([self.listening] if self.listening else [])):
            task.add_done_callback(_tell_of_failure)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await draining.settle(LAST_QUESTIONS_S)
        await asyncio.gather(hub.shutdown(), unstored.shutdown())
        # The ends are on their way to the pages, which would else wait for the next start.
        await forwarding.all_sent(LAST_FRAMES_S)
        await local.stop_local()
        await client.close()
        # Last of all, so that other processes have heard of the ends.
        if self.listening:
            self.listening.cancel()


def _tell_of_failure(task: "asyncio.Task[Any]") -> None:
    """None of them may end by an exception; if one does, somebody should know."""
    if not task.cancelled() and (error := task.exception()):
        logger.critical("work beside the pages has ended", exc_info=error)


async def _listen_to_others() -> None:
    # Who shares the secret is one site; others may use the same Redis.
    site = salted_hmac("hints", "site").hexdigest()[:16]
    await hints.keep_listening(settings.REDIS_URL, site, HINTS)


async def _warm_up() -> None:
    """The tiny model is ready by the time that someone has typed; without it the site is whole."""
    try:
        await local.local_endpoint()
    except Exception:  # whatever keeps a child process from starting
        logger.exception("the local model did not start")


def _allow_own_name(host: str) -> None:
    """The address that one asks to listen on is one that one may call the site by."""
    if settings.DEBUG and not address.is_loopback(host):
        raise CommandError("DEBUG must be 0 where other machines can reach the site")
    name = address.bracketed(host)
    if host not in address.EVERY_INTERFACE and name not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS.append(name)


def _prepare() -> None:
    migrate()
    make_first_account()
    _provision()
    if not settings.DEBUG:
        collect_static()
    # All that is loaded by now stays: the collector need not walk through it in mid-stream.
    gc.freeze()
    # A thread that renders a page gives way to the loop, with its streams, five times as often.
    sys.setswitchinterval(0.001)


def _provision() -> None:
    try:
        provision_from_environment()
    except BadBaseUrl as error:
        raise CommandError(
            "OPENAI_BASE_URL must be an address that the site can call, "
            "for example https://api.openai.com/v1"
        ) from error


def _setup_link(host: str, port: int) -> str:
    """Where the first account is made, while there is none."""
    if User.has_administrator():
        return ""
    name = "127.0.0.1" if host in address.EVERY_INTERFACE else address.bracketed(host)
    origin = next(iter(settings.CSRF_TRUSTED_ORIGINS), f"http://{name}:{port}")
    return f"{origin}/setup/?token={setup.token()}"
