import json
import logging
import sys
from typing import Any

import pytest
from django.http import HttpRequest

from chatsite.logs import REQUEST_ID, JsonFormatter, OneLineFormatter


def line(message: str, *args: object) -> str:
    record = logging.LogRecord("name", logging.INFO, "", 0, message, args, None)
    return OneLineFormatter().format(record)


@pytest.mark.parametrize("forged", ["a\r\nb", "a\x1b[31mb", "a\u2028b", "a\x85b"], ids=ascii)
def test_no_input_forges_a_second_line(forged: str) -> None:
    written = line("from %s", forged)

    assert written.isprintable()
    assert len(written.splitlines()) == 1


def test_a_line_tells_which_request_it_is_about() -> None:
    record = logging.LogRecord("name", logging.INFO, "", 0, "fault", (), None)
    request = HttpRequest()
    request.META["REQUEST_ID"] = "0123abcd"
    record.__dict__["request"] = request

    assert "0123abcd" in OneLineFormatter().format(record)


def test_every_line_that_is_written_for_a_request_tells_its_id() -> None:
    before = REQUEST_ID.set("4567cdef")
    written = line("user %s logged in", 3), entry("user %s logged in", 3)["request_id"]
    REQUEST_ID.reset(before)

    assert "4567cdef" in written[0]
    assert written[1] == "4567cdef"


def entry(message: str, *args: object, exc_info: Any = None, **extra: object) -> dict[str, Any]:
    record = logging.LogRecord("name", logging.INFO, "", 0, message, args, exc_info)
    record.__dict__.update(extra)
    written = JsonFormatter().format(record)
    assert len(written.splitlines()) == 1
    found: dict[str, Any] = json.loads(written)
    return found


@pytest.mark.parametrize("forged", ["a\r\nb", "a\x1b[31mb", "a\u2028b", "a\x85b"], ids=ascii)
def test_as_json_too_no_input_forges_a_second_line(forged: str) -> None:
    assert entry("from %s", forged)["message"] == f"from {forged}"


def test_as_json_a_traceback_is_part_of_its_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        found = entry("it failed", exc_info=sys.exc_info())

    assert found["traceback"].startswith("Traceback")
    assert (found["level"], found["logger"]) == ("INFO", "name")


def test_as_json_an_address_that_is_none_of_the_site_s_is_not_repeated() -> None:
    request = HttpRequest()
    request.path = "/sk-a-pasted-key"

    assert entry("%s: %s", "Not Found", request.path, request=request)["message"] == (
        "Not Found: other"
    )
