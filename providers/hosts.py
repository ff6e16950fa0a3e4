"""Hosts in their one spelling, and the addresses that other spellings stand for."""

import ipaddress
import re
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAME = re.compile(r"(?!.{254})([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_-]{1,63}")
# A name whose last label is a number is none: the C library reads it as an address.
_ENDS_IN_NUMBER = re.compile(r"(.*\.)?([0-9]+|0[xX][0-9a-fA-F]*)")
# Two generations of IDNA lead these letters to different hosts.
_AMBIGUOUS = re.compile("[ßς\u200c\u200d]")


class OddAddress(ValueError):
    """An address in a spelling that not everybody reads in the same way: octal, hex, short."""


def canonical_host(text: str) -> str:
    """A host as it is asked and shown: ASCII, lower case, IPv6 short and without brackets.

    OddAddress or another ValueError if it cannot be one.
    """
    if ":" in text:
        address = ipaddress.IPv6Address(text)
        if address.scope_id:
            raise ValueError("a zone means something to one machine only")
        return address.compressed
    if _AMBIGUOUS.search(text):
        raise ValueError("a letter that leads to two hosts")
    host = text.encode("idna").decode().lower().removesuffix(".")
    if _ENDS_IN_NUMBER.fullmatch(host):
        return _dotted(host)
    if not _NAME.fullmatch(host):
        raise ValueError("no host name")
    return host


def address_of(host: str) -> Address | None:
    """The address that a host stands for, in any spelling that a machine takes; None for a name.

    OddAddress for what looks like an address and is none.
    """
    host = host.strip("[]").rstrip(".")
    try:
        return ipaddress.ip_address(host.replace("%25", "%"))
    except ValueError:
        pass
    if ":" in host:
        raise OddAddress(host)
    if not _ENDS_IN_NUMBER.fullmatch(host):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        raise OddAddress(host) from None


def _dotted(host: str) -> str:
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        raise OddAddress(host) from None
