"""A person at the page, who finds everything by the names that a screen reader tells."""

import asyncio
import re
from typing import Self

from playwright.async_api import BrowserContext, Locator, Page, Request, Response, expect

from tests.people import PASSWORD

PATIENCE_MS = 10_000
ENDED = re.compile("complete|stopped|interrupted|failed")

#: Resolves once the page has stood still for some frames above where it started.
RESTS_ABOVE = """start => new Promise(rests => {
  let last = -1;
  let frames = 0;
  const look = () => {
    frames = scrollY === last && scrollY < start ? frames + 1 : 0;
    last = scrollY;
    if (frames > 5) rests(scrollY);
    else requestAnimationFrame(look);
  };
  look();
})"""


class Visitor:
    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context, self.page, self.url = context, page, url
        #: What went wrong: in scripts, on the console, with the policy, and with requests.
        self.complaints: list[str] = []
        self._last = ""
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("response", self._answered)
        page.on("requestfailed", self._unanswered)

    @classmethod
    async def arrive(cls, context: BrowserContext, url: str, path: str) -> Self:
        visitor = cls(context, await context.new_page(), url)
        visitor.page.set_default_timeout(PATIENCE_MS)
        await visitor.go(path)
        return visitor

    def forgive(self, words: str) -> None:
        """Takes away the complaints that the test provoked; there must be one."""
        rest = [complaint for complaint in self.complaints if words not in complaint]
        assert rest != self.complaints, f"nobody complained of {words}: {rest}"
        self.complaints = rest

    def _hear(self, kind: str, text: str) -> None:
        # The browser prints in red what `_answered` and `_unanswered` tell better.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.complaints.append(text)

    def _answered(self, response: Response) -> None:
        # That a chat was looked at may be told in the instant of its deletion.
        is_late = response.status == 404 and response.url.endswith("/seen/")
        if response.status >= 400 and not is_late:
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")

    def _unanswered(self, request: Request) -> None:
        # Leaving a page ends what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure} {request.method} {request.url}")

    async def go(self, path: str = "") -> None:
        await self.page.goto(self.url + path.lstrip("/"))

    @property
    def message(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    @property
    def questions(self) -> Locator:
        return self.log.get_by_role("article", name="You")

    @property
    def answers(self) -> Locator:
        return self.log.get_by_role("article", name="Assistant")

    @property
    def sidebar(self) -> Locator:
        return self.page.get_by_role("navigation", name="Conversations")

    async def open_menu(self) -> None:
        """What stands behind the user's name, at the foot of the conversations."""
        await self.page.get_by_title("Account and settings").click()

    async def until(self, script: str, arg: str | None = None) -> None:
        """Until this asynchronous function says yes. (`wait_for_function` takes its promise for a
        yes.)"""
        async with asyncio.timeout(30):
            while not await self.page.evaluate(script, arg):
                await asyncio.sleep(0.05)

    async def path(self) -> str:
        return str(await self.page.evaluate("location.pathname"))

    async def log_in(self, name: str) -> None:
        await self.page.get_by_role("textbox", name="Username").fill(name)
        await self.page.get_by_role("textbox", name="Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Log in").click()
        await expect(self.message).to_be_visible()

    async def pick(self, model: str) -> None:
        await self.page.get_by_label("Model", exact=True).select_option(label=model)

    async def ask(self, text: str, model: str = "") -> None:
        # Before its scripts are there, Enter is a new line.
        await self.page.wait_for_load_state()
        if model:
            await self.pick(model)
        await self.message.fill(text)
        is_busy = await self.log.locator("article[aria-busy=true]").count()
        self._last = "" if is_busy else await self._id_of_the_last()
        await self.message.press("Enter")

    async def answer(self, state: str = "complete", number: int = -1) -> Locator:
        """The last answer (or the one of this number) once it has ended, which must be so. After a
        question its own, and not the one before it."""
        if self._last and number < 0:
            await expect(self.answers.last).not_to_have_id(self._last)
        self._last = ""
        found = self.answers.nth(number) if number >= 0 else self.answers.last
        await expect(found).to_have_attribute("data-state", ENDED, timeout=30_000)
        await expect(found).not_to_have_attribute("aria-busy", "true")
        # The last one may have become another since.
        await expect(found).to_have_attribute("data-state", state, timeout=30_000)
        return found

    async def _id_of_the_last(self) -> str:
        """Empty where there is no answer yet."""
        ids = await self.answers.evaluate_all("answers => answers.map((it) => it.id)")
        return str(ids[-1]) if ids else ""

    async def prose(self) -> str:
        """The last answer's text as it stands now."""
        return await self.answers.last.locator(".prose").inner_text()

    async def scroll_up(self) -> int:
        """As a reader does who wants to see something above; where the page then stands."""
        start = await self.page.evaluate("scrollY")
        await self.log.hover()
        await self.page.mouse.wheel(0, -600)
        return int(await self.page.evaluate(RESTS_ABOVE, start))
