import logging

import pytest
from django.http import HttpRequest

from chatsite.logs import OneLineFormatter


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
