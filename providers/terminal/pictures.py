"""Images as files, and as a command tells of them."""

import base64
from collections.abc import Sequence
from pathlib import Path

from providers.media import Image
from providers.terminal.outputs import write


def save(images: Sequence[Image], file: str) -> list[str]:
    """The name of each one's file: FILE, FILE-2 and so on; '' where there is nothing to save."""
    names = []
    for number, image in enumerate(images, start=1):
        name = _numbered(file, number) if file and image.data else ""
        if name:
            write(image.data, name)
        names.append(name)
    return names


def as_told(image: Image, file: str) -> dict[str, str]:
    """Its file, its bytes or its address, by the services' own names."""
    told = {"revised_prompt": image.revised_prompt}
    if image.url:
        told["url"] = image.url
    if file:
        told["file"] = file
    elif image.data:
        told["b64_json"] = base64.b64encode(image.data).decode()
    return told


def _numbered(file: str, number: int) -> str:
    path = Path(file)
    return file if number == 1 else str(path.with_stem(f"{path.stem}-{number}"))
