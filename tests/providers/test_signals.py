import json

import pytest

from providers.errors import Sign, WrongBase
from providers.signals import wrong_base

PAGE = b"\xef\xbb\xbf <!doctype html><html><title>Relay</title></html>"


def complaint(message: str) -> bytes:
    return json.dumps({"error": {"message": message}}).encode()


@pytest.mark.parametrize(
    ("base_url", "status", "body", "sign", "suggestion"),
    [
        ("https://r.example/panel", 200, PAGE, Sign.PAGE, "https://r.example/v1"),
        ("https://r.example/v1", 200, PAGE, Sign.PAGE, ""),
        ("https://openrouter.ai/v1", 404, PAGE, Sign.PAGE, "https://openrouter.ai/api/v1"),
        (
            "https://r.example/v1/v1",
            404,
            complaint("Invalid URL (POST /v1/v1/chat/completions)"),
            Sign.DOUBLED,
            "https://r.example/v1",
        ),
        (
            "https://r.example/v1",
            404,
            complaint("Invalid URL (GET /v1/v1/models)"),
            Sign.DOUBLED,
            "",
        ),
        (
            "http://localhost:1234/api",
            200,
            b'{"error":"Unexpected endpoint or method. (GET /api/models)"}',
            Sign.NO_SUCH_PATH,
            "http://localhost:1234/v1",
        ),
        (
            "http://r.example:8000/api",
            404,
            b'{"detail":"Not Found"}',
            Sign.NO_SUCH_PATH,
            "http://r.example:8000/v1",
        ),
        (
            "https://mine.openai.azure.com/v1",
            404,
            b'{"error":{"code":"404","message":"Resource not found"}}',
            Sign.NO_SUCH_PATH,
            "https://mine.openai.azure.com/openai/v1",
        ),
        (
            "https://api.groq.com/v1",
            404,
            complaint("Unknown request URL: GET /v1/models."),
            Sign.NO_SUCH_PATH,
            "https://api.groq.com/openai/v1",
        ),
        ("https://r.example/api", 404, b"", Sign.NO_SUCH_PATH, "https://r.example/v1"),
        (
            "https://r.example/api",
            404,
            b"404 page not found",
            Sign.NO_SUCH_PATH,
            "https://r.example/v1",
        ),
    ],
)
def test_a_wrong_base_url_shows(
    base_url: str, status: int, body: bytes, sign: Sign, suggestion: str
) -> None:
    assert wrong_base(base_url, status, body) == WrongBase(sign, suggestion)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'{"data":[]}'),
        (200, b'{"choices":[{"message":{"content":"invalid url"}}]}'),
        (200, b'data: {"choices":[{"delta":{"content":"invalid url"}}]}'),
        (200, b""),
        (404, complaint("The model 'x' does not exist")),
        (401, complaint("who are you")),
        (503, PAGE),
        (403, PAGE),
        (500, complaint("invalid url in the request")),
        (400, complaint("Invalid URL of an image")),
    ],
)
def test_other_answers_say_nothing_of_the_base_url(status: int, body: bytes) -> None:
    assert wrong_base("https://r.example/v1", status, body) is None


@pytest.mark.parametrize(
    ("location", "suggestion"),
    [
        ("https://r.example/v1/models", "https://r.example/v1"),
        ("http://r.example/api/v1/models", "http://r.example/api/v1"),
        ("/api/v1/models", "http://r.example/api/v1"),
        ("https://evil.example/v1/models", ""),
        ("//evil.example/v1/models", ""),
        ("http://r.example:99999/v1", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_redirect_is_told_but_leads_to_no_other_host(location: str, suggestion: str) -> None:
    told = wrong_base("http://r.example/v1", 301, b"", location=location)
    assert told == WrongBase(Sign.MOVED, suggestion)
