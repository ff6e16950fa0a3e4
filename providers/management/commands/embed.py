"""Vectors of texts, in the terminal."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from providers.media import EmbeddingRequest
from providers.media_client import embed
from providers.models import Kind
from providers.terminal.asking import add_service_options, ask, params_of, user_and_model
from providers.terminal.inputs import add_text_options, not_blank, read_text
from providers.terminal.outputs import add_output_option, check_output, write_text
from providers.terminal.picking import Function
from providers.terminal.telling import as_json


class Command(BaseCommand):
    help = "Turn texts into vectors: for each text one line, a JSON array of numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_text_options(parser, "a text", several=True)
        parser.add_argument("--lines", action="store_true", help="each line is a text of its own")
        parser.add_argument("--dimensions", type=int, help="of the vectors, where models offer it")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        add_output_option(parser)
        add_service_options(parser)

    def handle(self, **options: Any) -> None:
        texts = _texts(options)
        params = params_of(options, dimensions=options["dimensions"])
        check_output(options["output"], is_text=True)
        user, model = user_and_model(Function.EMBEDDINGS, options)
        request = EmbeddingRequest(model.model_id, texts, params)
        found = ask(
            user,
            model,
            Kind.EMBEDDINGS,
            lambda endpoint: embed(endpoint, request),
            usage_of=lambda answer: answer.usage,
            sent=sum(len(text.encode()) for text in texts),
            as_json=options["json"],
        )
        vectors = found.vectors
        lines = "\n".join(json.dumps(vector) for vector in vectors)
        told = as_json(model, found.usage, vectors=vectors) if options["json"] else lines
        write_text(told, options["output"])


def _texts(options: dict[str, Any]) -> tuple[str, ...]:
    given = options["text"]
    if len(given) > 1:
        if options["file"] or options["lines"]:
            raise CommandError(_("Give texts, or --file or --lines, not both."), returncode=2)
        return tuple(map(not_blank, given))
    text = read_text({**options, "text": given[0] if given else None})
    if not options["lines"]:
        return (text,)
    lines = (line.rstrip("\r") for line in text.split("\n"))
    return tuple(line for line in lines if line.strip())
