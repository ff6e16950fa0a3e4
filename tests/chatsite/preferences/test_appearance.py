"""Theme and sidebar: kept in a cookie, and there in the first byte of the next page."""

import pytest
from django.test import Client, override_settings

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_there_before_any_style(client: Client, db: None, theme: str) -> None:
    client.post("/accounts/appearance/", {"theme": theme})
    page = client.get("/setup/").content.decode()
    assert f'data-theme="{theme}"' in page
    assert f'content="{theme}"' in page


def test_without_a_choice_the_system_decides(client: Client, db: None) -> None:
    page = client.get("/setup/").content.decode()
    assert 'data-theme="system"' in page
    assert 'content="light dark"' in page


def test_one_choice_leaves_the_other(as_olivia: Client) -> None:
    as_olivia.post("/accounts/appearance/", {"theme": "dark"})
    as_olivia.post("/accounts/appearance/", {"sidebar": "hidden"})
    page = as_olivia.get("/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-sidebar="hidden"' in page


@pytest.mark.parametrize("fields", [{}, {"theme": "pink"}, {"other": "dark"}])
def test_nonsense_is_refused(client: Client, fields: dict[str, str]) -> None:
    assert client.post("/accounts/appearance/", fields).status_code == 422


def test_a_cookie_of_nonsense_is_no_theme(client: Client, db: None) -> None:
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="system"' in client.get("/setup/").content.decode()


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [
        ("http://testserver/c/", "http://testserver/c/"),
        ("https://evil.example/", "/"),
        ("", "/"),
    ],
)
def test_it_leads_back_to_a_page_of_this_site(client: Client, came_from: str, goes_to: str) -> None:
    headers = {"Referer": came_from}
    response = client.post("/accounts/appearance/", {"theme": "dark"}, headers=headers)
    assert response["Location"] == goes_to


def test_a_script_gets_no_page(client: Client) -> None:
    response = client.post("/accounts/appearance/", {"theme": "dark"}, headers=HTMX)
    assert (response.status_code, response.cookies["theme"].value) == (204, "dark")


def test_a_page_that_is_only_read_changes_nothing(client: Client) -> None:
    assert client.get("/accounts/appearance/?theme=dark").status_code == 405


@override_settings(COOKIE_PREFIX="__Host-", LANGUAGE_COOKIE_SECURE=True)
def test_behind_https_the_cookie_is_as_careful_as_the_others(client: Client) -> None:
    response = client.post("/accounts/appearance/", {"theme": "dark"})
    cookie = response.cookies["__Host-theme"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
