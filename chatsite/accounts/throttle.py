"""Guessing passwords is slow: so many failures per account and per address, then a wait."""

import ipaddress
import unicodedata
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from chatsite.models import LoginAttempt

LIMIT = 10
WINDOW = timedelta(minutes=15)


def allow(username: str, address: str, what: str = "") -> bool:
    """Counts one attempt and says whether its password may be looked at. `what` else than a log-in
    it is stands in a count of its own.

    The row is there before anything is counted: of a hundred attempts at once, no more than
    LIMIT find room. An attempt that is refused leaves no row, so that the wait ends by itself.
    """
    now = timezone.now()
    LoginAttempt.objects.filter(created_at__lt=now - WINDOW).delete()
    attempt = LoginAttempt.objects.create(
        account=_account(f"{what}{username}"), address=_network(address, what)
    )
    recent = LoginAttempt.objects.filter(created_at__gte=now - WINDOW)
    room = (
        recent.filter(account=attempt.account).count() <= LIMIT
        and recent.filter(address=attempt.address).count() <= LIMIT
    )
    if not room:
        attempt.delete()
    return room


def forget(username: str, address: str, what: str = "") -> None:
    """After a success: the failures on the way to it were the owner's own."""
    account = _account(f"{what}{username}")
    LoginAttempt.objects.filter(account=account, address=_network(address, what)).delete()


def _account(username: str) -> str:
    return _fingerprint(unicodedata.normalize("NFKC", username).casefold())


def _network(address: str, what: str = "") -> str:
    """The address, or for IPv6 its /64, of which one customer has all."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return _fingerprint(f"{what}{address}")
    if ip.version == 6:
        return _fingerprint(f"{what}{ipaddress.ip_network((ip, 64), strict=False)}")
    return _fingerprint(f"{what}{ip}")


def _fingerprint(text: str) -> str:
    return salted_hmac("chatsite.accounts.throttle", text, algorithm="sha256").hexdigest()
