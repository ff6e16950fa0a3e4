"""axe finds nothing wrong, on any page in any of its states: WCAG 2.2 AA."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.axe import offences
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

RICH = """# A heading

Words with a [link](https://example.org/page),
`code`, a formula \\(a^2 + b^2 = c^2\\) and a note.[^1]

- [x] done
- [ ] open

> What somebody said.

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

$$\\int_0^1 x^2 \\, dx = \\frac{1}{3}$$

[^1]: The note.
"""


async def nothing(visitor: Visitor) -> None:
    pass


async def ask(visitor: Visitor, text: str, model: str, state: str = "complete") -> None:
    await visitor.ask(text, model)
    await visitor.answer(state)


async def rich(visitor: Visitor) -> None:
    await ask(visitor, RICH, "echo")


async def thoughts(visitor: Visitor) -> None:
    await ask(visitor, "Think", "thoughtful")
    await visitor.answers.last.locator(".reasoning summary").click()


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


States = dict[str, Callable[[Visitor], Awaitable[None]]]
CHATS: States = {
    "empty": nothing,
    "rich": rich,
    "picture": lambda ada: ask(ada, "Show me", "image"),
    "thoughts": thoughts,
    "writing": writing,
    "stopped": stopped,
    "failed": lambda ada: ask(ada, "Fail", "error-500", "failed"),
    "interrupted": lambda ada: ask(ada, "Break", "cut", "failed"),
    "searched": searched,
    "options": options,
    "prompt": prompt,
}


@pytest.mark.parametrize("state", CHATS)
async def test_nothing_is_wrong_with_a_chat(visit: Visit, state: str) -> None:
    ada = await visit()
    await CHATS[state](ada)
    assert await offences(ada.page) == []


@pytest.mark.parametrize("path", ["c/", "models/", "providers/", "providers/new/", "nowhere/"])
async def test_nothing_is_wrong_with_a_page(visit: Visit, path: str) -> None:
    ada = await visit(path=path)
    assert await offences(ada.page) == []
    if path == "nowhere/":
        ada.forgive("404 GET")


async def test_nothing_is_wrong_with_the_parameters(visit: Visit) -> None:
    ada = await visit()
    await ask(ada, "Warmer", "echo")
    await ada.go(f"{await ada.path()}parameters/")
    assert await offences(ada.page) == []
