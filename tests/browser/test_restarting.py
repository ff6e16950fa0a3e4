"""The site, or the service that it asks, is stopped and started again under an open page."""

import signal
import socket
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from providers.fakeupstream.behaviours import behave
from providers.fakeupstream.server import Upstream
from tests import site
from tests.browser.conftest import Service
from tests.browser.visitor import Visitor
from tests.member import ADA
from tests.people import PASSWORD

pytestmark = pytest.mark.browser

COUNTED = [f"word{number}" for number in range(40)]


@pytest.fixture
def variables(service: Service) -> dict[str, str]:
    return {**ADA, "DJANGO_SUPERUSER_PASSWORD": PASSWORD, "OPENAI_BASE_URL": service.base_url}


@pytest.fixture
def port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


@pytest.mark.thorough
async def test_what_is_being_written_is_finished_and_a_new_question_waits(
    browser: Browser, tmp_path: Path, port: str, variables: dict[str, str]
) -> None:
    with site.running(tmp_path, "--port", port, **variables) as first:
        ada = await _arrive(browser, first)
        await ada.ask("Count", "slow-40x50")
        await expect(ada.answers.last).to_contain_text("word3")
        other = await Visitor.arrive(ada.context, ada.url, "")
        first.process.send_signal(signal.SIGTERM)
        first.read_until("a second signal ends at once")
        await other.ask("And now?", "echo")
        await expect(other.page.get_by_role("alert")).to_contain_text("about to restart")
        await ada.answer()
        assert (await ada.prose()).split() == COUNTED
        assert first.process.wait(30) == 0
    other.forgive("503")
    with site.running(tmp_path, "--port", port, **variables):
        await expect(other.message).to_have_value("And now?")
        await other.page.get_by_role("button", name="Try again").click()
        await expect(await other.answer()).to_contain_text("And now?")
        await ada.ask("Still there?", "echo")
        await expect(await ada.answer(number=1)).to_contain_text("Still there?")


@pytest.mark.thorough
async def test_what_is_not_finished_in_time_can_be_continued(
    browser: Browser, tmp_path: Path, port: str, variables: dict[str, str]
) -> None:
    variables |= {"DRAIN_SECONDS": "0"}
    with site.running(tmp_path, "--port", port, **variables) as first:
        ada = await _arrive(browser, first)
        await ada.ask("Count", "count-40x50")
        await expect(ada.answers.last).to_contain_text("word5")
        assert first.stop() == 0
    with site.running(tmp_path, "--port", port, **variables):
        answer = await ada.answer("interrupted")
        await answer.get_by_role("button", name="Continue").click()
        await expect(answer).to_have_attribute("aria-busy", "true")
        await ada.answer()
        assert (await ada.prose()).split() == COUNTED


@pytest.mark.thorough
async def test_a_service_that_is_away_is_told_and_asked_again_once_it_is_there(
    browser: Browser, tmp_path: Path, port: str, variables: dict[str, str]
) -> None:
    variables |= {"OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1", "OPENAI_MODEL": "echo"}
    async with site.in_thread(site.running(tmp_path, **variables)) as running:
        ada = await _arrive(browser, running)
        await ada.ask("Are you there?")
        answer = await ada.answer("failed")
        await expect(answer).to_contain_text("The service could not be reached.")
        async with Upstream(behave, int(port)):
            await answer.get_by_role("button", name="Try again").click()
            await expect(await ada.answer()).to_contain_text("Are you there?")


async def _arrive(browser: Browser, running: site.Site) -> Visitor:
    context = await browser.new_context(locale="en-US")
    ada = await Visitor.arrive(context, running.url, "")
    await ada.log_in("ada")
    return ada
