import base64

import pytest
from pytest_django import Settings

from providers import secrets
from providers.secrets import KeyRingError

OLD, NEW = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))
ROW = "a row"


def test_a_sealed_text_opens_again() -> None:
    assert secrets.unseal(secrets.seal("sk-canary", ROW), ROW) == "sk-canary"


def test_a_token_shows_nothing_of_its_text() -> None:
    assert b"canary" not in secrets.seal("sk-canary", ROW)


def test_sealing_twice_gives_two_tokens() -> None:
    assert secrets.seal("sk-canary", ROW) != secrets.seal("sk-canary", ROW)


def test_a_token_moved_to_another_row_is_refused() -> None:
    with pytest.raises(KeyRingError, match="ENCRYPTION_KEYS"):
        secrets.unseal(secrets.seal("sk-canary", ROW), "another row")


@pytest.mark.parametrize("at", [0, 1, 6, 20], ids=["version", "key id", "nonce", "ciphertext"])
def test_a_token_with_one_changed_byte_is_refused(at: int) -> None:
    token = bytearray(secrets.seal("sk-canary", ROW))
    token[at] ^= 1
    with pytest.raises(KeyRingError):
        secrets.unseal(bytes(token), ROW)


@pytest.mark.parametrize("length", [0, 4, 8, 17, 30])
def test_a_token_cut_short_is_refused(length: int) -> None:
    with pytest.raises(KeyRingError):
        secrets.unseal(secrets.seal("sk-canary", ROW)[:length], ROW)


def test_a_key_behind_the_first_still_opens(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    token = secrets.seal("sk-canary", ROW)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert secrets.unseal(token, ROW) == "sk-canary"
    assert not secrets.is_current(token)


def test_a_ring_without_the_key_is_refused_in_words(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    token = secrets.seal("sk-canary", ROW)
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(KeyRingError, match="ENCRYPTION_KEYS holds no key"):
        secrets.unseal(token, ROW)
