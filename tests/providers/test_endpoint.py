from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from providers.endpoint import (
    MOST_CHARACTERS,
    BadBaseUrl,
    Endpoint,
    normalise_base_url,
    normalise_proxy,
    same_host,
    split_login,
)
from providers.forms import BASE_URL_WORDS


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
        ("[::1]:8000", "http://[::1]:8000/v1"),
        ("::1", "http://[::1]/v1"),
        ("http://[0:0:0:0:0:0:0:1]/v1", "http://[::1]/v1"),
        ("api.example.com:8443", "https://api.example.com:8443/v1"),
        ("my_service:8000/v1", "http://my_service:8000/v1"),
        ("https://api.example.com./v1", "https://api.example.com/v1"),
        ("https://api.example.com:443/v1", "https://api.example.com/v1"),
        ("http://localhost:0080/v1", "http://localhost/v1"),
        ("HTTPS://api.example.com/V1", "https://api.example.com/V1"),
        ("https://api.example.com/v1/v1", "https://api.example.com/v1"),
        ("https://api.example.com/v1/v1/v1/models", "https://api.example.com/v1"),
        ("https://api.example.com/v1/v1beta", "https://api.example.com/v1/v1beta"),
        ("https://api.example.com/v1/responses", "https://api.example.com/v1"),
        ("https:// api.example.com / v1", "https://api.example.com/v1"),
        ("\n\thttps://api.example.com/v1\r\n", "https://api.example.com/v1"),
        ("\u3000https://api.example.com/v1\u200b\ufeff", "https://api.example.com/v1"),
        ('"https://api.example.com/v1",', "https://api.example.com/v1"),
        ("<https://api.example.com/v1>", "https://api.example.com/v1"),
        ("`https://api.example.com/v1`。", "https://api.example.com/v1"),
        ("https：／／api.example.com／v1", "https://api.example.com/v1"),
        ("https:/api.example.com/v1", "https://api.example.com/v1"),
        ("https//api.example.com/v1", "https://api.example.com/v1"),
        ("https://https://api.example.com/v1", "https://api.example.com/v1"),
        ("https://例子.example/代理/v1", "https://xn--fsqu00a.example/%E4%BB%A3%E7%90%86/v1"),
        ("１２７.0.0.1:8000", "http://127.0.0.1:8000/v1"),
    ],
)
def test_what_people_paste_becomes_a_base_url(typed: str, stored: str) -> None:
    assert normalise_base_url(typed) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" / ", "empty"),
        ("\u200b", "empty"),
        ("https://", "empty"),
        ("https://api.exa mple.com/v1", "blank"),
        ("https://api.example.com/v1 (main)", "blank"),
        ("https://api.example.com/\x00v1", "blank"),
        ("https://a.example/v1 https://b.example/v1", "several"),
        ("https://a.example/v1,https://b.example/v1", "several"),
        ("https://a.example/" + "x" * 500, "long"),
        ("https://a.example/" + "例" * 100, "long"),
        ("file:/etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("unix:///run/service.sock", "scheme"),
        ("https://exa..mple.com/v1", "host"),
        ("https://straße.de/v1", "host"),
        ("https://" + "a" * 64 + ".example", "host"),
        ("https://a.example\\b/v1", "host"),
        ("http://[fe80::1%25eth0]/v1", "host"),
        ("http://[::1", "host"),
        ("http://127.1/v1", "number"),
        ("2130706433", "number"),
        ("http://0x7f.0.0.1/v1", "number"),
        ("http://192.168.001.005/v1", "number"),
        ("http://256.1.1.1/v1", "number"),
        ("http://::1/v1", "brackets"),
        ("user:word@example.com", "credentials"),
        ("https://example.com/v1?", "query"),
        ("https://example.com:0/v1", "port"),
        ("https://example.com:-1/v1", "port"),
        ("example.com:99999", "port"),
        ("https://example.com/v1/../admin", "path"),
        ("https://example.com/%2e%2E/admin", "path"),
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


@pytest.mark.parametrize("reason", BadBaseUrl.REASONS)
def test_every_reason_has_words(reason: str) -> None:
    assert str(BASE_URL_WORDS[reason])


ADDRESSES = st.lists(
    st.sampled_from(
        [
            *"aZ0 1.:/@%[]?#\\_-例ß。１\u200b\n",
            "http",
            "https",
            "://",
            "v1",
            "127",
            "::1",
            "..",
            "0x7",
        ]
    ),
    max_size=14,
).map("".join)


@given(ADDRESSES)
def test_whatever_is_typed_is_refused_or_asked_as_it_is_shown(typed: str) -> None:
    try:
        shown = normalise_base_url(typed)
    except BadBaseUrl:
        return
    asked = URL(str(httpx.URL(shown)))
    assert normalise_base_url(shown) == shown
    assert len(shown) <= MOST_CHARACTERS
    assert (asked.raw_host, asked.port) == (urlsplit(shown).hostname, _port(shown))


def _port(base_url: str) -> int:
    parts = urlsplit(base_url)
    return parts.port or {"http": 80, "https": 443}[parts.scheme]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("http://", ""),
        ("proxy.lan:3128", "http://proxy.lan:3128"),
        (" HTTP://Proxy.lan:3128/ ", "http://proxy.lan:3128"),
        ("https://proxy.lan", "https://proxy.lan"),
        ("http://me:p%40ss@proxy.lan:3128", "http://me:p%40ss@proxy.lan:3128"),
        ("me:word@[::1]:3128", "http://me:word@[::1]:3128"),
    ],
)
def test_what_people_paste_becomes_a_proxy(typed: str, stored: str) -> None:
    assert normalise_proxy(typed) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("socks5://proxy.lan:1080", "scheme"),
        ("http://proxy.lan/path", "path"),
        ("http://proxy.lan:3128?x", "query"),
        ("http://proxy.lan:0", "port"),
    ],
)
def test_what_is_no_proxy_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadBaseUrl) as refused:
        normalise_proxy(typed)
    assert refused.value.reason == reason


def test_the_login_of_a_proxy_is_in_no_repr() -> None:
    assert "word" not in repr(Endpoint("https://a.example/v1", proxy="http://me:word@p.lan"))


@pytest.mark.parametrize(
    ("proxy", "place", "login"),
    [
        ("http://me:p%40ss@proxy.lan:3128", "http://proxy.lan:3128", "me:p%40ss"),
        ("http://proxy.lan:3128", "http://proxy.lan:3128", ""),
        ("", "", ""),
        # What is refused is shown again, and must be told apart as well.
        ("me:p@ss://x@proxy.lan/path", "proxy.lan/path", "me:p@ss://x"),
        ("HTTP:/me:pass@", "HTTP:/", "me:pass"),
    ],
)
def test_a_login_is_told_from_its_proxy(proxy: str, place: str, login: str) -> None:
    assert split_login(proxy) == (place, login)
