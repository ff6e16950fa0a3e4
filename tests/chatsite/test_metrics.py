"""What Prometheus is told, and who may ask."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

TOKEN = "a token for the tests alone"


@pytest.fixture
def with_token(settings: Settings) -> dict[str, str]:
    settings.METRICS_TOKEN = TOKEN
    return {"Authorization": f"Bearer {TOKEN}"}


def test_staff_may_read_them(as_ada: Client) -> None:
    response = as_ada.get("/metrics")

    assert response["Content-Type"].startswith("text/plain; version=")
    names = {family.name for family in text_string_to_metric_families(response.text)}
    assert {"chatsite_runs", "chatsite_sockets", "process_resident_memory_bytes"} <= names


def test_a_user_finds_nothing_there(as_olivia: Client) -> None:
    assert as_olivia.get("/metrics").status_code == 404


def test_nobody_in_particular_finds_nothing_there(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}"])
@pytest.mark.usefixtures("with_token")
def test_a_wrong_token_finds_nothing_there(client: Client, sent: str) -> None:
    assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


@pytest.mark.parametrize("sent", ["Bearer", "Bearer ", "Bearer None"])
def test_without_a_token_none_will_do(client: Client, sent: str) -> None:
    assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_with_the_token_they_are_told_while_the_database_is_away(
    client: Client, with_token: dict[str, str], db: None
) -> None:
    def away(*args: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(away):
        assert client.get("/metrics", headers=with_token).status_code == 200


def test_an_address_that_is_none_makes_no_series_of_its_own(client: Client, db: None) -> None:
    client.get("/an-address-of-my-own")

    told = {
        sample.labels.get("route") for family in REGISTRY.collect() for sample in family.samples
    }
    assert "other" in told
    assert not any("my-own" in (route or "") for route in told)
