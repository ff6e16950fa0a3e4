import logging

import pytest
from django.test import Client

from chatsite.models import LoginAttempt, User
from tests.people import PASSWORD

LOGIN = "/accounts/login/"


def try_to_log_in(client: Client, username: str, password: str, address: str = "192.0.2.1") -> int:
    fields = {"username": username, "password": password}
    return client.post(LOGIN, fields, REMOTE_ADDR=address).status_code


def test_the_right_password_lands_on_a_new_chat(client: Client, olivia: User) -> None:
    response = client.post(LOGIN, {"username": "olivia", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_session_gets_a_new_id_at_log_in(client: Client, olivia: User) -> None:
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    try_to_log_in(client, "olivia", PASSWORD)

    assert client.session.session_key != before


@pytest.mark.parametrize("username", ["olivia", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_alike(
    client: Client, olivia: User, username: str
) -> None:
    response = client.post(LOGIN, {"username": username, "password": "wrong"})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [
        "This username and password do not match an account. Check both and try again."
    ]


def test_someone_disabled_looks_unknown(client: Client, olivia: User) -> None:
    User.objects.update(is_active=False)
    response = client.post(LOGIN, {"username": "olivia", "password": PASSWORD})

    assert "do not match an account" in response.context["form"].non_field_errors()[0]


def test_the_eleventh_failure_of_an_account_is_refused_from_anywhere(
    client: Client, olivia: User
) -> None:
    for number in range(10):
        assert try_to_log_in(client, "olivia", "wrong", f"192.0.2.{number}") == 200

    assert try_to_log_in(client, "OLIVIA", PASSWORD, "192.0.2.99") == 429


def test_the_eleventh_failure_of_an_address_is_refused_for_any_account(
    client: Client, olivia: User
) -> None:
    for number in range(10):
        assert try_to_log_in(client, f"name{number}", "wrong") == 200

    assert try_to_log_in(client, "olivia", PASSWORD) == 429


def test_a_header_does_not_choose_the_address(client: Client, olivia: User) -> None:
    for number in range(10):
        fields = {"username": f"name{number}", "password": "wrong"}
        client.post(LOGIN, fields, headers={"X-Forwarded-For": f"192.0.2.{number}"})

    assert try_to_log_in(client, "olivia", PASSWORD, "127.0.0.1") == 429


def test_others_can_still_log_in(client: Client, olivia: User, sam: User) -> None:
    for _ in range(11):
        try_to_log_in(client, "sam", "wrong")

    assert try_to_log_in(client, "olivia", PASSWORD, "198.51.100.7") == 302


def test_a_success_forgets_the_failures_before_it(client: Client, olivia: User) -> None:
    for _ in range(9):
        try_to_log_in(client, "olivia", "wrong")
    try_to_log_in(client, "olivia", PASSWORD)

    assert LoginAttempt.objects.count() == 0


def test_the_admin_has_no_door_of_its_own(client: Client, olivia: User) -> None:
    response = client.get("/admin/login/?next=/admin/")

    assert response["Location"] == "/accounts/login/?next=/admin/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_logging_in_stays_on_the_site(client: Client, olivia: User, target: str) -> None:
    fields = {"username": "olivia", "password": PASSWORD, "next": target}

    assert client.post(LOGIN, fields)["Location"] == "/"


def test_a_form_from_elsewhere_is_refused(olivia: User) -> None:
    client = Client(enforce_csrf_checks=True)

    assert try_to_log_in(client, "olivia", PASSWORD) == 403


def test_failures_are_logged_without_what_was_typed(
    client: Client, olivia: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "chatsite.security"):
        try_to_log_in(client, "a password typed into the wrong field", "wrong")

    assert "log-in failed from 192.0.2.1" in caplog.text
    assert "typed into" not in caplog.text


def test_logging_out_takes_a_post(as_olivia: Client) -> None:
    assert as_olivia.get("/accounts/logout/").status_code == 405
    assert as_olivia.post("/accounts/logout/")["Location"] == LOGIN


def test_logging_out_clears_what_the_browser_kept(as_olivia: Client) -> None:
    assert as_olivia.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'


def test_without_any_account_logging_in_leads_to_set_up(client: Client, db: None) -> None:
    assert client.get(LOGIN)["Location"] == "/setup/"


def test_whose_account_may_not_open_a_page_is_told_so(ada: User, as_olivia: Client) -> None:
    page = as_olivia.get("/admin/", follow=True).content.decode()
    assert "You are logged in as olivia, and this account may not open that page." in page
