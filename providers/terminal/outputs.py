"""Where a command writes: a file, or standard output, which as a terminal takes text alone."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _


def add_output_option(parser: ArgumentParser) -> None:
    parser.add_argument("--output", "-o", default="", help="a file; default: standard output")


def check_output(file: str, *, is_text: bool) -> None:
    """Before anything is asked, and paid for: CommandError if the answer could not be written."""
    if not file:
        if not is_text and sys.stdout.isatty():
            told = _("The answer is not text: give --output FILE, or send it on with a pipe.")
            raise CommandError(told, returncode=2)
        return
    path = Path(file)
    if path.is_dir() or not path.parent.is_dir():
        told = _("%(file)s cannot be written: no such folder, or a folder.") % {"file": file}
        raise CommandError(told, returncode=2)


def write(data: bytes, file: str) -> None:
    """To the file, over what it was, or to standard output; CommandError if that fails."""
    try:
        if file:
            Path(file).write_bytes(data)
        else:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    except OSError as error:
        place = file or _("Standard output")
        told = _("%(file)s cannot be written: %(reason)s.")
        raise CommandError(told % {"file": place, "reason": error.strerror or error}) from error


def write_text(text: str, file: str = "") -> None:
    """As lines. What a service says must not steer a terminal."""
    lines = f"{text.removesuffix(chr(10))}\n"
    if file:
        write(lines.encode("utf-8", "replace"), file)
    else:
        write_piece(lines)


def write_piece(text: str) -> None:
    """A part of a text, to standard output."""
    told = printable(text) if sys.stdout.isatty() else text
    write(told.encode("utf-8", "replace"), "")


def printable(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign in "\t\n" else "\ufffd" for sign in text)
