"""The address of a share: what leads nowhere always looks the same, and nobody else is told."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chatsite.logs import OneLineFormatter
from chatsite.models import User
from conversations.models import Share
from tests.shares import a_share

NOWHERE = f"/s/{'x' * 43}/"
PARTS = ("", "unlock/", "continue/", "images/1/0/")


def headers_of(response: object) -> dict[str, str]:
    names = ("X-Robots-Tag", "Cache-Control", "Referrer-Policy", "Content-Security-Policy")
    return {name: response.headers.get(name, "") for name in names}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address",
    [
        "/s/short/",
        "/s/%00/",
        "/s/..%2f..%2f/",
        f"/s/{'x' * 5000}/",
        f"/s/{'x' * 42}!/",
        "/s/a/b/c/",
        "/s/%E4%B8%AD/",
        "/s/%0A/",
    ],
)
def test_what_is_no_address_is_like_what_never_was(client: Client, db: None, address: str) -> None:
    odd, never = client.get(address), client.get(NOWHERE)
    assert (odd.status_code, odd.content) == (404, never.content)
    assert headers_of(odd) == headers_of(never)


@pytest.mark.parametrize("part", PARTS)
def test_revoked_ended_and_deleted_are_like_what_never_was(
    client: Client, olivia: User, part: str
) -> None:
    revoked, ended, deleted = (a_share(olivia, password="open sesame") for _ in range(3))
    revoked.delete()
    Share.objects.filter(pk=ended.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    deleted.conversation.delete_softly()
    never = client.get(f"{NOWHERE}{part}")
    for shared in (revoked, ended, deleted):
        response = client.get(f"/s/{shared.token}/{part}")
        assert (response.status_code, response.content) == (404, never.content)


def test_it_says_in_plain_words_what_to_do(client: Client, db: None) -> None:
    assert "Ask whoever gave it to you for a new one." in client.get(NOWHERE).text


def test_switched_off_all_of_them_lead_nowhere(
    client: Client, olivia: User, settings: Settings
) -> None:
    shared = a_share(olivia)
    settings.SHARING = False
    assert client.get(shared.get_absolute_url()).content == client.get(NOWHERE).content


@pytest.mark.parametrize("password", ["", "open sesame"])
def test_no_engine_cache_or_other_site_is_told(client: Client, olivia: User, password: str) -> None:
    told = headers_of(client.get(a_share(olivia, password=password).get_absolute_url()))
    assert told["X-Robots-Tag"].startswith("noindex")
    assert told["Cache-Control"] == "no-store"
    assert told["Referrer-Policy"] == ("same-origin" if password else "no-referrer")
    assert told["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")


def test_without_its_last_slash_it_is_found_too(client: Client, olivia: User) -> None:
    address = a_share(olivia).get_absolute_url()
    assert client.get(address.removesuffix("/"))["Location"] == address


def test_no_log_tells_it(client: Client, olivia: User, caplog: pytest.LogCaptureFixture) -> None:
    token = a_share(olivia).token
    caplog.set_level(logging.DEBUG)
    client.get(f"/s/{token}/unlock/")
    client.get(f"/s/{token}/images/7/7/")
    lines = [OneLineFormatter().format(record) for record in caplog.records]
    assert any("/s/<str:token>/unlock/" in line for line in lines)
    assert not any(token in line for line in lines)
