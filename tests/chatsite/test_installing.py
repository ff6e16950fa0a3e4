"""What makes the site a program of the device: its manifest and its icons."""

import struct
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

ICONS = Path("static/icons")


@pytest.fixture
def manifest(client: Client) -> Any:
    return client.get("/manifest/en.webmanifest").json()


def test_the_manifest_speaks_the_language_of_its_address(client: Client) -> None:
    told = client.get("/manifest/zh-hans.webmanifest", headers={"Accept-Language": "en"}).json()
    assert told["lang"] == "zh-Hans"
    assert told["shortcuts"][0]["name"] == "新建对话"


def test_the_page_names_the_manifest_in_its_own_language(client: Client, ada: Any) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": "zh-hans"})
    assert 'href="/manifest/zh-hans.webmanifest"' in page.text


def test_there_is_no_manifest_in_a_language_that_the_site_lacks(client: Client, db: None) -> None:
    assert client.get("/manifest/xx.webmanifest").status_code == 404


def test_the_manifest_is_for_the_whole_site(manifest: Any) -> None:
    assert (manifest["id"], manifest["scope"], manifest["start_url"]) == ("/", "/", "/")
    assert manifest["display"] == "standalone"


def test_it_has_the_icons_that_browsers_ask_for_in_the_size_that_it_says(manifest: Any) -> None:
    sizes = {icon["src"].rpartition("/")[2].split("-")[1][:3]: icon for icon in manifest["icons"]}
    for size, icon in sizes.items():
        head = (ICONS / icon["src"].rpartition("/")[2]).read_bytes()[16:24]
        assert icon["sizes"] == f"{size}x{size}"
        assert struct.unpack(">II", head) == (int(size), int(size))
    assert [icon.get("purpose") for icon in manifest["icons"]] == [None, None, "maskable"]


@pytest.mark.parametrize("name", ["favicon.ico", "apple-touch-icon.png"])
def test_the_icons_are_where_browsers_look_for_them(client: Client, name: str) -> None:
    response = client.get(f"/{name}")
    assert response.status_code == 302
    assert response["Location"].startswith("/static/icons/")
