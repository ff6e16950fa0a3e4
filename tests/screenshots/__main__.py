"""Takes the main pages in two widths, light and dark, in English and Chinese.

python -m tests.screenshots                     all of them, some minutes, into test-results
python -m tests.screenshots chat login --into /some/folder
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from tests.bench.chromium import ARGUMENTS, path
from tests.site import ROOT, running

FOLDER = ROOT / "test-results" / "screenshots"
WIDTHS = {390: 844, 1440: 900}
THEMES = ("light", "dark")
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
PASSWORD = "a long enough passphrase"

Act = Callable[[Page], Awaitable[None]]


async def _nothing(page: Page) -> None:
    return None


async def _to_the_top(page: Page) -> None:
    # Over the chat and not over the list beside it.
    await page.locator("#messages").hover()
    await page.mouse.wheel(0, -9000)


async def _open_the_drawer(page: Page) -> None:
    button = page.locator(".header .drawer-button")
    if await button.is_visible():
        await button.click()


async def _instruct(page: Page) -> None:
    await page.locator(".system-button").click()


async def _ask(page: Page) -> None:
    await page.locator("#model").select_option(label="markdown")
    await page.locator("#text").fill("Why?")
    await page.locator("#text").press("Enter")
    await page.locator("#messages > [data-state=complete]").wait_for()


async def _go_offline(page: Page) -> None:
    await page.wait_for_function("navigator.serviceWorker.ready")
    await page.context.set_offline(True)
    await page.reload()


async def _slash(page: Page) -> None:
    await page.locator("#text").press_sequentially("/")
    await page.locator(".prompt-list .option").first.wait_for()


async def _compare(page: Page) -> None:
    await page.locator(".compare-link").click()
    await page.locator("#compare-models").wait_for()


async def _command(page: Page) -> None:
    await page.keyboard.press("Control+k")
    await page.locator("[role=dialog] [role=option], dialog [role=option]").first.wait_for()


async def _open_the_menu(page: Page) -> None:
    await _open_the_drawer(page)
    await page.locator(".account summary").click()


async def _pick(page: Page) -> None:
    await _slash(page)
    await page.locator("#text").press("Enter")
    await page.locator("chat-prompts textarea").first.wait_for()


@dataclass(frozen=True, slots=True)
class View:
    """`path` may name a chat of the seed; `act` is done before the picture is taken."""

    path: str
    act: Act = _nothing
    is_public: bool = False


VIEWS = {
    "login": View("accounts/login/", is_public=True),
    "gone": View("no-such-page/"),
    "new": View(""),
    "preset": View("{preset}"),
    "presets": View("presets/"),
    "preset-edit": View("{preset_edit}"),
    "prompts": View("prompts/"),
    "prompt": View("{prompt}"),
    "slash": View("{chat}", _slash),
    "slash-new": View("", _slash),
    "filling": View("", _pick),
    "drawer": View("", _open_the_drawer),
    "system": View("", _instruct),
    "temporary": View("c/temporary/"),
    "temporary-asked": View("c/temporary/", _ask),
    "chat-top": View("{chat}", _to_the_top),
    "chat": View("{chat}"),
    "compared": View("{compared}"),
    "compared-top": View("{compared}", _to_the_top),
    "comparing": View("{chat}", _compare),
    "compare": View("{chat}compare/"),
    "chinese-top": View("{chinese}", _to_the_top),
    "chinese": View("{chinese}"),
    "failed": View("{failed}"),
    "list": View("c/"),
    "select": View("c/?select=1"),
    "archive": View("c/?archive=1"),
    "folders": View("folders/"),
    "search": View("search/?q=queue"),
    "found-none": View("search/?q=zebra"),
    "palette": View("{chat}", _command),
    "shortcuts": View("shortcuts/"),
    "titles": View("titles/"),
    "data": View("data/"),
    "context": View("{chat}context/"),
    "menu": View("{chat}", _open_the_menu),
    "options": View("{chat}options/"),
    "parameters": View("{chat}parameters/"),
    "share": View("{chat}share/"),
    "shares": View("shared/"),
    "shared": View("{shared}", is_public=True),
    "locked": View("{locked}", is_public=True),
    "go-on": View("{shared}continue/"),
    "usage": View("usage/"),
    "usage-chats": View("usage/?by=conversation"),
    "admin-usage": View("admin/usage/"),
    "models": View("models/"),
    "providers": View("providers/"),
    "provider-new": View("providers/new/"),
    "offline-chats": View("offline/chats/"),
    "offline": View("", _go_offline),
    "admin": View("admin/"),
    "admin-providers": View("admin/providers/provider/"),
    "admin-presets": View("admin/conversations/preset/"),
    "admin-preset": View("admin/conversations/preset/add/"),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("views", nargs="*", metavar="view", help=f"of {', '.join(VIEWS)}")
    parser.add_argument("--into", type=Path, default=FOLDER)
    wanted = parser.parse_args()
    if unknown := set(wanted.views) - set(VIEWS):
        parser.error(f"no such view: {', '.join(sorted(unknown))}")
    wanted.into.mkdir(parents=True, exist_ok=True)
    with _seeded() as (url, made):
        asyncio.run(_take(url, made, wanted.views or list(VIEWS), wanted.into))
    sys.stdout.write(f"{wanted.into}\n")


@contextmanager
def _seeded() -> Any:
    """The address of a site with something on each page, and what the seed says."""
    with (
        tempfile.TemporaryDirectory(prefix="screenshots-") as folder,
        subprocess.Popen(
            [sys.executable, "-m", "tests.upstream", "--port", "0"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as service,
    ):
        assert service.stdout is not None
        variables = {
            "OPENAI_BASE_URL": service.stdout.readline().strip(),
            "OPENAI_API_KEY": "sk-scripted",
            "DJANGO_SUPERUSER_USERNAME": "ada",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }
        try:
            with running(Path(folder), **variables) as site:
                yield site.url, _seed({**variables, "DATA_DIR": folder})
        finally:
            service.kill()


def _seed(variables: dict[str, str]) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.screenshots.seed"],
        cwd=ROOT,
        env={**os.environ, "LOCAL_MODEL": "0", **variables},
        stdout=subprocess.PIPE,
        check=True,
    )
    made: dict[str, str] = json.loads(done.stdout)
    return made


async def _take(url: str, made: dict[str, str], names: list[str], folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path(), args=ARGUMENTS)
        for look in product(WIDTHS, THEMES, LANGUAGES):
            for name in names:
                await _picture(browser, url, made, name, look, folder)
        await browser.close()


async def _picture(
    browser: Browser,
    url: str,
    made: dict[str, str],
    name: str,
    look: tuple[int, str, str],
    folder: Path,
) -> None:
    width, theme, language = look
    view = VIEWS[name]
    context = await browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=theme,  # type: ignore[arg-type]
        locale=LANGUAGES[language],
        has_touch=width < 600,
        is_mobile=width < 600,
    )
    if not view.is_public:
        cookie = {"name": "sessionid", "value": made["session"], "url": url}
        await context.add_cookies([cookie])  # type: ignore[list-item]
    page = await context.new_page()
    await page.goto(url + view.path.format(**made).lstrip("/"), wait_until="networkidle")
    await view.act(page)
    await page.wait_for_timeout(200)
    await page.screenshot(path=folder / f"{name}-{width}-{theme}-{language}.png", caret="initial")
    await context.close()


if __name__ == "__main__":
    main()
