"""A text, spoken."""

from argparse import ArgumentParser
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from providers.endpoint import Endpoint
from providers.media import SpeechRequest
from providers.media_client import COMMON_VOICE, speak, stream_speech
from providers.models import Kind
from providers.terminal.asking import add_service_options, ask, params_of, user_and_model
from providers.terminal.inputs import add_text_options, read_text
from providers.terminal.outputs import add_output_option, check_output, write
from providers.terminal.picking import Function

FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")


class Command(BaseCommand):
    help = "Speak a text: the sound goes to a file, or as it comes to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_text_options(parser, "the text")
        voice = f"default: the service's own, or {COMMON_VOICE} where it insists on one"
        parser.add_argument("--voice", default="", help=voice)
        format_ = "default: as the file of --output ends, else the service's own"
        parser.add_argument("--format", choices=FORMATS, default="", help=format_)
        parser.add_argument("--speed", type=float, help="1 is how the voice speaks by itself")
        add_output_option(parser)
        add_service_options(parser)

    def handle(self, **options: Any) -> None:
        text, output = read_text(options), options["output"]
        sound = options["format"] or _format_of(output)
        params = params_of(options, response_format=sound, speed=options["speed"])
        check_output(output, is_text=False)
        user, model = user_and_model(Function.SPEECH, options)
        request = SpeechRequest(model.model_id, text, options["voice"], params)
        if output:
            # Whole, so that a sound which breaks off does not take the place of another.
            write(
                ask(user, model, Kind.SPEECH, lambda endpoint: speak(endpoint, request)).audio,
                output,
            )
        else:
            ask(user, model, Kind.SPEECH, partial(_pass_on, request))


async def _pass_on(request: SpeechRequest, endpoint: Endpoint) -> None:
    async with aclosing(stream_speech(endpoint, request)) as pieces:
        async for piece in pieces:
            write(piece, "")


def _format_of(file: str) -> str:
    ending = Path(file).suffix.lower().removeprefix(".")
    return ending if ending in FORMATS else ""
