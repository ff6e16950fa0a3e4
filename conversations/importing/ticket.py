"""The right to send a large body: a form that a signed-in user was given carries it in its address,
so that it can be known for genuine before the body has come, without the database.

The view asks as ever who it is; this only keeps strangers from filling the disk.
"""

from django.core.signing import BadSignature, TimestampSigner

PREFIX = "/data/import/"
LASTS_S = 86_400
# Tells whoever sent a file that was too large, or with a form that was too old.
REFUSED = "/data/?refused=1"


def ticket(user_id: int) -> str:
    return _signer().sign(f"{user_id}")


def is_valid(path: str) -> bool:
    """Of an address such as /data/import/7:…/."""
    told = path.removeprefix(PREFIX)
    if told == path or len(told) > 200:
        return False
    try:
        _signer().unsign(told.rstrip("/"), max_age=LASTS_S)
    except BadSignature:
        return False
    return True


def _signer() -> TimestampSigner:
    """Not kept: the settings may not be there yet when this is imported."""
    return TimestampSigner(salt="conversations.importing.ticket")
