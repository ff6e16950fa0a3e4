"""What the site may be called, worked out from where it listens and where it is published."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
EVERY_INTERFACE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on


def bracketed(host: str) -> str:
    """A host as an address on the web writes it: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def own_names(listening_host: str, origins: Iterable[str]) -> list[str]:
    """The Host headers to accept where the operator has not said which."""
    names = set(LOOPBACK_NAMES)
    if listening_host not in EVERY_INTERFACE:
        names.add(bracketed(listening_host))
    names.update(bracketed(urlsplit(origin).hostname or "") for origin in origins)
    return sorted(names)
