"""Tests talk to this machine alone."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class OutsideConnectionError(AssertionError):
    """A test tried to reach another machine."""


def stay_here() -> None:
    """From now on sockets of this process connect to loopback addresses only."""
    socket.socket.connect = _guarded(socket.socket.connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded(socket.socket.connect_ex)  # type: ignore[method-assign]
    lookup = socket.getaddrinfo

    def getaddrinfo(host: bytes | str | None, *args: Any, **kwargs: Any) -> object:
        if not _is_here(host):
            raise OutsideConnectionError(f"a test looked up {host!r}")
        return lookup(host, *args, **kwargs)

    socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]


def _guarded(connect: Callable[..., Answer]) -> Callable[..., Answer]:
    def guarded(self: socket.socket, address: tuple[str, int]) -> Answer:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            raise OutsideConnectionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    return guarded


def _is_here(host: bytes | str | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    # Names under .invalid and .test resolve nowhere, which is what a test of them wants to see.
    if not name or name == "localhost" or name.endswith((".invalid", ".test")):
        return True
    try:
        ip = ipaddress.ip_address(name)
    except ValueError:
        return False
    return ip.is_loopback or ip.is_unspecified
