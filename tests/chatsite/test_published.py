import pytest

from chatsite.asgi_types import Event, Receive, Scope, Send
from chatsite.published import PublishedAddress


async def seen_by_the_site(scope: Scope, *, https: bool) -> Scope:
    seen: Scope = {}

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update(scope)

    async def receive() -> Event:
        return {}

    async def send(event: Event) -> None:
        return None

    await PublishedAddress(site, https=https)(scope, receive, send)
    return seen


async def test_a_prefix_from_the_server_is_dropped() -> None:
    scope = await seen_by_the_site({"type": "http", "root_path": "/evil"}, https=False)

    assert scope["root_path"] == ""


@pytest.mark.parametrize(
    ("kind", "https", "scheme"),
    [
        ("http", False, "http"),
        ("http", True, "https"),
        ("websocket", False, "ws"),
        ("websocket", True, "wss"),
    ],
)
async def test_the_scheme_is_the_configured_one(kind: str, https: bool, scheme: str) -> None:
    assert (await seen_by_the_site({"type": kind}, https=https))["scheme"] == scheme
