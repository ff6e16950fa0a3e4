"""The shipped proxy before the real site."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.deploy.conftest import NAME, PASSWORD, USER, Proxied, certify, command, configured

pytestmark = pytest.mark.nginx
CSRF = "c" * 32


def test_the_configuration_is_taken_without_a_word(tmp_path: Path) -> None:
    certify(tmp_path)
    configured(tmp_path, ["1", "2"], 3, 4)
    said = subprocess.run(command(tmp_path, "-t"), capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


class Visitor:
    """A browser without pages: it keeps cookies and says where it comes from."""

    def __init__(self, http: aiohttp.ClientSession, proxied: Proxied) -> None:
        self.http, self.url = http, f"https://127.0.0.1:{proxied.secure}"
        self.cookies = {"__Host-csrftoken": CSRF}

    def headers(self, **more: str) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {
            "Host": NAME,
            "Origin": f"https://{NAME}",
            "Referer": f"https://{NAME}/",
            "X-CSRFToken": CSRF,
            "Cookie": cookies,
            **more,
        }

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        address = f"{self.url}{path}"
        async with self.http.get(
            address, headers=self.headers(**headers), allow_redirects=False
        ) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, **form: str) -> aiohttp.ClientResponse:
        address = f"{self.url}{path}"
        async with self.http.post(
            address, data=form, headers=self.headers(), allow_redirects=False
        ) as answer:
            await answer.read()
            return answer

    async def log_in(self) -> None:
        answer = await self.post("/accounts/login/", username=USER, password=PASSWORD)
        assert answer.status == 302
        self.cookies["__Host-sessionid"] = answer.cookies["__Host-sessionid"].value


@pytest.fixture
async def visitor(proxied: Proxied) -> AsyncIterator[Visitor]:
    connector = aiohttp.TCPConnector(ssl=False)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http:
        yield Visitor(http, proxied)


@pytest.mark.servers
async def test_a_log_in_holds_at_both_processes(visitor: Visitor) -> None:
    await visitor.log_in()
    pages = [await visitor.get("/") for _ in range(6)]

    assert [status for status, _ in pages] == [200] * 6
    assert all('name="text"' in page for _, page in pages)


@pytest.mark.servers
async def test_a_websocket_opens_for_the_site_s_own_pages_alone(visitor: Visitor) -> None:
    await visitor.log_in()
    address = f"{visitor.url}/ws/chat/"
    async with visitor.http.ws_connect(address, headers=visitor.headers()) as socket:
        await socket.send_str("{}")
        with pytest.raises(asyncio.TimeoutError):
            await socket.receive(timeout=0.3)  # open, and with nothing to say
    strange = visitor.headers(Origin="https://evil.test")
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await visitor.http.ws_connect(address, headers=strange)


@pytest.mark.servers
async def test_who_says_that_he_comes_by_tls_is_not_believed(
    visitor: Visitor, proxied: Proxied
) -> None:
    address = f"http://127.0.0.1:{proxied.plain}/?a=b"
    told = {"Host": NAME, "X-Forwarded-Proto": "https"}
    async with visitor.http.get(address, headers=told, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/?a=b")


@pytest.mark.servers
async def test_another_name_than_the_site_s_is_refused(visitor: Visitor) -> None:
    assert (await visitor.get("/accounts/login/", Host="evil.test"))[0] == 400
    assert (await visitor.get("/accounts/login/", **{"X-Forwarded-Host": "evil.test"}))[0] == 200


@pytest.mark.servers
async def test_a_body_that_is_too_large_is_refused_in_words(visitor: Visitor) -> None:
    answer = await visitor.post("/accounts/login/", username="a" * 1_500_000)

    assert answer.status == 413


@pytest.mark.servers
async def test_figures_are_not_for_outside(visitor: Visitor, proxied: Proxied) -> None:
    token = {"Authorization": "Bearer a token for the tests alone"}
    inside = f"{proxied.first.url}metrics"
    async with visitor.http.get(inside, headers=token) as answer:
        assert "chatsite_runs" in await answer.text()

    assert (await visitor.get("/metrics", **token))[0] == 404


@pytest.mark.servers
async def test_one_stranger_cannot_try_passwords_for_ever(visitor: Visitor) -> None:
    tries = [
        visitor.post("/accounts/login/", username=str(number), password="x") for number in range(30)
    ]
    answers = await asyncio.gather(*tries)
    # What the site itself refuses has its number.
    refused = [answer for answer in answers if "X-Request-ID" not in answer.headers]

    assert len(refused) >= 10
    assert {answer.status for answer in refused} == {429}
    assert (await visitor.get("/accounts/login/"))[0] == 200


# The last: the second process does not come back.
@pytest.mark.servers
async def test_when_one_process_is_killed_the_other_answers(
    visitor: Visitor, proxied: Proxied
) -> None:
    proxied.second.process.kill()
    proxied.second.process.wait()
    pages = [(await visitor.get("/accounts/login/"))[0] for _ in range(8)]

    assert pages == [200] * 8
