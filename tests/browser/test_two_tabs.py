"""Two tabs of one conversation in which everything is done at random: in the end both show what a
new one would, and the tree is whole."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.async_api import Error, Locator

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.extent import extent, luck
from tests.site import Site

pytestmark = pytest.mark.browser

MODELS = ("echo", "count-40x50", "markdown", "cut")
WORDS = ("alpha", "beta", "gamma", "delta")
# What is not there to be pressed at the moment is not waited for.
AT_ONCE_MS = 300
# What waits in the queue is sent and answered first.
SETTLE_S = 60

#: What a reader sees of a conversation's page, and what the page knows of it.
SHOWN = """() => {
  const text = (element) => element?.innerText.replace(/\\s+/g, " ").trim() ?? "";
  const names = (element) => [...element.querySelectorAll("button")].map(text);
  return {
    title: document.title,
    header: text(document.querySelector("#chat-header h1")),
    prompt: document.querySelector("#system textarea")?.defaultValue,
    spent: text(document.getElementById("spent")),
    gone: text(document.getElementById("chat-gone")),
    model: document.getElementById("shown").dataset.model,
    shown: document.getElementById("shown").value,
    stop: document.querySelector("chat-composer").dataset.busy ?? "",
    rows: [...document.querySelectorAll("#conversation-list li:not([hidden])")].slice(0, 3)
      .map((row) => [text(row.querySelector("a")), Boolean(row.querySelector(".writing"))]),
    log: [...document.querySelectorAll("#messages > article")].slice(-40).map((article) => [
      article.id,
      article.dataset.state ?? "",
      article.getAttribute("aria-busy") ?? "",
      text(article.querySelector(".model")),
      text(article.querySelector(".prose") ?? article.querySelector(".text")),
      article.querySelector("chat-foot")?.dataset.run ?? "",
      text(article.querySelector(".failure, .figures")),
      names(article.querySelector(".actions") ?? article),
    ]),
  };
}"""


@pytest.mark.thorough
async def test_whatever_two_tabs_do_they_end_up_the_same(visit: Visit, home: Site) -> None:
    chance, done = luck(), Counter[str]()
    ada = await visit()
    await ada.ask("The first of many", "echo")
    await ada.answer()
    path = await ada.path()
    tabs = [ada, await visit(path=path)]
    for _ in range(extent(500, 20)):
        act = chance.choice(ACTS)
        done[act.__name__] += await act(chance.choice(tabs), path, chance)
        await asyncio.sleep(chance.choice((0, 0.05, 0.3)))
    await _undo_all(tabs, path)
    try:
        await _all_show_the_same(tabs, await visit(path=path))
    finally:
        print(dict(done))  # noqa: T201 - which acts the luck led to
    _the_tree_is_whole(home.log.parent / "chatsite.sqlite3", path)
    for tab in tabs:
        _nothing_failed(tab)


async def _send(tab: Visitor, path: str, chance: random.Random) -> bool:
    if not _shows(tab, path):
        return False
    with suppress(Error):
        model = tab.page.get_by_label("Model", exact=True)
        await model.select_option(label=chance.choice(MODELS), timeout=AT_ONCE_MS)
        await tab.message.fill(" ".join(chance.choices(WORDS, k=4)), timeout=AT_ONCE_MS)
        await tab.message.press("Enter", timeout=AT_ONCE_MS)
        return True
    return False


async def _stop(tab: Visitor, _path: str, _chance: random.Random) -> bool:
    return await _press(tab.page.get_by_role("button", name="Stop"))


async def _regenerate(tab: Visitor, _path: str, _chance: random.Random) -> bool:
    name = "Regenerate"
    again = tab.answers.last.get_by_role("button", name=name)
    return await _press(again) or await _press(
        tab.answers.last.get_by_role("button", name="Try again")
    )


async def _go_on(tab: Visitor, _path: str, _chance: random.Random) -> bool:
    return await _press(tab.answers.last.get_by_role("button", name="Continue"))


async def _rename(tab: Visitor, path: str, chance: random.Random) -> bool:
    if not _shows(tab, path):
        return False
    header = tab.page.locator("chat-header")
    title = header.get_by_role("textbox", name="Title")
    if not await title.is_visible() and not await _press(header.locator("summary")):
        return False
    with suppress(Error):
        await title.fill(" ".join(chance.choices(WORDS, k=3)), timeout=AT_ONCE_MS)
        return await _press(header.get_by_role("button", name="Rename"))
    return False


async def _delete(tab: Visitor, path: str, _chance: random.Random) -> bool:
    if not _shows(tab, path):
        return False
    row = tab.sidebar.locator("li:has([aria-current])")
    delete = row.get_by_role("button", name="Delete")
    if not await delete.is_visible() and await _press(row.locator("summary")):
        with suppress(Error):
            await delete.wait_for(timeout=3 * AT_ONCE_MS)
    return await _press(delete)


async def _undo(tab: Visitor, path: str, _chance: random.Random) -> bool:
    undone = await _press(tab.page.get_by_role("button", name="Undo").first)
    return undone or await _go_back(tab, path)


async def _go_back(tab: Visitor, path: str) -> bool:
    """From where a deleted chat leads to, once it is there again."""
    if _shows(tab, path):
        return False
    with suppress(Error):
        response = await tab.page.goto(tab.url + path.lstrip("/"))
        if response and response.status == 404:
            await tab.page.go_back()
        return bool(response and response.ok)
    return False


ACTS = [
    *[_send] * 4,
    *[_stop] * 3,
    *[_regenerate] * 3,
    *[_go_on] * 2,
    _rename,
    _delete,
    *[_undo] * 3,
]


def _shows(tab: Visitor, path: str) -> bool:
    return urlsplit(tab.page.url).path == path


async def _press(button: Locator) -> bool:
    with suppress(Error):
        if await button.is_visible():
            await button.click(timeout=AT_ONCE_MS)
            return True
    return False


async def _undo_all(tabs: list[Visitor], path: str) -> None:
    for tab in tabs:
        # A deleting may be under way.
        await tab.page.wait_for_timeout(1000)
        await tab.page.evaluate(RESTORE, path)
    for tab in tabs:
        if not _shows(tab, path):
            await tab.go(path)


#: As another device would.
RESTORE = """path => fetch(path + "restore/", {
  method: "POST",
  headers: JSON.parse(document.body.getAttribute("hx-headers:inherited")),
})"""


async def _all_show_the_same(tabs: list[Visitor], fresh: Visitor) -> None:
    """What a new page shows, within SETTLE_S and from then on."""
    end = asyncio.get_running_loop().time() + SETTLE_S
    while True:
        await fresh.page.reload()
        await asyncio.sleep(0.5)
        wanted = await fresh.page.evaluate(SHOWN)
        found = [await tab.page.evaluate(SHOWN) for tab in tabs]
        is_idle = not wanted["stop"]
        if is_idle and all(each == wanted for each in found):
            return
        if asyncio.get_running_loop().time() > end:
            assert [_differences(each, wanted) for each in found] == [[], []]


def _differences(found: dict[str, Any], wanted: dict[str, Any]) -> list[Any]:
    """In which parts, and in the list and the log in which lines."""
    unlike = [(name, found[name], wanted[name]) for name in wanted if found[name] != wanted[name]]
    return [
        (name, list(_lines(has, should))) if isinstance(has, list) else (name, has, should)
        for name, has, should in unlike
    ]


def _lines(found: list[Any], wanted: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    for number, (has, should) in enumerate(zip_longest(found, wanted)):
        if has != should:
            yield number, has, should


def _the_tree_is_whole(database: Path, path: str) -> None:
    conversation = UUID(path.strip("/").removeprefix("c/")).hex
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(TREE, [conversation]).fetchall()
        [(leaf,)] = connection.execute(LEAF, [conversation]).fetchall()
    parents = {pk: parent for pk, parent, _role, _state in rows}
    roles = {pk: role for pk, _parent, role, _state in rows}
    assert leaf in parents
    assert all(parent is None or parent in parents for parent in parents.values())
    assert sum(parent is None for parent in parents.values()) == 1
    assert all(roles[pk] != roles.get(parent) for pk, parent in parents.items())
    questions = {pk for pk, role in roles.items() if role == "user"}
    assert questions <= set(parents.values()), "a question without an answer"
    assert {state for *_, role, state in rows if role == "assistant"} <= {
        "complete",
        "stopped",
        "failed",
    }


TREE = """SELECT m.id, m.parent_id, m.role, g.state FROM conversations_message m
LEFT JOIN conversations_generation g ON g.message_id = m.id WHERE m.conversation_id = ?"""
LEAF = "SELECT leaf_id FROM conversations_conversation WHERE id = ?"


def _nothing_failed(tab: Visitor) -> None:
    """What is refused is told to the reader; a page that is left breaks its requests off."""
    ordinary = ("404 ", "409 ", "Failed to fetch", "net::ERR_ABORTED")
    assert [each for each in tab.complaints if not any(map(each.__contains__, ordinary))] == []
    tab.complaints.clear()
