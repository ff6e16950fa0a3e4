"""An image by its description, or other images changed."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.image_fetching import fetch_image
from providers.media import Image, ImageRequest, Images
from providers.media_client import draw, edit_image
from providers.models import Kind, Model
from providers.terminal.asking import add_service_options, ask, in_words, params_of, user_and_model
from providers.terminal.inputs import add_text_options, read_blob, read_text
from providers.terminal.outputs import add_output_option, check_output, write, write_text
from providers.terminal.picking import Function
from providers.terminal.pictures import as_told, save
from providers.terminal.telling import as_json


class Command(BaseCommand):
    help = (
        "Draw an image, or change those that --image names. An image that the service gives as "
        "an address is told as that, unless --fetch is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_text_options(parser, "what is to be seen")
        parser.add_argument("--image", action="append", default=[], help="a file to change")
        parser.add_argument("--mask", default="", help="a file: where it is clear, draw anew")
        parser.add_argument("--size", default="", help="such as 1024x1024")
        parser.add_argument("--count", type=int, help="how many: FILE, FILE-2 and so on")
        parser.add_argument("--fetch", action="store_true", help="fetch what is an address")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        add_output_option(parser)
        add_service_options(parser)

    def handle(self, **options: Any) -> None:
        prompt = read_text(options)
        params = params_of(options, size=options["size"], n=options["count"])
        _check(options, params)
        images = tuple(map(read_blob, options["image"]))
        mask = read_blob(options["mask"]) if options["mask"] else None
        user, model = user_and_model(Function.IMAGES, options)
        request = ImageRequest(model.model_id, prompt, images, mask, params)
        drawing = partial(_draw, request, fetches=options["fetch"])
        drawn, failed = ask(
            user,
            model,
            Kind.IMAGE,
            drawing,
            usage_of=lambda answer: answer[0].usage,
            as_json=options["json"],
        )
        files = save(drawn.images, options["output"])
        _tell(drawn, files, model if options["json"] else None)
        if failed:
            raise CommandError(in_words(failed))
        if options["output"] and not all(files):
            raise CommandError(_("The service gave an address: add --fetch to have the image."))


def _check(options: dict[str, Any], params: dict[str, object]) -> None:
    output = options["output"]
    check_output(output, is_text=options["json"])
    if options["count"] is not None and options["count"] < 1:
        raise CommandError(_("--count is 1 or more."), returncode=2)
    if params.get("n", 1) != 1 and not output and not options["json"]:
        raise CommandError(_("Several images need --output FILE, or --json."), returncode=2)
    if options["mask"] and not options["image"]:
        raise CommandError(_("--mask needs the --image that it is for."), returncode=2)


def _tell(drawn: Images, files: list[str], model: Model | None) -> None:
    """The image itself, where one was asked for and nothing has it; else each one on a line."""
    images = list(zip(drawn.images, files, strict=True))
    first, file = images[0]
    if model:
        told = [as_told(*each) for each in images]
        write_text(as_json(model, drawn.usage, images=told))
    elif first.data and not file:
        write(first.data, "")
    else:
        write_text("\n".join(file or image.url for image, file in images))


async def _draw(
    request: ImageRequest, endpoint: Endpoint, *, fetches: bool
) -> tuple[Images, UpstreamError | None]:
    """The images, and why one of them could not be fetched: that they were drawn is told still."""
    drawn = await (edit_image if request.images else draw)(endpoint, request)
    images: list[Image] = []
    failed = None
    for image in drawn.images:
        try:
            is_whole = image.data or not fetches
            images.append(image if is_whole else await fetch_image(endpoint, image))
        except UpstreamError as error:
            images.append(image)
            failed = error
    return Images(tuple(images), drawn.usage), failed
