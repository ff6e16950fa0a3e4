"""The images of an answer as the page shows them: from here, as a link, or as a sentence."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.generation.live import MOST_PICTURES
from conversations.models.picture import Image, Picture
from providers.pictures import Refusal, picture_of

# Of an image that a shared chat has no room for.
NO_ROOM = "no_room"

_WORDS: dict[str, Promise] = {
    Refusal.TOO_LARGE: _("An image is left out: it is larger than 10 MB. Ask for a smaller one."),
    Refusal.NO_IMAGE: _(
        "An image is left out: it is not in PNG, JPEG, WebP or GIF. Ask for one of these."
    ),
    Refusal.TOO_MANY: _("Further images are left out: an answer may have 16. Ask for fewer."),
    NO_ROOM: _("An image is left out: a shared chat holds 25 MB of images."),
}


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """`src` is the site's own address of it; else `url` leads to `host`, which nobody asks unless
    the reader does; else `words` say why it is left out. `number` counts from 1."""

    number: int
    src: str = ""
    url: str = ""
    host: str = ""
    words: Promise | str = ""
    # Then no link leads to it: browsers open none to what an address itself holds.
    is_inline: bool = False


def shown_pictures(pictures: Iterable[Image], address: str) -> tuple[ShownPicture, ...]:
    """`address` is the one that those kept here lie below."""
    return tuple(_shown(picture, address) for picture in pictures)


def inline_pictures(urls: Iterable[str]) -> tuple[ShownPicture, ...]:
    """Of an answer that is stored nowhere, from what `ImageDelta` brought: an image is then its
    own address."""
    return tuple(_inline(number, url) for number, url in enumerate(urls))


def _shown(picture: Image, address: str) -> ShownPicture:
    number = picture.number + 1
    if picture.refusal:
        return ShownPicture(number, words=_WORDS[picture.refusal])
    if picture.url:
        return ShownPicture(number, url=picture.url, host=urlsplit(picture.url).hostname or "")
    return ShownPicture(number, src=f"{address}{picture.number}/")


def _inline(number: int, url: str) -> ShownPicture:
    told = picture_of(url)
    refusal = Refusal.TOO_MANY if number >= MOST_PICTURES else told.refusal
    if refusal or told.url:
        kept = Picture(number=number, url=told.url, refusal=refusal or "")
        return _shown(kept, "")
    data = b64encode(told.data).decode()
    return ShownPicture(number + 1, src=f"data:{told.media_type};base64,{data}", is_inline=True)
