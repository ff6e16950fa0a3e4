import psycopg
import pytest
from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from chatsite import urls


def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError("a secret from deep inside")


def lose_the_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("a secret address refused the connection")


def find_no_room(request: HttpRequest) -> HttpResponse:
    raise InternalError from psycopg.errors.InternalError_("could not extend file")


def find_rows_corrupted(request: HttpRequest) -> HttpResponse:
    raise InternalError from psycopg.errors.DataCorrupted("invalid page in block 3")


def go_on_after_an_error(request: HttpRequest) -> HttpResponse:
    raise InternalError from psycopg.errors.InFailedSqlTransaction("transaction is aborted")


urlpatterns = [
    path("fail", fail),
    path("away", lose_the_database),
    path("full", find_no_room),
    path("corrupted", find_rows_corrupted),
    path("aborted", go_on_after_an_error),
    *urls.urlpatterns,
]
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


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status"), [("/full", 503), ("/corrupted", 500), ("/aborted", 500)]
)
def test_a_database_that_fails_by_itself_is_told_from_a_use_of_it_that_is_wrong(
    db: None, address: str, status: int
) -> None:
    assert Client(raise_request_exception=False).get(address).status_code == status
