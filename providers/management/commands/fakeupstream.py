"""A scripted service to develop against: recorded answers of real services, and misbehaviour."""

import asyncio
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from providers.fakeupstream.behaviours import NAMES
from providers.fakeupstream.cases import RECORDED, Case, read_cases
from providers.fakeupstream.choosing import Choice
from providers.fakeupstream.server import LOOPBACK, serve


class Command(BaseCommand):
    help = (
        "Serve recorded answers of real services over TCP, for development. The model's name is "
        "the name of a case or of a behaviour; ?split=whole|cut|bytes says where it is cut. A "
        "base URL may name both: http://127.0.0.1:PORT/CASE/SPLIT/v1. /v1/journal tells what was "
        "asked."
    )
    # It touches neither the database nor the site.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=LOOPBACK, help="default: this machine alone")
        parser.add_argument("--port", type=int, default=9000, help="default: 9000; 0: a free one")
        parser.add_argument(
            "--cases", type=Path, default=RECORDED, help="a file like wire_cases.json"
        )
        parser.add_argument("--delay", type=float, default=0.0, help="seconds between two pieces")

    def handle(self, **options: Any) -> None:
        host, port = options["host"], options["port"]
        choice = Choice(_cases(options["cases"]), options["delay"])
        try:
            asyncio.run(serve(choice, port, lambda url: self._ready(url, len(choice.cases)), host))
        except (OSError, OverflowError) as error:
            told = _("Nothing can be served at %(place)s: %(error)s")
            raise CommandError(told % {"place": f"{host}:{port}", "error": error}) from error
        except KeyboardInterrupt:
            return

    def _ready(self, base_url: str, count: int) -> None:
        """The address alone on its line, for scripts."""
        self.stdout.write(base_url)
        told = _("A model's name is one of %(count)s cases, or of: %(names)s. Ctrl-C ends this.")
        self.stdout.write(told % {"count": count, "names": ", ".join(NAMES)})
        self.stdout.flush()


def _cases(file: Path) -> dict[str, Case]:
    try:
        return read_cases(file)
    except (OSError, ValueError, KeyError, TypeError) as error:
        told = _("%(file)s cannot be read as a file of cases: %(error)r")
        raise CommandError(told % {"file": file, "error": error}, returncode=2) from error
