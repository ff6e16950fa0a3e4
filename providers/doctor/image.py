"""Whether the model sees: an image of one colour, and the question which."""

import base64
import re
import struct
import zlib

from django.utils.translation import gettext as _

from providers.doctor.finding import Finding, Result, quoted, said
from providers.doctor.patient import Patient, ask
from providers.errors import ErrorKind, UpstreamError
from providers.messages import Image, Message, Text

# Some models refuse what is smaller than one of their tiles.
SIDE = 64
# Unmistakable, and not what a model says that sees nothing: those guess red or blue.
COLOUR, NAME = b"\xff\xff\x00", re.compile(r"\byellow\b", re.IGNORECASE)
QUESTION = "Which colour fills this image? Reply with that one word."
_REFUSED = frozenset({ErrorKind.BAD_REQUEST, ErrorKind.NOT_FOUND, ErrorKind.CONTEXT_TOO_LONG})
_OF_IMAGES = ("image", "vision", "multimodal", "multi-modal", "mmproj")


async def sees(patient: Patient) -> Finding:
    message = Message("user", (Image(_data_url(yellow_png())), Text(QUESTION)))
    try:
        answer = await ask(patient, message)
    except UpstreamError as error:
        if not _is_of_images(error):
            raise
        hint = _("To send images, pick another model.")
        return Finding(Result.NOTED, said(error), hint, cannot=("image_input",))
    if NAME.search(answer.text):
        return Finding(Result.GOOD, quoted(answer.text), can=("image_input",))
    told = _("It is taken, but the answer does not show it: %(answer)s")
    return Finding(Result.NOTED, told % {"answer": quoted(answer.text)})


def yellow_png() -> bytes:
    line = b"\x00" + COLOUR * SIDE
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(line * SIDE)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _data_url(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def _is_of_images(error: UpstreamError) -> bool:
    """Refused for the image: words alone were answered before. llama.cpp says it with a 500."""
    return error.kind in _REFUSED or any(word in error.detail.lower() for word in _OF_IMAGES)
