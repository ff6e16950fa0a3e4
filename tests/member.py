"""Somebody who uses the real site over HTTP, as a page does."""

import re
from typing import Self
from uuid import uuid4

import httpx

from tests import site

ADA = {"DJANGO_SUPERUSER_USERNAME": "ada", "DJANGO_SUPERUSER_PASSWORD": "a long passphrase"}


class Member:
    """Ada, logged in; `async with` ends her connections."""

    def __init__(self, running: site.Site) -> None:
        origin = {"Origin": running.url.rstrip("/")}
        self.http = httpx.AsyncClient(base_url=running.url, headers=origin, timeout=60)

    async def __aenter__(self) -> Self:
        password = ADA["DJANGO_SUPERUSER_PASSWORD"]
        page = (await self.http.get("accounts/login/")).text
        fields = {"username": "ada", "password": password, "csrfmiddlewaretoken": _token(page)}
        assert (await self.http.post("accounts/login/", data=fields)).status_code == 302
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def ask(self, text: str, model: str = "") -> httpx.Response:
        """A new chat, asked by a page with scripts."""
        page = (await self.http.get("")).text
        choices = dict(re.findall(r'<option value="([\w-]+)"[^>]*>([^<]+)</option>', page))
        chosen = next(pk for pk, name in choices.items() if not model or name == model)
        fields = {"text": text, "model": chosen, "send_id": str(uuid4())}
        htmx = {"HX-Request": "true", "X-CSRFToken": _token(page)}
        return await self.http.post("c/", data=fields, headers=htmx)

    async def state(self, asked: httpx.Response) -> str:
        """That of the answer to what was asked, as its page has it now."""
        page = (await self.http.get(asked.headers["HX-Push-Url"])).text
        return str(re.findall(r'data-state="(\w+)"', page)[-1])


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"', page)
    assert found
    return found[1]
