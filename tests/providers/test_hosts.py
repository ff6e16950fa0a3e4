from ipaddress import ip_address

import pytest

from providers.hosts import OddAddress, address_of, canonical_host


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("API.Example.com", "api.example.com"),
        ("example.com.", "example.com"),
        ("my_service", "my_service"),
        ("例子.example", "xn--fsqu00a.example"),
        ("例子。example", "xn--fsqu00a.example"),
        ("192.168.1.5", "192.168.1.5"),
        ("0:0:0:0:0:0:0:1", "::1"),
    ],
)
def test_a_host_has_one_spelling(typed: str, canonical: str) -> None:
    assert canonical_host(typed) == canonical


@pytest.mark.parametrize(
    "typed",
    ["", ".", "a..b", "-a.example", "a b", "a$b", "a%62", "straße.de", "a" * 64, "fe80::1%eth0"],
)
def test_what_is_no_host_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="$"):
        canonical_host(typed)


@pytest.mark.parametrize("typed", ["127.1", "2130706433", "0x7f.1", "010.0.0.1", "1.2.3.4.5"])
def test_an_odd_address_is_no_host(typed: str) -> None:
    with pytest.raises(OddAddress):
        canonical_host(typed)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::ffff:7f00:1", "::ffff:127.0.0.1"),
        ("fe80::1%25eth0", "fe80::1%eth0"),
    ],
)
def test_an_address_is_known_in_every_spelling(host: str, address: str) -> None:
    assert address_of(host) == ip_address(address)


@pytest.mark.parametrize("host", ["example.com", "localhost", "a1", "1.example", "0x7f.example"])
def test_a_name_is_no_address(host: str) -> None:
    assert address_of(host) is None


@pytest.mark.parametrize("host", ["256.1.1.1", "1.2.3.4.5", "0x", "99999999999", ":::"])
def test_what_only_looks_like_an_address_is_told_apart(host: str) -> None:
    with pytest.raises(OddAddress):
        address_of(host)
