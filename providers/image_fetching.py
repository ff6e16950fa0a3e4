"""An image that a service gives as an address."""

from dataclasses import replace
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from providers.endpoint import Endpoint, Guard
from providers.errors import ErrorKind, UpstreamError
from providers.exchange import Exchange
from providers.failure import broken
from providers.media import Image
from providers.media_client import MOST_MEDIA_BYTES
from providers.media_types import media_type_of

_NO_IMAGE_THERE = _("there is no image at the address that the service gave")
_LEADS_INSIDE = _("the address of the image leads into a network of this machine")


async def fetch_image(endpoint: Endpoint, image: Image) -> Image:
    """The image with its bytes, asked without the key; UpstreamError if none is there.

    A service must not lead a request into this network: its own host and the internet are asked,
    or what the guard of the endpoint allows, or what a proxy does.
    """
    place, path = _place_of(endpoint, image.url)
    async with Exchange(place, is_service=False) as exchange:
        try:
            await exchange.get(path, accept="image/*")
        except UpstreamError as error:
            if error.kind == ErrorKind.NOT_FOUND and error.status is None:
                raise broken(_LEADS_INSIDE) from error
            raise
        body = await exchange.rest(MOST_MEDIA_BYTES)
        if exchange.status >= 400 or not media_type_of(body).startswith("image/"):
            raise broken(_NO_IMAGE_THERE, exchange.status)
        return replace(image, data=body)


def _place_of(endpoint: Endpoint, url: str) -> tuple[Endpoint, str]:
    """The host to ask, and for what."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise broken(_NO_IMAGE_THERE) from None
    own_host = Guard(frozenset({urlsplit(endpoint.base_url).hostname or ""}))
    host = Endpoint(
        f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
        limits=endpoint.limits,
        guard=endpoint.guard or (None if endpoint.proxy else own_host),
        proxy=endpoint.proxy,
    )
    return host, parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
