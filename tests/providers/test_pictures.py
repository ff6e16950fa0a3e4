import base64

import pytest

from providers import pictures
from providers.pictures import Picture, Refusal, picture_of

MAGIC = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/webp": b"RIFF\x00\x00\x00\x00WEBP",
    "image/gif": b"GIF89a",
}


def data_url(data: bytes, told: str = "image/png") -> str:
    return f"data:{told};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize("media_type", MAGIC)
@pytest.mark.parametrize("told", ["image/png", "text/html", "", "image/png;charset=x"])
def test_an_image_is_of_the_type_that_its_bytes_are(media_type: str, told: str) -> None:
    data = MAGIC[media_type]
    assert picture_of(data_url(data, told)) == Picture(data, media_type)


@pytest.mark.parametrize(
    "url",
    [
        data_url(b"<svg onload=alert(1)>", "image/svg+xml"),
        data_url(b"<html>"),
        data_url(b""),
        data_url(b"%PDF-1.7"),
        "data:image/png,raw",
        "data:image/png;base64,@@@",
        "data:",
        "data:image/png;base64,\ufffd",
        "https://",
        "https://user:word@host/a.png",
        "https://a/ b",
        "https://a/\u202egnp.a",
        "https://[::1/a",
        "ftp://a/b.png",
    ],
)
def test_anything_else_is_no_image(url: str) -> None:
    assert picture_of(url) == Picture(refusal=Refusal.NO_IMAGE)


def test_base64_may_be_wrapped_in_lines() -> None:
    assert picture_of("data:image/png;base64,iVBO\nRw0KGgo=").data == MAGIC["image/png"]


def test_an_address_is_kept_as_one() -> None:
    url = "https://elsewhere.example/a.png?b=c"
    assert picture_of(url) == Picture(url=url)


@pytest.mark.parametrize(("more", "refusal"), [(0, None), (1, Refusal.TOO_LARGE)])
def test_an_image_has_a_largest_size(
    more: int, refusal: Refusal | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 300)
    data = MAGIC["image/png"] + b"\x00" * (292 + 3 * more)
    assert picture_of(data_url(data)).refusal == refusal


def test_an_address_has_a_largest_size() -> None:
    assert picture_of("https://a/" + "x" * 5000).refusal == Refusal.TOO_LARGE
