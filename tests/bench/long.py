"""A conversation of ten thousand messages, as its server answers: opening it, reading back in it,
and turning to the other version of its first question and back."""

import re
import time

import httpx

from tests.bench.figures import Figure, percentile
from tests.bench.stage import Stage

LENGTH = 10_000
OPENINGS, PAGES_BACK, TURNS = 20, 50, 10
EARLIER = re.compile(r'class="earlier"\s+href="([^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def figures(stage: Stage) -> list[Figure]:
    chat = stage.long_chats[LENGTH]
    cookies, origin = {"sessionid": chat.session}, {"Origin": stage.site.url.rstrip("/")}
    with httpx.Client(base_url=stage.site.url, cookies=cookies, headers=origin) as client:
        opened = [_ms(client, "GET", chat.path)[0] for _ in range(OPENINGS)]
        back = _read_back(client, chat.path)
        turned = _turn(client, chat.path, chat.versions)
    about = f"{LENGTH:,} messages"
    return [
        Figure(f"{about}: the first page, p50", "ms", [percentile(opened, 50)]),
        Figure(f"{about}: a page further back, p50", "ms", [percentile(back, 50)]),
        Figure(f"{about}: a page further back, longest of {len(back)}", "ms", [max(back)]),
        Figure(f"{about}: to another branch and back, each, p50", "ms", [percentile(turned, 50)]),
    ]


def _read_back(client: httpx.Client, path: str) -> list[float]:
    waits: list[float] = []
    page = client.get(path).text
    while (earlier := EARLIER.search(page)) and len(waits) < PAGES_BACK:
        address = earlier[1].replace("&amp;", "&")
        ms, page = _ms(client, "GET", str(httpx.URL(path).join(address)), {"HX-Request": "true"})
        waits.append(ms)
    return waits


def _turn(client: httpx.Client, path: str, versions: tuple[str, str]) -> list[float]:
    token = TOKEN.search(client.get(path).text)
    assert token
    headers = {"HX-Request": "true", "X-CSRFToken": token[1]}
    return [
        _ms(client, "POST", f"m/{version}/show/", headers)[0]
        for _ in range(TURNS)
        for version in versions
    ]


def _ms(
    client: httpx.Client, method: str, path: str, headers: dict[str, str] | None = None
) -> tuple[float, str]:
    began = time.perf_counter()
    response = client.request(method, path, headers=headers)
    ms = (time.perf_counter() - began) * 1000
    response.raise_for_status()
    return ms, response.text
