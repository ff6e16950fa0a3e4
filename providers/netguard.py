"""Where a user's own provider may lead: to the public internet, and to what the site lists.

Pure decisions, and the two places of aiohttp that hold to them. An address in the URL, in whatever
spelling, is checked on the URL that aiohttp connects to; the addresses of a name are checked as
they are handed to the connector, which looks nothing up again.
"""

import ipaddress
import socket
from collections.abc import Iterable

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from aiohttp.abc import AbstractResolver, ResolveResult

from providers.endpoint import Guard
from providers.hosts import Address, OddAddress, address_of, canonical_host

# Of all IPv6 only this is the internet; within it, what is set aside, Teredo, 6to4, examples.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # A cloud's metadata stands at a public address.
        "168.63.129.16/32",
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(ValueError):
    """A guarded request was about to go where it must not."""


def guard_allowing(entries: Iterable[str]) -> Guard:
    """A guard that lets host names, addresses and networks through; ValueError names a bad entry.

    `localhost`, `ollama.lan`, `192.168.1.5`, `10.0.0.0/8`, `fd00::/8`
    """
    hosts, networks = set(), []
    for entry in entries:
        try:
            networks.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
        except ValueError:
            hosts.add(_name(entry))
    return Guard(frozenset(hosts), tuple(networks))


def is_allowed(guard: Guard, address: Address) -> bool:
    """Whether the address is public or listed. One that wraps an IPv4 address is neither by
    itself, and what is wrapped counts too."""
    if isinstance(address, ipaddress.IPv6Address) and (inner := _inner(address)):
        is_listed = _is_in(inner if address.ipv4_mapped else address, guard.networks)
        return is_listed and is_allowed(guard, inner)
    return _is_public(address) or _is_in(address, guard.networks)


def check_host(guard: Guard, host: str) -> None:
    """AddressRefused if the host is an address that is not allowed, or looks like one.

    The addresses of a name are for `GuardedResolver` to see.
    """
    if _is_listed(guard, host):
        return
    try:
        address = address_of(host)
    except OddAddress:
        raise AddressRefused from None
    if address is not None and not is_allowed(guard, address):
        raise AddressRefused


def check_addresses(guard: Guard, host: str, addresses: Iterable[str]) -> None:
    """AddressRefused if this name, which leads to these addresses, must not be asked: one that is
    listed may lead anywhere."""
    check_host(guard, host)
    if not _is_listed(guard, host):
        for address in addresses:
            check_host(guard, address)


class GuardedRequests:
    """A middleware of an aiohttp session."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def __call__(self, request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
        check_host(self._guard, request.url.raw_host or "")
        return await send(request)


class GuardedResolver(AbstractResolver):
    """Names that lead to one address that is not allowed lead nowhere."""

    def __init__(self, guard: Guard, resolver: AbstractResolver) -> None:
        self._guard, self._resolver = guard, resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        check_addresses(self._guard, host, (result["host"] for result in found))
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _is_listed(guard: Guard, host: str) -> bool:
    return host.rstrip(".").lower() in guard.hosts


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_V6:
        return False
    return not _is_in(address, _NOT_PUBLIC)


def _is_in(
    address: Address, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]
) -> bool:
    return any(address in network for network in networks)


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def _name(entry: str) -> str:
    try:
        return canonical_host(entry)
    except ValueError:
        raise ValueError(entry) from None
