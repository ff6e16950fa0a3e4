import pytest

from providers.endpoint import BadBaseUrl, Endpoint, normalise_base_url, same_host


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" https://api.example.com/v1 ", "https://api.example.com/v1"),
        ("https://api.example.com/v1///", "https://api.example.com/v1"),
        ("https://api.example.com/v1/chat/completions", "https://api.example.com/v1"),
        ("https://api.example.com/v1/models/", "https://api.example.com/v1"),
        ("https://api.example.com//v1", "https://api.example.com/v1"),
        ("https://api.example.com", "https://api.example.com/v1"),
        ("https://API.Example.com", "https://api.example.com/v1"),
        ("https://api.example.com/api/paas/v4", "https://api.example.com/api/paas/v4"),
        ("api.example.com", "https://api.example.com/v1"),
        ("localhost:11434", "http://localhost:11434/v1"),
        ("192.168.1.5:8080", "http://192.168.1.5:8080/v1"),
        ("http://[::1]:8000", "http://[::1]:8000/v1"),
    ],
)
def test_what_people_paste_becomes_a_base_url(typed: str, stored: str) -> None:
    assert normalise_base_url(typed) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" / ", "empty"),
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.com/v1", "scheme"),
        ("https:///v1", "host"),
        ("https://exa$mple.com/v1", "host"),
        ("https://user:word@example.com/v1", "credentials"),
        ("https://key@example.com/v1", "credentials"),
        ("https://example.com/v1#models", "query"),
        ("https://example.com/v1?key=1", "query"),
        ("https://example.com:99999/v1", "port"),
        ("https://example.com:port/v1", "port"),
        ("https://example.com:/v1", "port"),
    ],
)
def test_what_is_no_base_url_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadBaseUrl) as refused:
        normalise_base_url(typed)
    assert refused.value.reason == reason


def test_a_base_url_is_its_own_normal_form() -> None:
    once = normalise_base_url("api.example.com/openai/")
    assert normalise_base_url(once) == once


def test_a_host_is_the_same_with_its_default_port() -> None:
    assert same_host("https://a.example/v1", "https://a.example:443/v2")
    assert not same_host("https://a.example/v1", "http://a.example/v1")


def test_the_key_is_in_no_repr() -> None:
    assert "secret" not in repr(Endpoint("https://a.example/v1", "sk-secret"))
