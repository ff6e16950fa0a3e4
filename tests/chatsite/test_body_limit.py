import pytest

from chatsite.asgi_types import Event, Receive, Scope, Send
from chatsite.body_limit import BodyLimit

LIMIT = 10


async def post(chunks: list[bytes], *headers: tuple[bytes, bytes]) -> tuple[int, bytes]:
    """The status, and the body as the site saw it."""
    events = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    events.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[Event] = []
    seen = b""

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal seen
        seen = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Event:
        return events.pop(0)

    async def send(event: Event) -> None:
        sent.append(event)

    await BodyLimit(site, LIMIT)({"type": "http", "headers": headers}, receive, send)
    return sent[0]["status"], seen


async def test_a_body_at_the_limit_arrives_whole() -> None:
    assert await post([b"12345", b"67890"]) == (200, b"1234567890")


@pytest.mark.parametrize(
    "headers",
    [[], [(b"content-length", b"3")], [(b"content-length", b"11")]],
    ids=["chunked", "understated", "stated"],
)
async def test_a_body_over_the_limit_never_reaches_the_site(
    headers: list[tuple[bytes, bytes]],
) -> None:
    assert await post([b"12345", b"67890", b"1"], *headers) == (413, b"")


async def test_a_stated_length_over_the_limit_is_refused_unread() -> None:
    assert await post([], (b"Content-Length", b"11")) == (413, b"")


async def test_a_file_over_the_limit_leads_to_the_page_that_tells_why() -> None:
    sent: list[Event] = []

    async def send(event: Event) -> None:
        sent.append(event)

    async def receive() -> Event:
        return {"type": "http.request", "body": b"x" * (LIMIT + 1)}

    scope = {"type": "http", "path": "/data/import/1:abc:def/", "headers": []}
    await BodyLimit(nowhere, LIMIT)(scope, receive, send)
    assert sent[0]["status"] == 303
    assert (b"location", b"/data/?refused=1") in sent[0]["headers"]


async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError(scope)
