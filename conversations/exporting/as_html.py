"""A conversation as one file of HTML that asks nobody for anything: style and images are in it,
scripts are not, and its own policy lets none in."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from conversations.branch import branch_ids
from conversations.exporting.as_markdown import who
from conversations.exporting.walking import data_of, messages_of
from conversations.models import Conversation, Message, Picture
from conversations.models.message import Role
from conversations.turns import shown_html

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
_CSS = Path(__file__).resolve().parents[2] / "static" / "css"
# What the page itself makes an answer look like, and what is only for such a file.
_FILES = ("tokens", "prose", "table", "notes", "code", "math", "exported")
# No text can hold it: each is escaped.
_PLACE = "<!--messages-->"
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Image:
    """`src` holds all of it; else `url` leads elsewhere, for whoever follows it."""

    src: str = ""
    url: str = ""


def document(conversation: Conversation) -> Iterator[str]:
    context = {"conversation": conversation, "style": _style(), "policy": POLICY}
    head, _mark, foot = render_to_string("exported/page.html", context).partition(_PLACE)
    yield head
    for message in messages_of(branch_ids(conversation), shown=True):
        yield _message(message)
    yield foot


def _message(message: Message) -> str:
    context = {
        "message": message,
        "who": who(message),
        "html": shown_html(message) if message.role == Role.ASSISTANT else "",
        "images": [_image(picture) for picture in message.pictures.all()],
    }
    return render_to_string("exported/message.html", context)


def _image(picture: Picture) -> Image:
    if not picture.media_type:
        return Image(url=picture.url)
    data = base64.b64encode(data_of(picture)).decode()
    return Image(src=f"data:{picture.media_type};base64,{data}")


@cache
def _style() -> SafeString:
    """Of the site's own files, which hold nothing that could end the element."""
    css = "\n".join((_CSS / f"{name}.css").read_text(encoding="utf-8") for name in _FILES)
    return SafeString(_COMMENT.sub("", css))
