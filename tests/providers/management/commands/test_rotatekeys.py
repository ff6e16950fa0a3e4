import base64

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from providers import secrets
from providers.models import Key, Provider

OLD, NEW = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@pytest.fixture
def keyed(db: None, settings: Settings) -> Provider:
    settings.ENCRYPTION_KEYS = [OLD]
    provider = Provider.objects.create(name="Example", base_url="https://api.example.org/v1")
    provider.set_key("sk-canary")
    return provider


def test_after_it_the_old_key_of_the_ring_may_go(keyed: Provider, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("rotatekeys")
    settings.ENCRYPTION_KEYS = [NEW]
    keyed.refresh_from_db()
    assert keyed.endpoints()[0].key == "sk-canary"


def test_a_key_that_is_current_is_left_as_it_is(keyed: Provider) -> None:
    before = bytes(keyed.keys.get().sealed)
    call_command("rotatekeys")
    assert bytes(keyed.keys.get().sealed) == before


def test_one_key_that_does_not_open_leaves_all_as_they_were(
    keyed: Provider, settings: Settings
) -> None:
    broken = Provider.objects.create(name="Broken", base_url=keyed.base_url)
    Key.objects.create(provider=broken, sealed=b"x" * 40)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match="Broken"):
        call_command("rotatekeys")
    assert not secrets.is_current(bytes(keyed.keys.get().sealed))


def test_a_proxy_s_login_is_sealed_again_too(keyed: Provider, settings: Settings) -> None:
    keyed.set_proxy("http://me:s3cret@proxy.lan:3128")
    keyed.save()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("rotatekeys")
    settings.ENCRYPTION_KEYS = [NEW]
    keyed.refresh_from_db()
    assert keyed.endpoints()[0].proxy == "http://me:s3cret@proxy.lan:3128"
