import ipaddress
import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from providers.endpoint import Guard
from providers.netguard import (
    AddressRefused,
    GuardedResolver,
    check_host,
    guard_allowing,
    is_allowed,
)

PUBLIC = ["8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]
NOT_PUBLIC = [
    *("0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1"),
    *("127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192"),
    *("192.0.2.1", "192.88.99.1", "192.168.1.5", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1"),
    *("64:ff9b::808:808", "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::"),
    *("2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%1"),
    *("fec0::1", "ff02::1"),
]
SPELLINGS = [
    *("127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1"),
    *("0X7F.1", "0177.0.0.1", "017700000001", "00000177.1", "0", "0.0.0.0", "256.0.0.1"),
    *("1.2.3.4.5", "[::1]", "::1", "0:0:0:0:0:0:0:1", "[::ffff:7f00:1]", "::ffff:127.0.0.1"),
    *("[::127.0.0.1]", "[fe80::1%25eth0]", "fe80::1%eth0", "::1%lo", "[::]", "2852039166"),
    *("0xa9fea9fe", "0251.0376.0251.0376", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[v1.x]:"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_allowed(Guard(), ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_any_other_address_is_not(address: str) -> None:
    assert not is_allowed(Guard(), ipaddress.ip_address(address))


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_leads_past_the_guard(host: str) -> None:
    with pytest.raises(AddressRefused):
        check_host(Guard(), host)


@pytest.mark.parametrize("host", ["example.com", "localhost", "metadata.google.internal", "a1"])
def test_a_name_is_left_to_the_resolver(host: str) -> None:
    check_host(Guard(), host)


@pytest.mark.parametrize(
    ("entry", "host"),
    [
        ("127.0.0.0/8", "127.0.0.1"),
        ("127.0.0.0/8", "[::ffff:7f00:1]"),
        ("192.168.1.5", "192.168.1.5"),
        ("192.168.1.7/24", "192.168.1.5"),
        ("fd00::/8", "[fd12::1]"),
        ("[::1]", "::1"),
        ("64:ff9b::/96", "[64:ff9b::808:808]"),
    ],
)
def test_what_is_listed_is_allowed(entry: str, host: str) -> None:
    check_host(guard_allowing([entry]), host)


@pytest.mark.parametrize(
    ("entry", "host"),
    [
        ("192.168.1.5", "192.168.1.6"),
        ("localhost", "127.0.0.1"),
        ("64:ff9b::/96", "[64:ff9b::7f00:1]"),
        ("::ffff:0:0/96", "[::ffff:7f00:1]"),
        ("2002::/16", "169.254.169.254"),
    ],
)
def test_what_is_listed_allows_nothing_else(entry: str, host: str) -> None:
    with pytest.raises(AddressRefused):
        check_host(guard_allowing([entry]), host)


@pytest.mark.parametrize(
    "entry", ["", "10.0.0.0/33", "http://a.example", "a b", "10.0.0.1:80", "*"]
)
def test_a_bad_entry_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="$") as refused:
        guard_allowing(["10.0.0.0/8", entry])
    assert str(refused.value) == entry


def test_no_entry_allows_nothing_private() -> None:
    assert guard_allowing([]) == Guard()


class Names(AbstractResolver):
    """What a name server says, answer by answer."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._answers.pop(0)
        ]

    async def close(self) -> None:
        return None


async def test_a_name_with_public_addresses_is_resolved() -> None:
    resolver = GuardedResolver(Guard(), Names(["8.8.8.8", "2606:4700::1111"]))
    found = await resolver.resolve("a.example", 443)
    assert [result["host"] for result in found] == ["8.8.8.8", "2606:4700::1111"]


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["8.8.8.8", "::1"], ["fe80::1%eth0"]],
    ids=["private", "mixed", "mixed_versions", "zone"],
)
async def test_a_name_with_one_private_address_leads_nowhere(addresses: list[str]) -> None:
    with pytest.raises(AddressRefused):
        await GuardedResolver(Guard(), Names(addresses)).resolve("a.example", 443)


async def test_a_name_that_changes_its_mind_is_checked_each_time() -> None:
    resolver = GuardedResolver(Guard(), Names(["8.8.8.8"], ["127.0.0.1"]))
    await resolver.resolve("a.example", 443)
    with pytest.raises(AddressRefused):
        await resolver.resolve("a.example", 443)


@pytest.mark.parametrize("host", ["ollama.lan", "OLLAMA.lan", "ollama.lan."])
async def test_a_listed_name_may_lead_into_the_private_network(host: str) -> None:
    resolver = GuardedResolver(guard_allowing(["Ollama.lan"]), Names(["192.168.1.5"]))
    assert (await resolver.resolve(host, 80))[0]["host"] == "192.168.1.5"


async def test_a_name_below_a_listed_one_is_not_listed() -> None:
    resolver = GuardedResolver(guard_allowing(["ollama.lan"]), Names(["192.168.1.5"]))
    with pytest.raises(AddressRefused):
        await resolver.resolve("evil.ollama.lan", 80)
