"""Networks that let no websocket through: the answer still grows, over HTTP."""

import asyncio
import re

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SOCKET = re.compile("/ws/chat/")
COUNTED = [f"word{number}" for number in range(200)]
# A socket counts once it has answered a ping.
HEARD_MS = 2000


#: A browser whose network refuses the handshake.
REFUSED = """window.WebSocket = class extends WebSocket {
  constructor(url) { super(url.replace("/ws/", "/refused/")); }
}"""


async def _without(visit: Visit, how: str) -> Visitor:
    ada = await visit()
    if how == "refused":
        await ada.page.add_init_script(REFUSED)
    elif how == "crowded":
        await ada.page.route_web_socket(SOCKET, lambda socket: socket.close(code=4429))
    else:
        await ada.page.route_web_socket(SOCKET, lambda socket: None)
    await ada.page.reload()
    return ada


@pytest.mark.parametrize(
    "how",
    [
        "refused",
        *(pytest.param(how, marks=pytest.mark.thorough) for how in ("silent", "crowded")),
    ],
)
async def test_the_answer_grows_all_the_same(visit: Visit, how: str) -> None:
    ada = await _without(visit, how)
    await ada.ask("Count", "slow-200x50")
    await expect(ada.answers.last).to_contain_text("word50", timeout=15_000)
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")
    before = len((await ada.prose()).split())
    await expect(ada.answers.last).to_contain_text(f"word{before + 5} ")
    await ada.answer()
    assert (await ada.prose()).split() == COUNTED
    if how == "refused":
        ada.forgive("WebSocket connection")
        ada.forgive("htmx:ws:error")


@pytest.mark.thorough
async def test_it_goes_back_to_a_socket_that_lets_something_through(visit: Visit) -> None:
    ada = await visit()
    silent, is_connected = True, asyncio.Event()

    def connect(socket: WebSocketRoute) -> None:
        if not silent:
            socket.connect_to_server()
            is_connected.set()

    await ada.page.route_web_socket(SOCKET, connect)
    asked: list[str] = []
    ada.page.on("request", lambda request: asked.append(request.url))
    await ada.page.reload()
    await ada.ask("Count", "slow-200x50")
    await expect(ada.answers.last).to_contain_text("word10", timeout=15_000)
    assert any(url.endswith("/updates/") for url in asked)
    silent = False
    await ada.answer()
    assert (await ada.prose()).split() == COUNTED
    await asyncio.wait_for(is_connected.wait(), 30)
    await ada.page.wait_for_timeout(HEARD_MS)
    asked.clear()
    await ada.ask("Once more", "slow-40x50")
    await ada.answer()
    assert not any(url.endswith("/updates/") for url in asked)


@pytest.mark.thorough
async def test_no_word_of_a_lost_connection_where_http_does(visit: Visit) -> None:
    ada = await _without(visit, "silent")
    async with ada.page.expect_request("**/updates/"):
        pass
    await ada.page.wait_for_timeout(3000)
    await expect(ada.page.get_by_text("The connection is lost.")).to_be_hidden()
