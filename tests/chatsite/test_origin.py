import pytest

from chatsite.asgi_types import Event, Receive, Scope, Send
from chatsite.origin import SameOrigin


async def opens(
    *origins: str, hosts: tuple[str, ...] = ("*",), scheme: str = "ws", host: str = "a.example:8000"
) -> bool:
    """Whether a socket with these Origin headers gets through to the site."""
    sent: list[Event] = []

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})

    async def receive() -> Event:
        return {"type": "websocket.connect"}

    async def send(event: Event) -> None:
        sent.append(event)

    headers = [(b"host", host.encode()), *((b"origin", origin.encode()) for origin in origins)]
    scope = {"type": "websocket", "scheme": scheme, "headers": headers}
    await SameOrigin(site, hosts, ["https://published.example"])(scope, receive, send)
    return sent == [{"type": "websocket.accept"}]


async def test_the_site_s_own_pages_open_a_socket() -> None:
    assert await opens("http://a.example:8000")


async def test_the_usual_port_may_be_left_out() -> None:
    assert await opens("https://a.example", scheme="wss", host="a.example:443")


async def test_a_published_origin_opens_a_socket_whatever_the_host_header() -> None:
    assert await opens("https://published.example")


@pytest.mark.parametrize(
    "origin",
    [
        "http://b.example:8000",
        "http://a.example:8001",
        "http://a.example",
        "https://a.example:8000",
        "http://sub.a.example:8000",
        "http://a.example.evil:8000",
        "http://a.example:8000@evil",
        "http://a.example:8000/path",
        "http://a.example:port",
        "file://",
        "null",
        "",
    ],
)
async def test_no_other_origin_opens_one_even_if_every_host_is_allowed(origin: str) -> None:
    assert not await opens(origin)


async def test_a_socket_without_an_origin_is_refused() -> None:
    assert not await opens()


async def test_a_socket_with_two_origins_is_refused() -> None:
    assert not await opens("http://a.example:8000", "http://a.example:8000")


async def test_a_host_that_is_not_ours_is_refused() -> None:
    assert not await opens("http://a.example:8000", hosts=("b.example",))
