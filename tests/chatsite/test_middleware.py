import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.logs import JsonFormatter
from chatsite.models import User
from tests.chats import a_conversation

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/accounts/login/", 302),
        ("/setup/", 200),
        ("/no-such-page", 404),
        ("/admin/", 302),
        ("/healthz", 200),
    ],
)
def test_every_answer_has_the_policy(client: Client, db: None, path: str, status: int) -> None:
    response = client.get(path)

    assert response.status_code == status
    assert set(response["Content-Security-Policy"].split("; ")) >= POLICY


def test_the_policy_lets_nothing_inline_or_foreign_in(client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]

    assert not any(source in policy for source in ("unsafe", "http", "*", "nonce"))


def test_a_refused_host_has_the_policy_too(client: Client, db: None) -> None:
    response = client.get("/accounts/login/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_the_admin_has_the_policy(as_ada: Client) -> None:
    assert "script-src 'self'" in as_ada.get("/admin/")["Content-Security-Policy"]


def test_pages_of_someone_signed_in_are_not_stored(as_olivia: Client) -> None:
    assert as_olivia.get("/no-such-page")["Cache-Control"] == "no-store"


def test_a_log_in_is_not_stored(client: Client, olivia: User) -> None:
    assert "no-cache" in client.get("/accounts/login/")["Cache-Control"]


def test_each_answer_has_a_number_of_our_own(client: Client) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "forged\nline"})

    assert len(response["X-Request-ID"]) == 16


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_answer_tells_the_browser_to_be_careful(
    client: Client, header: str, value: str
) -> None:
    assert client.get("/healthz")[header] == value


def test_no_other_site_may_read_answers(client: Client) -> None:
    response = client.get("/healthz", headers={"Origin": "https://evil.example"})

    assert "Access-Control-Allow-Origin" not in response


@pytest.fixture
def noting(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Everything that is logged is there as JSON."""
    before = caplog.handler.formatter
    caplog.set_level(logging.INFO, "chatsite.access")
    caplog.handler.setFormatter(JsonFormatter())
    yield
    caplog.handler.setFormatter(before)


def last_line(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(caplog.text.splitlines()[-1])
    return found


@pytest.mark.usefixtures("noting")
def test_a_line_tells_who_asked_for_which_kind_of_page(
    as_olivia: Client, olivia: User, caplog: pytest.LogCaptureFixture
) -> None:
    as_olivia.get(f"/c/{a_conversation(olivia).pk}/")
    line = last_line(caplog)

    assert (line["route"], line["user"]) == ("/c/<uuid:conversation_id>/", olivia.pk)
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["ms"] > 0


@pytest.mark.usefixtures("noting")
def test_a_line_has_the_number_that_the_page_shows(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get("/healthz")

    assert last_line(caplog)["request_id"] == response["X-Request-ID"]


@pytest.mark.usefixtures("noting")
@pytest.mark.parametrize("path", ["/?q=canary", "/canary", "/setup/?token=canary"])
def test_a_line_holds_nothing_that_was_typed(
    as_olivia: Client, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    as_olivia.get(path, headers={"Referer": "http://canary/", "User-Agent": "canary"})

    assert '"logger": "chatsite.access"' in caplog.text
    assert "canary" not in caplog.text
    assert "olivia" not in caplog.text


@pytest.mark.usefixtures("noting")
def test_a_line_costs_no_query_for_the_user(as_olivia: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        as_olivia.get("/healthz")

    assert len(queries) == 0
