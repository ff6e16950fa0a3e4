from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from chatsite.accounts import setup
from chatsite.accounts.from_environment import make_first_account
from chatsite.models import User
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def make(client: Client, token: str, username: str = "ada", password: str = PASSWORD) -> int:
    fields = {"username": username, "password1": password, "password2": password}
    return client.post(f"/setup/?token={token}", fields).status_code


def test_the_first_account_is_the_administrator(client: Client) -> None:
    make(client, setup.token())
    user = User.objects.get()

    assert (user.is_superuser, user.is_staff) == (True, True)


def test_whoever_made_it_is_signed_in_and_at_a_new_chat(client: Client) -> None:
    fields = {"username": "ada", "password1": PASSWORD, "password2": PASSWORD}
    response = client.post(f"/setup/?token={setup.token()}", fields)

    assert response["Location"] == "/"
    assert client.session["_auth_user_id"]


@pytest.mark.parametrize("token", ["", "wrong", "é"])
def test_without_the_token_nobody_is_made(client: Client, token: str) -> None:
    assert make(client, token) == 403
    assert not User.objects.exists()


def test_without_the_token_the_page_has_no_form(client: Client) -> None:
    response = client.get("/setup/")

    assert (response.status_code, response.context["form"]) == (200, None)


@pytest.mark.parametrize("password", ["short", "password1", "1234567890123"])
def test_a_password_that_is_easy_to_guess_is_refused(client: Client, password: str) -> None:
    make(client, setup.token(), password=password)

    assert not User.objects.exists()


def test_once_there_is_an_administrator_the_link_is_dead(client: Client, ada: User) -> None:
    token = setup.token()

    assert client.get(f"/setup/?token={token}")["Location"] == "/accounts/login/"
    assert make(client, token) == 403


def test_a_used_token_is_gone(client: Client) -> None:
    token = setup.token()
    make(client, token)
    User.objects.all().delete()

    assert make(client, token) == 403


def test_extra_fields_give_no_rights_and_take_none(client: Client) -> None:
    fields = {"username": "ada", "password1": PASSWORD, "password2": PASSWORD}
    client.post(f"/setup/?token={setup.token()}", {**fields, "id": "7", "is_active": ""})

    assert User.objects.get().is_active


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_exactly_one_becomes_administrator() -> None:
    token = setup.token()

    def attempt(number: int) -> int:
        try:
            return make(Client(), token, f"ada{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = sorted(pool.map(attempt, range(20)))

    assert answers == [302] + [403] * 19
    assert User.objects.count() == 1


def test_the_environment_makes_the_first_account(settings: Settings) -> None:
    settings.SUPERUSER_USERNAME, settings.SUPERUSER_PASSWORD = "ada", PASSWORD
    make_first_account()

    assert User.objects.get().is_superuser


def test_the_environment_makes_no_second_account(settings: Settings, ada: User) -> None:
    settings.SUPERUSER_USERNAME, settings.SUPERUSER_PASSWORD = "mallory", PASSWORD
    make_first_account()

    assert User.objects.get() == ada
