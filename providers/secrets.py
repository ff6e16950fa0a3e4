"""Keys at rest: AES-GCM with the row's id as associated data.

A stolen database gives nothing, because the key ring lies outside it; a ciphertext copied to
another row does not open there. The first key of the ring seals, every key opens, so that a new
one can be put in front and the rows re-sealed while the site runs.

A token is: version (1 byte), id of the ring's key (4), nonce (12), ciphertext and tag.
"""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
KEY_ID = 4
NONCE = 12


class KeyRingError(Exception):
    """No key of the ring opens this token: the ring has changed, or the token was moved."""


def seal(text: str, row: str) -> bytes:
    key = _ring()[0]
    nonce = os.urandom(NONCE)
    return VERSION + _key_id(key) + nonce + AESGCM(key).encrypt(nonce, text.encode(), row.encode())


def unseal(token: bytes, row: str) -> str:
    """The text of a token that was sealed for this row; KeyRingError for any other."""
    head = len(VERSION) + KEY_ID
    key_id, nonce, sealed = token[1:head], token[head : head + NONCE], token[head + NONCE :]
    for key in _ring():
        if _key_id(key) == key_id and token[:1] == VERSION:
            try:
                return AESGCM(key).decrypt(nonce, sealed, row.encode()).decode()
            except (InvalidTag, ValueError):  # moved to another row, or cut
                break
    raise KeyRingError("ENCRYPTION_KEYS holds no key that opens this provider's key")


def is_current(token: bytes) -> bool:
    """Whether the ring's first key sealed it."""
    return token[1 : 1 + KEY_ID] == _key_id(_ring()[0])


def key_ids() -> list[str]:
    """Which keys the ring holds, and nothing of them: to see whether a token could be opened."""
    return [_key_id(key).hex() for key in _ring()]


def _ring() -> list[bytes]:
    return [base64.urlsafe_b64decode(key) for key in settings.ENCRYPTION_KEYS]


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:KEY_ID]
