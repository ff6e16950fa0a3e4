"""An image as an answer of its own. Whatever a browser took it for, it could do nothing."""

from django.http import HttpResponse

from conversations.models.picture import Image
from providers.media_types import ending_of


def image(found: Image) -> HttpResponse:
    data = bytes(found.data)
    name = f"image-{found.number + 1}{ending_of(data)}"
    return HttpResponse(
        data,
        content_type=found.media_type,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            # The style is that of browsers' own pages around an image.
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
