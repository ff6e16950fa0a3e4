"""axe finds nothing wrong with pages as they are used; how each looks in states that need no use
is for test_styleguide.py."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.axe import offences
from tests.browser.conftest import Service, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

RICH = """# A heading

Words with a [link](https://example.org/page), `code`,
a formula $a^2 + b^2 = c^2$ and a note.[^1]

| name | value |
| --- | ---: |
| one | 1 |

```python
def greet(name: str) -> str:  # says hello
    return f"hello {name}"
```

```mermaid
graph TD;
  A[Start] --> B[End];
```

[^1]: The note.
"""


async def empty(_visitor: Visitor) -> None:
    """As it is opened."""


async def ask(visitor: Visitor, text: str, model: str, state: str = "complete") -> None:
    await visitor.ask(text, model)
    await visitor.answer(state)


async def rich(visitor: Visitor) -> None:
    await ask(visitor, RICH, "echo")
    figure = visitor.answers.last.locator("figure.code").first
    await figure.hover()
    await figure.get_by_role("button", name="Line numbers").click()


async def drawn(visitor: Visitor) -> None:
    await ask(visitor, RICH, "echo")
    await visitor.page.get_by_role("button", name="Draw the diagram").click()
    await expect(visitor.page.locator("iframe[height]")).to_be_visible()


async def writing(visitor: Visitor) -> None:
    await visitor.ask("Count", "slow-200x50")
    await expect(visitor.answers.last).to_contain_text("word3")


async def stopped(visitor: Visitor) -> None:
    await writing(visitor)
    await visitor.page.get_by_role("button", name="Stop").click()
    await visitor.answer("stopped")


async def searched(visitor: Visitor) -> None:
    await visitor.sidebar.get_by_role("searchbox").fill("nothing has this title")
    await expect(visitor.sidebar).to_contain_text("No title holds")


async def options(visitor: Visitor) -> None:
    await ask(visitor, "An own row", "echo")
    row = visitor.sidebar.get_by_role("listitem").filter(has_text="An own row").first
    await row.locator("summary").click()
    await expect(row.get_by_role("button", name="Delete")).to_be_visible()


async def prompt(visitor: Visitor) -> None:
    await visitor.page.get_by_role("button", name="System prompt").click()


async def drawer(visitor: Visitor) -> None:
    await visitor.page.set_viewport_size({"width": 390, "height": 844})
    await visitor.page.get_by_role("button", name="Open the conversations").click()


async def menu(visitor: Visitor) -> None:
    await drawer(visitor)
    await visitor.open_menu()


CHATS: dict[str, Callable[[Visitor], Awaitable[None]]] = {
    "empty": empty,
    "rich": rich,
    "drawn": drawn,
    "picture": lambda ada: ask(ada, "Show me", "image"),
    "writing": writing,
    "stopped": stopped,
    "failed": lambda ada: ask(ada, "Fail", "error-500", "failed"),
    "searched": searched,
    "options": options,
    "prompt": prompt,
    "drawer": drawer,
    "menu": menu,
}


@pytest.mark.parametrize("state", CHATS)
async def test_nothing_is_wrong_with_a_chat(visit: Visit, state: str) -> None:
    ada = await visit(viewport={"width": 1440, "height": 900})
    await CHATS[state](ada)
    assert await offences(ada.page) == []


@pytest.mark.thorough
async def test_nothing_is_wrong_with_the_pages_of_an_own_provider(
    visit: Visit, service: Service
) -> None:
    ada = await visit(path="providers/new/?preset=custom")
    found = await offences(ada.page)
    await ada.page.get_by_role("textbox", name="Name", exact=True).fill("Looked at")
    await ada.page.get_by_role("textbox", name="Base URL", exact=True).fill(service.base_url)
    await ada.page.get_by_role("button", name="Save and fetch").click()
    await expect(ada.page.get_by_role("status").first).to_be_visible()
    found += await offences(ada.page)
    await ada.page.get_by_role("button", name="Check the connection").click()
    await expect(ada.page.locator(".verdict")).to_be_visible(timeout=30_000)
    found += await offences(ada.page)
    await ada.page.get_by_role("link", name="Back to the provider").click()
    await ada.page.get_by_role("link", name="Delete this provider").click()
    found += await offences(ada.page)
    await ada.page.get_by_role("button", name="Delete").click()
    await expect(ada.page.get_by_role("link", name="Add a provider")).to_be_visible()
    assert found + await offences(ada.page) == []


@pytest.mark.thorough
async def test_nothing_is_wrong_with_our_parts_of_the_admin(visit: Visit) -> None:
    ada = await visit(path="admin/providers/provider/add/")
    found = await offences(ada.page, "#content")
    await ada.go("admin/providers/model/")
    await ada.page.locator("#result_list tbody th a").first.click()
    found += await offences(ada.page, "#content")
    await ada.go("admin/providers/provider/")
    await ada.page.locator("#result_list tbody th a").first.click()
    await ada.page.get_by_role("button", name="Check the connection").click()
    await expect(ada.page.locator(".verdict")).to_be_visible(timeout=30_000)
    assert found + await offences(ada.page, "#content") == []
