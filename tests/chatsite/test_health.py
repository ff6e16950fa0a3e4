import asyncio

import pytest
from django.db import OperationalError, connection
from django.test import Client

from conversations.generation import draining


def test_alive_needs_no_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


def test_ready_when_the_database_answers(client: Client, db: None) -> None:
    assert client.get("/readyz").status_code == 200


def test_not_ready_when_the_database_is_away(client: Client, db: None) -> None:
    def away(*args: object) -> None:
        raise OperationalError("secret host refused")

    with connection.execute_wrapper(away):
        response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"database unavailable")


def test_not_ready_when_the_process_is_about_to_end(client: Client, db: None) -> None:
    asyncio.run(draining.drain(0))
    response = client.get("/readyz")
    draining.forget()

    assert (response.status_code, response.content) == (503, b"draining")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_is_asked_and_not_told(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
