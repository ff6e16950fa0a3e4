"""What a command reads: an argument, a file, or standard input."""

import mimetypes
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from providers.media import UNKNOWN_TYPE, Blob
from providers.media_types import ending_of, media_type_of

STANDARD_INPUT = "-"


def add_text_options(parser: ArgumentParser, what: str, *, several: bool = False) -> None:
    number = "*" if several else "?"
    told = f"{what}; - or none: from standard input"
    parser.add_argument("text", nargs=number, default=[] if several else None, help=told)
    parser.add_argument("--file", default="", help=f"a file with {what}")


def read_text(options: dict[str, Any]) -> str:
    """What is to be sent, not blank; CommandError if there is none."""
    given, file = options["text"], options["file"]
    if given is not None and file:
        raise CommandError(_("Give a text or --file, not both."), returncode=2)
    if given is not None and given != STANDARD_INPUT:
        return not_blank(given)
    if not file and given is None and sys.stdin.isatty():
        raise CommandError(_("Give a text, or --file FILE."), returncode=2)
    data = _read(file or STANDARD_INPUT)
    try:
        # A file's last line ends; that is no part of the text.
        return not_blank(data.decode("utf-8-sig").rstrip("\r\n"))
    except UnicodeDecodeError:
        raise CommandError(_("The text is not in UTF-8."), returncode=2) from None


def not_blank(text: str) -> str:
    if not text.strip():
        raise CommandError(_("The text is empty."), returncode=2)
    return text


def read_blob(file: str) -> Blob:
    """A file to be sent; CommandError if it is not there, or empty. `-` is standard input."""
    data = _read(file)
    if not data:
        told = _("%(file)s is empty.") % {"file": _name(file)}
        raise CommandError(told, returncode=2)
    if file == STANDARD_INPUT:
        return Blob(data, f"file{ending_of(data)}", media_type_of(data))
    named = mimetypes.guess_type(file)[0] or UNKNOWN_TYPE
    begins = media_type_of(data)
    return Blob(data, Path(file).name, named if begins == UNKNOWN_TYPE else begins)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        told = _("%(file)s cannot be read: %(reason)s.") % {"file": _name(file), "reason": reason}
        raise CommandError(told, returncode=2) from error


def _name(file: str) -> str:
    return _("Standard input") if file == STANDARD_INPUT else file
