"""The password of a share."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from chatsite.accounts.throttle import LIMIT
from chatsite.models import User
from conversations.models import Share
from tests.shares import a_share

PASSWORD = "open sesame"


@pytest.fixture
def locked(olivia: User) -> Share:
    return a_share(olivia, "On lamps", password=PASSWORD)


def tell(client: Client, shared: Share, password: str = PASSWORD) -> int:
    address = f"{shared.get_absolute_url()}unlock/"
    return client.post(address, {"password": password}).status_code


def test_before_it_is_told_nothing_is(client: Client, locked: Share) -> None:
    page = client.get(locked.get_absolute_url()).text
    assert "This chat has a password" in page
    assert not any(words in page for words in ("On lamps", "question", "olivia"))


def test_once_told_this_browser_reads_it(client: Client, locked: Share) -> None:
    assert tell(client, locked) == 302
    assert "question 0" in client.get(locked.get_absolute_url()).text


def test_another_browser_is_asked_again(client: Client, locked: Share) -> None:
    tell(client, locked)
    assert "question 0" not in Client().get(locked.get_absolute_url()).text


def test_the_cookie_is_for_this_share_and_no_script(client: Client, locked: Share) -> None:
    tell(client, locked)
    cookie = client.cookies["shared"]
    assert cookie["path"] == locked.get_absolute_url()
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_that_of_another_share_opens_nothing(client: Client, locked: Share, olivia: User) -> None:
    other = a_share(olivia, password=PASSWORD)
    tell(client, other)
    value = client.cookies["shared"].value
    client.cookies.clear()
    client.cookies["shared"] = value
    assert "question 0" not in client.get(locked.get_absolute_url()).text


def test_a_new_password_locks_everybody_out(client: Client, locked: Share) -> None:
    tell(client, locked)
    Share.objects.update(password=make_password("another one"))
    assert "question 0" not in client.get(locked.get_absolute_url()).text


def test_a_wrong_one_is_told_and_opens_nothing(client: Client, locked: Share) -> None:
    response = client.post(f"{locked.get_absolute_url()}unlock/", {"password": "guess"})
    assert "This is not the password." in response.text
    assert "question 0" not in client.get(locked.get_absolute_url()).text


def test_guessing_ends_after_a_few(client: Client, locked: Share) -> None:
    for _ in range(LIMIT):
        assert tell(client, locked, "guess") == 200
    assert tell(client, locked) == 429
    assert "question 0" not in client.get(locked.get_absolute_url()).text


def test_guessing_is_told_when_to_come_back(client: Client, locked: Share) -> None:
    for _ in range(LIMIT):
        tell(client, locked, "guess")
    response = client.post(f"{locked.get_absolute_url()}unlock/", {"password": "guess"})
    assert response["Retry-After"] == "900"
    assert "Wait 15 minutes" in response.text


def test_whoever_knows_it_is_never_held_up(client: Client, locked: Share) -> None:
    assert {tell(client, locked) for _ in range(LIMIT + 2)} == {302}


def test_guessing_holds_up_no_log_in(client: Client, locked: Share, olivia: User) -> None:
    for _ in range(LIMIT):
        tell(client, locked, "guess")
    fields = {"username": "olivia", "password": "wrong"}
    assert client.post("/accounts/login/", fields).status_code != 429
