"""What is said in a recording, as text."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from providers.media import Transcription, TranscriptionRequest
from providers.media_client import transcribe
from providers.models import Kind, Model
from providers.terminal.asking import add_service_options, ask, params_of, user_and_model
from providers.terminal.inputs import read_blob
from providers.terminal.outputs import add_output_option, check_output, write_text
from providers.terminal.picking import Function
from providers.terminal.telling import as_json

SUBTITLES = ("srt", "vtt")
FORMATS = ("json", "verbose_json", "text", *SUBTITLES)


class Command(BaseCommand):
    help = "Write down what is said in a recording."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("audio", help="a file; -: from standard input")
        parser.add_argument("--language", default="", help="that is spoken, such as en or zh")
        parser.add_argument("--prompt", default="", help="names and words that may be said")
        format_ = "as the service is asked; srt and vtt are subtitles. Default: the service's own"
        parser.add_argument("--format", choices=FORMATS, default="", help=format_)
        told = "print one JSON object; with --format verbose_json also the times"
        parser.add_argument("--json", action="store_true", help=told)
        add_output_option(parser)
        add_service_options(parser)

    def handle(self, **options: Any) -> None:
        if options["json"] and options["format"] in SUBTITLES:
            raise CommandError(_("Subtitles are no JSON: leave --json out."), returncode=2)
        audio = read_blob(options["audio"])
        hints = {name: options[name] for name in ("language", "prompt")}
        params = params_of(options, response_format=options["format"], **hints)
        check_output(options["output"], is_text=True)
        user, model = user_and_model(Function.TRANSCRIPTIONS, options)
        request = TranscriptionRequest(model.model_id, audio, params)
        heard = ask(
            user,
            model,
            Kind.TRANSCRIPTION,
            lambda endpoint: transcribe(endpoint, request),
            usage_of=lambda answer: answer.usage,
            as_json=options["json"],
        )
        told = _as_json(heard, model) if options["json"] else heard.text
        write_text(told, options["output"])


def _as_json(heard: Transcription, model: Model) -> str:
    answer = {name: value for name, value in asdict(heard).items() if name != "usage"}
    return as_json(model, heard.usage, **answer)
