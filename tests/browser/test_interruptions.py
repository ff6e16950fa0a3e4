"""Answers that lose their page or their socket, and what the page shows afterwards."""

import asyncio
import json
import re

import pytest
from playwright.async_api import WebSocketRoute, expect

from conversations.frames import gone_frame
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

#: As another tab would.
DELETE = """() => fetch(location.pathname + "delete/", {
  method: "POST",
  headers: JSON.parse(document.body.getAttribute("hx-headers:inherited")),
})"""

#: How long each waits that showed nothing which grows.
WAITS_OF_500 = """async () => {
  const { waitToConnect } = await import("/static/js/waiting.js");
  return Array.from({ length: 500 }, () => waitToConnect(0, false));
}"""

SOCKET = re.compile("/ws/chat/")
# Those that a page may see, 4401 and 4429 apart, which say that it had better not come back.
CODES = [*range(1000, 1004), *range(1007, 1014), 3000, 4000, 4999]
COUNTED = [f"word{number}" for number in range(40)]


async def test_leaving_is_not_stopping(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word2")
    path = await ada.path()
    await ada.page.close()
    later = await visit(path=path)
    await later.answer()
    assert (await later.prose()).split() == COUNTED


@pytest.mark.parametrize("word", ["word0", "word7", "word25"])
async def test_a_reload_in_the_middle_loses_and_repeats_nothing(visit: Visit, word: str) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text(word)
    await ada.page.reload()
    await ada.answer()
    assert (await ada.prose()).split() == COUNTED


@pytest.mark.thorough
async def test_an_answer_goes_on_growing_after_a_reload(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word3")
    await ada.page.reload()
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")
    before = (await ada.prose()).split()
    await expect(ada.answers.last).to_contain_text(f"word{len(before)} ")
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")


@pytest.mark.thorough
async def test_many_reloads_lose_and_repeat_nothing(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await ada.answers.last.wait_for()
    for _ in range(6):
        await ada.page.reload()
    await ada.answer()
    assert (await ada.prose()).split() == COUNTED


@pytest.mark.thorough
@pytest.mark.parametrize("codes", [CODES[:7], CODES[7:]], ids=["first", "last"])
async def test_whatever_code_a_socket_is_closed_with_the_text_is_exact(
    visit: Visit, codes: list[int]
) -> None:
    ada = await visit()
    sockets: asyncio.Queue[tuple[WebSocketRoute, WebSocketRoute]] = asyncio.Queue()
    await ada.page.route_web_socket(
        SOCKET, lambda it: sockets.put_nowait((it, it.connect_to_server()))
    )
    await ada.page.reload()
    await ada.ask("Count", "slow-200x50")
    for code in codes:
        page_side, server_side = await asyncio.wait_for(sockets.get(), 10)
        before = len((await ada.prose()).split())
        await expect(ada.answers.last).to_contain_text(f"word{before + 2}")
        # In this order: through a page that is still open, a word would go to a server that is not.
        await page_side.close(code=code)
        await server_side.close()
    await ada.answer()
    assert (await ada.prose()).split() == [f"word{number}" for number in range(200)]


@pytest.mark.thorough
@pytest.mark.parametrize("lost", [1, 2, 9])
async def test_a_frame_that_gets_lost_on_the_way_is_no_gap_in_the_text(
    visit: Visit, lost: int
) -> None:
    ada = await visit()
    dropped: list[str | bytes] = []

    def connect(page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()

        def hear(text: str | bytes) -> None:
            if not dropped and json.loads(text).get("n") == lost:
                dropped.append(text)
            else:
                page_side.send(text)

        server_side.on_message(hear)

    await ada.page.route_web_socket(SOCKET, connect)
    await ada.page.reload()
    await ada.ask("Count", "slow-40x50")
    await ada.answer()
    assert len(dropped) == 1
    assert (await ada.prose()).split() == COUNTED


async def test_pages_of_a_server_that_ends_come_back_one_after_the_other(visit: Visit) -> None:
    ada = await visit()
    waits = sorted(await ada.page.evaluate(WAITS_OF_500))
    assert waits[-1] < 15_000
    # In no half second more than 100, who are let in within it.
    assert all(later - sooner > 500 for sooner, later in zip(waits, waits[100:], strict=False))


async def test_a_lost_connection_is_told_until_it_is_back(visit: Visit) -> None:
    ada = await visit()
    notice = ada.page.get_by_text("The connection is lost. Reconnecting…")
    sockets: asyncio.Queue[WebSocketRoute] = asyncio.Queue()
    await ada.page.route("**/updates/", lambda route: None)
    await ada.page.route_web_socket(SOCKET, lambda it: sockets.put_nowait(it))
    await ada.page.reload()
    first = await sockets.get()
    await ada.page.route_web_socket(SOCKET, lambda it: it.close(code=1011))
    await first.close(code=1011)
    await expect(notice).to_be_visible()
    await ada.page.route_web_socket(SOCKET, lambda it: sockets.put_nowait(it.connect_to_server()))
    await sockets.get()
    await expect(notice).to_be_hidden()


@pytest.mark.thorough
async def test_an_answer_that_ended_while_the_network_was_away_is_whole(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word5")
    await ada.context.set_offline(True)
    other = await visit(path=await ada.path())
    await other.answer()
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")
    await ada.context.set_offline(False)
    await ada.answer()
    assert (await ada.prose()).split() == COUNTED


async def test_two_tabs_show_the_same(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word1")
    other = await visit(path=await ada.path())
    await ada.answer()
    await other.answer()
    assert await ada.prose() == await other.prose()


@pytest.mark.thorough
async def test_a_stop_that_does_not_arrive_is_told(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word3")
    await ada.page.route("**/stop/", lambda route: route.abort())
    await ada.page.get_by_role("button", name="Stop").click()
    await expect(ada.page.get_by_role("alert")).to_contain_text("could not be reached")
    await ada.answer()
    ada.forgive("net::ERR_FAILED")
    ada.forgive("Failed to fetch")


async def test_a_chat_that_was_deleted_meanwhile_says_so_and_keeps_the_text(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Soon gone", "echo")
    await ada.answer()
    await ada.page.evaluate(DELETE)
    await ada.ask("And now?")
    await expect(ada.page.get_by_role("alert")).to_contain_text("deleted meanwhile")
    await expect(ada.message).to_have_value("And now?")
    ada.forgive("404")


@pytest.mark.thorough
async def test_a_second_tab_shows_what_the_first_one_said_before_it_goes_on(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("First", "echo")
    await ada.answer()
    other = await Visitor.arrive(ada.context, ada.url, await ada.path())
    await ada.ask("Second", "echo")
    await ada.answer(number=1)
    await other.ask("Third", "echo")
    await expect(other.questions).to_have_text(
        [re.compile(w) for w in ("First", "Second", "Third")]
    )
    await expect(other.answers).to_have_count(3)


async def test_a_second_tab_can_stop_what_the_first_one_asked(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("First", "echo")
    await ada.answer()
    other = await Visitor.arrive(ada.context, ada.url, await ada.path())
    await ada.ask("Count", "slow-40x50")
    await other.answers.nth(1).wait_for()
    await other.page.get_by_role("button", name="Stop").click()
    await other.answer("stopped")


async def test_an_answer_that_is_gone_when_the_page_comes_back_says_so(visit: Visit) -> None:
    ada = await visit()

    def answer(route: WebSocketRoute) -> None:
        def say(text: str | bytes) -> None:
            asked = json.loads(text)
            if "follow" in asked:
                route.send(gone_frame(1, asked["follow"], "en"))
            elif "ping" in asked:
                route.send('{"pong":1}')

        route.on_message(say)

    await ada.ask("Gone", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word1")
    await ada.page.route_web_socket(SOCKET, answer)
    await ada.page.reload()
    await ada.answer("interrupted")
    await expect(ada.answers.last).to_contain_text("This answer is gone: its chat was deleted.")
    await expect(ada.page.get_by_role("button", name="Send")).to_be_visible()
