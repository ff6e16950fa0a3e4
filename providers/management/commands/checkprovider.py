"""The connection doctor in the terminal: a line a step."""

import asyncio
import sys
from argparse import ArgumentParser
from contextlib import aclosing
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from providers.card import Ability, abilities, line_of
from providers.checking import Checkup, check_alone, is_good
from providers.doctor import Result, Step
from providers.errors import UpstreamError
from providers.models import Model, Provider, Source
from providers.provision import provision_from_environment
from providers.terminal.asking import INTERRUPTED
from providers.terminal.outputs import printable
from providers.terminal.people import add_user_option, user_named
from providers.words import words

SIGNS = {Result.GOOD: "+", Result.NOTED: "~", Result.FAILED: "-"}


class Command(BaseCommand):
    help = "Check step by step that a chat can be had. Exit 0 only if it can."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="default: that of the environment")
        parser.add_argument("--model", default="", help="default: the provider's first")
        add_user_option(parser, "on whose account it is asked")

    def handle(self, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        provision_from_environment()
        provider, user = _provider(options["name"]), user_named(options["user"])
        where = _("this machine") if provider.source == Source.LOCAL else provider.base_url
        key = _("with a key") if provider.keys.exists() else _("without a key")
        self._say(f"{provider.name}: {where}, {key}")
        try:
            steps = asyncio.run(self._examine(provider, options["model"], user.pk))
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        except UpstreamError as error:
            told = words(error.kind)
            said = printable(_(error.detail))
            raise CommandError(f"{told.message} {told.hint} ({said})") from error
        if not is_good(steps):
            raise CommandError(_("No chat can be had."))

    async def _examine(self, provider: Provider, model_id: str, user_id: int) -> list[Step]:
        checkup = await asyncio.to_thread(Checkup.of, provider, model_id, user_id)
        steps = []
        async with aclosing(check_alone(checkup)) as checked:
            async for step in checked:
                steps.append(step)
                self._tell(step)
        known = checkup.model.capabilities if checkup.model else {}
        self._tell_card(abilities(map(line_of, steps), known))
        return steps

    def _tell(self, step: Step) -> None:
        finding = step.finding
        seconds = _("%(seconds).1f s") % {"seconds": step.seconds}
        self._say(f"{SIGNS[finding.result]} {step.name} ({seconds}): {finding.told}")
        if finding.hint:
            self._say(f"  {finding.hint}")

    def _tell_card(self, card: list[Ability]) -> None:
        told = (f"{a.name}: {a.known.word}" + (f" ({a.of})" if a.of else "") for a in card)
        self._say(_("What this model can: %(card)s.") % {"card": "; ".join(told)})

    def _say(self, line: str) -> None:
        # A service's own words are in some.
        self.stdout.write(printable(line))
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
