"""The lists of models, fetched now: by hand, or from cron."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from providers.fetching import fetch
from providers.models import Provider, Source
from providers.terminal.outputs import printable


class Command(BaseCommand):
    help = "Fetch the list of models of a provider, or of all. Exit 0 only if each could be had."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="default: all that are enabled")

    def handle(self, **options: Any) -> None:
        # No provider of the environment is made here: cron has another one than the site.
        failures = []
        for provider in _providers(options["name"]):
            fetched = fetch(provider)
            if fetched.is_good:
                self.stdout.write(printable(fetched.text))
                self.stdout.flush()
            else:
                failures.append(printable(fetched.text))
        if failures:
            raise CommandError("\n".join(failures))


def _providers(name: str) -> list[Provider]:
    fetchable = Provider.objects.exclude(source=Source.LOCAL).order_by("name")
    if not name:
        return list(fetchable.filter(enabled=True))
    # Names are unique for each owner only.
    if found := list(fetchable.filter(name=name)):
        return found
    raise CommandError(_("There is no provider named %(name)s.") % {"name": name}, returncode=2)
