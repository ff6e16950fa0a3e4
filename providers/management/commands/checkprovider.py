"""The connection doctor: where a chat with a provider gets to, step by step."""

import asyncio
import time
from argparse import ArgumentParser
from contextlib import aclosing
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from providers import catalogue
from providers.client import close, stream_chat
from providers.errors import ErrorKind, UpstreamError
from providers.events import ReasoningDelta, TextDelta
from providers.local import stop_local
from providers.messages import ChatRequest, Message
from providers.models import Model, Provider, Source
from providers.provision import provision_from_environment
from providers.routes import Routes, resolve
from providers.secrets import KeyRingError
from providers.words import words


class Command(BaseCommand):
    help = "Check that a chat can be had: the address, the list of models, one short answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="default: that of the environment")

    def handle(self, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        provision_from_environment()
        provider = _provider(options["name"])
        where = _("this machine") if provider.source == Source.LOCAL else provider.base_url
        key = _("with a key") if provider.keys.exists() else _("without a key")
        self._say(_("Address"), f"{provider.name}: {where}, {key}")
        try:
            provider.endpoints()
        except KeyRingError as error:
            raise CommandError(str(error)) from error
        self._check_list(provider)
        self._check_chat(provider)

    def _check_list(self, provider: Provider) -> None:
        """A service without a list can still be chatted with, if a model's id is known."""
        if provider.source == Source.LOCAL:
            return
        try:
            count = catalogue.refresh(provider)
        except UpstreamError as error:
            self._say(_("Models"), _failure(error))
        else:
            self._say(_("Models"), _("%(count)s listed") % {"count": count})

    def _check_chat(self, provider: Provider) -> None:
        model = Model.objects.offered().filter(provider=provider).first()
        if model is None:
            raise CommandError(_("No model of %(name)s is offered.") % {"name": provider.name})
        try:
            seconds = asyncio.run(_seconds_to_first_word(Routes.to(model), model.model_id))
        except UpstreamError as error:
            raise CommandError(f"{_('Chat')}: {model.model_id}: {_failure(error)}") from error
        told = _("%(model)s answers, first word after %(seconds).1f s")
        self._say(_("Chat"), told % {"model": model.model_id, "seconds": seconds})

    def _say(self, step: str, outcome: str) -> None:
        self.stdout.write(f"{step}: {outcome}")
        self.stdout.flush()


def _provider(name: str) -> Provider:
    if name:
        # Names are unique for each owner only: the site's own goes first.
        named = Provider.objects.filter(name=name)
        if found := named.filter(owner=None).first() or named.first():
            return found
        raise CommandError(_("There is no provider named %(name)s.") % {"name": name}, returncode=2)
    shared = Provider.objects.filter(enabled=True, owner=None)
    model = Model.objects.offered().filter(provider__in=shared).select_related("provider").first()
    # Who set the environment wants to hear of it, also when a new chat would go elsewhere.
    provider = shared.filter(source=Source.ENV).first() or (
        model.provider if model else shared.first()
    )
    if provider is None:
        raise CommandError(_("No provider is set up. Set OPENAI_BASE_URL and OPENAI_API_KEY."))
    return provider


def _failure(error: UpstreamError) -> str:
    told = words(error.kind)
    said = f" ({error.detail})" if error.detail else ""
    return f"{told.message} {told.hint}{said}"


async def _seconds_to_first_word(routes: Routes, model_id: str) -> float:
    request = ChatRequest(model_id, (Message("user", "Say hello."),))
    try:
        endpoint = (await resolve(routes))[0]
        started = time.monotonic()
        async with aclosing(stream_chat(endpoint, request)) as events:
            async for event in events:
                if isinstance(event, TextDelta | ReasoningDelta):
                    return time.monotonic() - started
    finally:
        await stop_local()
        await close()
    raise UpstreamError(ErrorKind.PROTOCOL, detail=_("the answer was empty"))
