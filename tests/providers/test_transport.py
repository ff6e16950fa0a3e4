"""Whom a request reaches: the guard, proxies and redirects, over real TCP."""

import asyncio
import base64
import datetime
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from providers import client, transport
from providers.client import list_models
from providers.endpoint import Endpoint, Guard, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.netguard import guard_allowing
from tests import upstream as wire
from tests.upstream import Upstream

KEY = "sk-a-key-of-some-length"
SHORT = TimeLimits(connect=1, first_byte=1, idle=1, total=5)
LOOPBACK = [
    *("127.0.0.1", "localhost", "LOCALHOST", "127.0.0.1.", "127.1", "2130706433"),
    *("0x7f000001", "0177.0.0.1", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:7f00:1]"),
    *("[::ffff:127.0.0.1]", "[::127.0.0.1]", "[::1%25lo]", "[64:ff9b::7f00:1]", "127。0。0。1"),
    *("１２７.0.0.1", "ⓛocalhost", "%31%32%37.0.0.1", "me@127.0.0.1", "8.8.8.8@localhost"),
]


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream(lambda _: [wire.models("m")]) as running:
        yield running
        await client.close()


def at(upstream: Upstream, host: str, **fields: object) -> Endpoint:
    base_url = upstream.base_url.replace("127.0.0.1", host)
    return Endpoint(base_url, KEY, limits=SHORT, **fields)  # type: ignore[arg-type]


def place(upstream: Upstream) -> str:
    return upstream.base_url.removeprefix("http://").removesuffix("/v1")


async def failure(endpoint: Endpoint) -> UpstreamError:
    with pytest.raises(UpstreamError) as raised:
        await list_models(endpoint)
    return raised.value


@pytest.mark.parametrize("host", LOOPBACK)
async def test_a_guarded_request_reaches_this_machine_in_no_spelling(
    upstream: Upstream, host: str
) -> None:
    error = await failure(at(upstream, host, guard=Guard()))
    assert not error.kind.is_retryable or error.kind == ErrorKind.UNREACHABLE
    assert upstream.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_refused_address_has_its_own_words(upstream: Upstream, host: str) -> None:
    error = await failure(at(upstream, host, guard=Guard()))
    assert error.kind == ErrorKind.NOT_FOUND
    assert error.detail == "users' own providers may not lead there"


@pytest.mark.parametrize(
    ("listed", "host"),
    [("127.0.0.0/8", "127.0.0.1"), ("localhost", "localhost"), ("127.0.0.1", "localhost")],
)
async def test_what_the_site_lists_is_reached(upstream: Upstream, listed: str, host: str) -> None:
    listing = await list_models(at(upstream, host, guard=guard_allowing([listed])))
    assert [model.id for model in listing] == ["m"]


async def test_connections_of_others_are_no_way_around_the_guard(upstream: Upstream) -> None:
    await list_models(at(upstream, "127.0.0.1"))
    await failure(at(upstream, "127.0.0.1", guard=Guard()))
    assert len(upstream.journal) == 1


async def test_requests_alike_share_a_client_and_others_do_not() -> None:
    listed = transport.transport(guard_allowing(["10.0.0.0/8"]))
    assert listed is transport.transport(guard_allowing(["10.0.0.0/8"]))
    assert len({listed, transport.transport(Guard()), transport.transport()}) == 3
    await client.close()


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
async def test_a_redirect_is_told_by_its_host_and_not_followed(
    upstream: Upstream, status: int
) -> None:
    location = f"location: https://elsewhere.example:8443/v1?key={KEY}#x\r\n"
    upstream.script(f"HTTP/1.1 {status} X\r\n{location}content-length: 0\r\n\r\n".encode())
    error = await failure(at(upstream, "127.0.0.1"))
    assert (error.kind, error.status) == (ErrorKind.NOT_FOUND, status)
    assert error.detail == f"HTTP {status} → elsewhere.example"


@pytest.mark.parametrize("location", ["http://[", "//", "\x7f", f"https://{KEY}.example/"])
async def test_a_redirect_to_nonsense_is_an_error_too(upstream: Upstream, location: str) -> None:
    head = f"HTTP/1.1 302 X\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
    upstream.script(head.encode())
    error = await failure(at(upstream, "127.0.0.1"))
    assert error.kind in {ErrorKind.NOT_FOUND, ErrorKind.PROTOCOL}
    assert KEY not in error.detail


async def test_a_proxy_is_asked_for_an_address_that_is_not_looked_up(upstream: Upstream) -> None:
    proxy = f"http://me:p%40ss@{place(upstream)}"
    await list_models(Endpoint("http://service.invalid/v1", KEY, limits=SHORT, proxy=proxy))
    [received] = upstream.journal
    assert received.path == "http://service.invalid/v1/models"
    assert received.headers["proxy-authorization"] == f"Basic {_base64('me:p@ss')}"
    assert received.headers["authorization"] == f"Bearer {KEY}"


async def test_without_a_login_none_is_sent_to_the_proxy(upstream: Upstream) -> None:
    proxy = f"http://{place(upstream)}"
    await list_models(Endpoint("http://service.invalid/v1", limits=SHORT, proxy=proxy))
    assert "proxy-authorization" not in upstream.journal[0].headers


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_refuses_is_named(upstream: Upstream, scheme: str) -> None:
    upstream.script(wire.response(407, "text/html", b"<p>me:secret-word</p>"))
    proxy = f"http://me:secret-word@{place(upstream)}"
    error = await failure(Endpoint(f"{scheme}://service.invalid/v1", limits=SHORT, proxy=proxy))
    assert (error.kind, error.detail) == (ErrorKind.UNREACHABLE, "proxy: HTTP 407")


async def test_a_proxy_that_is_not_there_is_unreachable_and_its_login_untold() -> None:
    proxy = "http://me:secret-word@127.0.0.1:1"
    error = await failure(Endpoint("http://service.invalid/v1", limits=SHORT, proxy=proxy))
    await client.close()
    assert error.kind == ErrorKind.UNREACHABLE
    assert "secret-word" not in error.detail


async def test_a_guarded_endpoint_has_no_proxy(upstream: Upstream) -> None:
    proxy = f"http://{place(upstream)}"
    guarded = Endpoint("https://service.invalid/v1", limits=SHORT, guard=Guard(), proxy=proxy)
    assert (await failure(guarded)).kind == ErrorKind.NOT_FOUND
    assert upstream.connections == 0


async def test_proxies_of_the_environment_are_not_used(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert await list_models(at(upstream, "127.0.0.1"))


async def test_through_a_proxy_tls_reaches_the_service_itself(
    trusted: ssl.SSLContext, upstream: Upstream
) -> None:
    async with Tunnel(trusted, place(upstream)) as tunnel:
        proxy = f"http://me:word@{tunnel.place}"
        listing = await list_models(Endpoint("https://service.test/v1", KEY, proxy=proxy))
    assert [model.id for model in listing] == ["m"]
    assert tunnel.head.startswith(b"CONNECT service.test:443 HTTP/1.1\r\n")
    assert f"Proxy-Authorization: Basic {_base64('me:word')}".encode() in tunnel.head
    assert KEY.encode() not in tunnel.head


class Tunnel:
    """A proxy that answers CONNECT, and then speaks TLS as the service would."""

    def __init__(self, tls: ssl.SSLContext, target: str) -> None:
        self.head = b""
        self._tls, self._target = tls, target

    async def __aenter__(self) -> "Tunnel":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.place = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.start_tls(self._tls)
        host, _, port = self._target.partition(":")
        back, forth = await asyncio.open_connection(host, int(port))
        forth.write(await reader.readuntil(b"\r\n\r\n"))
        writer.write(await back.read(64 * 1024))
        await writer.drain()
        forth.close()
        writer.close()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
    """TLS of a service whose authority this machine trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "service.test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("service.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = tmp_path / "service.pem"
    file.write_bytes(pem + secret)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    transport.tls_context.cache_clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    yield context
    transport.tls_context.cache_clear()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
