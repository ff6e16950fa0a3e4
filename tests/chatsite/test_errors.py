import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from chatsite import urls


def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError("a secret from deep inside")


def lose_the_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("a secret address refused the connection")


urlpatterns = [path("fail", fail), path("away", lose_the_database), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.mark.urls(__name__)
def test_a_fault_shows_its_number_and_nothing_else(db: None) -> None:
    response = Client(raise_request_exception=False).get("/fail")

    assert response["X-Request-ID"] in response.content.decode()
    assert "secret" not in response.content.decode()


@pytest.mark.urls(__name__)
def test_the_log_has_the_number_and_what_went_wrong(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    response = Client(raise_request_exception=False).get("/fail")
    record = next(record for record in caplog.records if record.exc_info)

    assert record.__dict__["request"].META["REQUEST_ID"] == response["X-Request-ID"]


@pytest.mark.urls(__name__)
def test_a_fault_has_the_policy_too(db: None) -> None:
    response = Client(raise_request_exception=False).get("/fail")

    assert (response.status_code, response.has_header("Content-Security-Policy")) == (500, True)


@pytest.mark.urls(__name__)
def test_a_database_that_is_away_is_told_as_such(db: None) -> None:
    response = Client(raise_request_exception=False).get("/away")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert b"Try again in a few seconds" in response.content
    assert b"secret" not in response.content
