"""The two forms for a provider, posted with all that must not get through and all that must."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django.fixtures import Settings

from providers.models import Provider
from tests.upstream import Upstream

ADMIN, OWN = "/admin/providers/provider/add/", "/providers/new/"
BOTH = pytest.mark.parametrize("address", [ADMIN, OWN], ids=["admin", "own"])
CANARY = "sk-canary-0123456789-WXYZ"
TEXTS = ("name", "base_url", "key", "further_base_urls", "further_key", "route_order", "proxy")
NUMBERS = ("connect_s", "first_byte_s", "idle_s", "total_s", "owner")
VALUES = {
    "empty": "",
    "blanks": " \t\u3000 ",
    "nul": "a\0b",
    "lines": "one\r\nX-Two: three",
    "huge": "9" * 100_000,
    "script": "<script>alert(1)</script>",
    "quotes": "';\"` OR 1=1 -- {{7*7}} %s %(x)s",
    "chinese": "通义千问",
    "emoji": "👩‍👩‍👧‍👦" * 20,
    "right to left": "\u202eevil\u2066",
    "digits": "١٢",
    "negative": "-1",
    "fraction": "1.5",
    "infinite": "1e999",
    "long number": "9" * 20,
}


@pytest.fixture
def entered(service: Upstream, settings: Settings) -> dict[str, str]:
    """What is right everywhere."""
    settings.ALLOWED_PRIVATE_UPSTREAMS = ("127.0.0.1",)
    return {"name": "Mine", "base_url": service.base_url, "route_order": "fixed", "enabled": "on"}


def page(response: Any) -> str:
    return str(response.content.decode())


@BOTH
@pytest.mark.parametrize("field", [*TEXTS, *NUMBERS])
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_whatever_is_entered_is_stored_or_refused_in_words(
    as_ada: Client, entered: dict[str, str], address: str, field: str, value: str
) -> None:
    if "base_url" in field and value:
        # A name that no test looks up.
        value += ".test"
    response = as_ada.post(address, {**entered, field: value})
    if response.status_code == 302:
        stored = Provider.objects.get()
        assert len(stored.endpoints()) <= 4
        assert stored.limits().total <= 86_400
    else:
        assert response.status_code == (200 if address == ADMIN else 422)
        assert 'class="error' in page(response)
        assert not Provider.objects.exists()


@BOTH
@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("", "This field is required."),
        ("https://me:secret@h.test/v1", "Leave user names and passwords out"),
        ("https://h.test/v1#top", "Leave everything after ? or # out"),
        ("https://h.test/v1?key=1", "Leave everything after ? or # out"),
        ("file:///etc/passwd", "must begin with https:// or http://"),
        ("javascript:alert(1)", "must begin with https:// or http://"),
        ("https://h.test:0/v1", "a number from 1 to 65535"),
        ("https://h.test:65536/v1", "a number from 1 to 65535"),
        ("https://h.test:99999999999/v1", "a number from 1 to 65535"),
        ("https://", "Enter the address of the service"),
        ("https://a..b.test", "needs a valid host name"),
        ("https://a.test https://b.test", "Enter one address only."),
        (f"https://h.test/{'x' * 600}", "at most 500 characters"),
    ],
    ids=range(13),
)
def test_a_base_url_that_is_none_is_refused_in_words(
    as_ada: Client, entered: dict[str, str], address: str, base_url: str, words: str
) -> None:
    response = as_ada.post(address, {**entered, "base_url": base_url, "key": CANARY})
    assert words in page(response)
    assert "canary" not in page(response)
    assert not Provider.objects.exists()


@BOTH
@pytest.mark.parametrize("field", ["key", "further_key"])
@pytest.mark.parametrize("typed", [f"  {CANARY} ", f"{CANARY}\n", f"\r\n\t{CANARY}\r\n\u3000"])
def test_a_key_is_trimmed_and_the_page_says_so(
    as_ada: Client, entered: dict[str, str], address: str, field: str, typed: str
) -> None:
    response = as_ada.post(address, {**entered, field: typed})
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert "The blanks around the key were taken off." in said
    assert Provider.objects.get().endpoints()[0].key == CANARY


@BOTH
def test_what_was_typed_right_is_not_remarked_upon(
    as_ada: Client, entered: dict[str, str], address: str
) -> None:
    response = as_ada.post(address, {**entered, "key": CANARY})
    said = " ".join(str(message) for message in get_messages(response.wsgi_request))
    assert "taken off" not in said
    assert "is used as" not in said


@BOTH
@pytest.mark.parametrize("typed", ["sk-one\nsk-two", "sk-one\r\nX-Evil: 1", "sk-\u200bone", "клю"])
def test_a_key_that_cannot_be_one_is_refused_in_words(
    as_ada: Client, entered: dict[str, str], address: str, typed: str
) -> None:
    response = as_ada.post(address, {**entered, "key": typed})
    assert "A key is one line of plain letters" in page(response)
    assert not Provider.objects.exists()


@BOTH
def test_an_address_that_was_tidied_is_told_as_it_is_used(
    as_ada: Client, entered: dict[str, str], address: str
) -> None:
    pasted = f"{entered['base_url']}/chat/completions"
    response = as_ada.post(address, {**entered, "base_url": pasted})
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert f"The base URL is used as {entered['base_url']}" in said


@BOTH
@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("\n".join(f"https://{n}.test" for n in range(11)), "At most 10 further addresses"),
        ("https://a.test\nftp://b.test", "must begin with https://"),
        ("/v" + "1" * 200_000, "too long"),
        ("a\u0327\u0301" * 100_000, "too long"),
    ],
    ids=["many", "one wrong", "long", "marks"],
)
def test_further_base_urls_are_bounded(
    as_ada: Client, entered: dict[str, str], address: str, told: str, words: str
) -> None:
    response = as_ada.post(address, {**entered, "further_base_urls": told})
    assert words in page(response)


@BOTH
@pytest.mark.parametrize("seconds", ["0", "86401", "9" * 5000])
def test_a_time_limit_has_limits(
    as_ada: Client, entered: dict[str, str], address: str, seconds: str
) -> None:
    response = as_ada.post(address, {**entered, "total_s": seconds})
    assert "errorlist" in page(response)
    assert not Provider.objects.exists()


@BOTH
@pytest.mark.parametrize("slug", ["deepseek", "azure&resource=mine", "relay&host=h.test"])
def test_a_preset_fills_the_form_in_without_a_script(
    as_ada: Client, address: str, slug: str
) -> None:
    form = page(as_ada.get(f"{address}?preset={slug}"))
    assert 'name="base_url" value="https://' in form
    assert "A key is needed." in form


@BOTH
def test_services_to_choose_from_are_links(as_ada: Client, address: str) -> None:
    form = page(as_ada.get(address))
    assert 'href="?preset=siliconflow-cn"' in form
    assert "Relays and gateways" in form


@BOTH
def test_where_a_key_is_made_is_told_of_nothing_here(as_ada: Client, address: str) -> None:
    form = page(as_ada.get(f"{address}?preset=deepseek"))
    link = '<a href="https://platform.deepseek.com/api_keys"'
    assert link in form
    assert 'rel="noopener noreferrer"' in form[form.index(link) :][:200]


@BOTH
def test_a_hostile_choice_is_shown_as_text(as_ada: Client, address: str) -> None:
    form = page(as_ada.get(address, {"preset": "relay", "host": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in form
    assert 'class="error"' in form
