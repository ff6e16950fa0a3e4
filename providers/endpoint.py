"""Where a service is reached: its base URL as it will be used, its key, its limits, its way."""

import re
import unicodedata
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import SplitResult, quote, urlsplit

from providers.hosts import OddAddress, address_of, canonical_host

MOST_CHARACTERS = 500

# What people paste along with the base: the address of one of its functions.
_FUNCTIONS = re.compile(
    r"/(chat/completions|completions|responses|messages|models|embeddings|moderations"
    r"|images/(generations|edits|variations)|audio/(transcriptions|translations|speech))$"
)
# A version said twice.
DOUBLED = re.compile(r"(/v\d+\w*)\1+(?=/|$)")
# Around an address in prose, in a settings file or in a chat; some of it cannot be seen.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_WRAPPING = " \t\r\n\"'`<>“”‘’,;。、"
_SCHEME_TWICE = re.compile(r"^(?:https?://)+(?=https?://)", re.IGNORECASE)
_SCHEME_ALONE = re.compile(r"^https?:$", re.IGNORECASE)
_SLASH_MISSING = re.compile(r"^(https?)(?::/?|//)(?=[^/])", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?!\d|$)[^@]*", re.IGNORECASE)
_LOGIN = re.compile(r"(\s*(?:https?:/*)?)(.*)@", re.DOTALL | re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_IN_PATH = "/%:@!$&'()*+,;=~-._"


class BadBaseUrl(ValueError):
    """Not an address that can be asked. `reason` is one of REASONS."""

    REASONS = (
        *("empty", "blank", "several", "long", "scheme", "credentials", "query"),
        *("host", "number", "brackets", "port", "path"),
    )

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds. The first byte may take long: a cold local model is read from disk first.

    `connect` is for everything up to an open connection: name, TCP, proxy, TLS. Any byte ends an
    `idle` wait; `comments` is how long a service may go on sending nothing but signs of life.
    """

    connect: float = 10.0
    first_byte: float = 300.0
    idle: float = 120.0
    comments: float = 1800.0
    total: float = 3600.0


@dataclass(frozen=True, slots=True)
class Guard:
    """Binds an endpoint to the public internet, and to what is listed here although it is private.

    `hosts` are names in their canonical form, allowed wherever they lead.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A service as it is asked; what is secret is in no `repr`, so in no log and no traceback.

    `proxy` is the URL of an HTTP proxy and may hold its user name and password. An endpoint with
    a `guard` cannot have one: a proxy looks names up itself, where nobody here sees the address.
    `key_number` counts from 1 where a provider has several keys.
    """

    base_url: str
    key: str = field(default="", repr=False)
    name: str = ""
    limits: TimeLimits = field(default_factory=TimeLimits)
    guard: Guard | None = None
    proxy: str = field(default="", repr=False)
    key_number: int = 0

    def url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"


def normalise_base_url(text: str) -> str:
    """The base URL as it is stored, shown and used; BadBaseUrl when it cannot be one.

    What was pasted around it is taken off, and a function's path, and a version said twice. A host
    without a path gets `/v1`, as nearly every service has it; a path that is given stays as it is.
    """
    text = _tidied(text)
    if not text:
        raise BadBaseUrl("empty")
    parts = _split(text if "://" in text else _with_scheme(text))
    if parts.username is not None or parts.password is not None:
        raise BadBaseUrl("credentials")
    path = _FUNCTIONS.sub("", re.sub(r"/{2,}", "/", parts.path).rstrip("/"))
    path = quote(DOUBLED.sub(r"\1", path) or "/v1", safe=_IN_PATH)
    if {".", ".."} & set(path.replace("%2e", ".").replace("%2E", ".").split("/")):
        raise BadBaseUrl("path")
    return _short_enough(f"{parts.scheme}://{_place(parts)}{path}")


def normalise_proxy(text: str) -> str:
    """The URL of an HTTP proxy, '' for none; BadBaseUrl when it cannot be one."""
    text = _tidied(text)
    if not text:
        return ""
    parts = _split(text if "://" in text else f"http://{text}")
    if parts.path:
        raise BadBaseUrl("path")
    login, at, _ = parts.netloc.rpartition("@")
    return _short_enough(f"{parts.scheme}://{login}{at}{_place(parts)}")


def split_login(proxy: str) -> tuple[str, str]:
    """The URL of a proxy, perhaps not a good one, without its login; and that, '' for none."""
    found = _LOGIN.match(proxy)
    return (f"{found[1]}{proxy[found.end() :]}", found[2]) if found else (proxy, "")


def with_login(proxy: str, login: str) -> str:
    return proxy.replace("://", f"://{login}@", 1) if login else proxy


def same_host(one: str, other: str) -> bool:
    """Whether two base URLs lead to the same scheme, host and port."""
    return _origin(one) == _origin(other)


def _tidied(text: str) -> str:
    """One address, or nothing, without blanks."""
    if len(text) > 2 * MOST_CHARACTERS:
        # First of all: what follows takes its time with what nobody would type.
        raise BadBaseUrl("long")
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip(_WRAPPING)
    text = _SCHEME_ALONE.sub("", re.sub(r"\s*([/:])\s*", r"\1", text).rstrip("/"))
    text = _SLASH_MISSING.sub(r"\1://", _SCHEME_TWICE.sub("", text))
    if text.count("://") > 1:
        raise BadBaseUrl("several")
    if re.search(r"\s", text) or not text.isprintable():
        raise BadBaseUrl("blank")
    return text


def _with_scheme(text: str) -> str:
    """A name without a scheme is asked over TLS, unless it is this machine or this network."""
    if _OTHER_SCHEME.fullmatch(text):
        raise BadBaseUrl("scheme")
    authority, slash, path = text.partition("/")
    if authority.count(":") > 1 and not re.search(r"[\[@]", authority):
        authority = f"[{authority}]"
    host = authority if authority.endswith("]") else authority.rpartition(":")[0] or authority
    try:
        address = address_of(host)
    except OddAddress:
        raise BadBaseUrl("number") from None
    is_near = address.is_private if address else host.lower() == "localhost" or "." not in host
    return f"{'http' if is_near else 'https'}://{authority}{slash}{path}"


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BadBaseUrl("host") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise BadBaseUrl("scheme")
    if "?" in text or "#" in text:
        raise BadBaseUrl("query")
    return parts


def _place(parts: SplitResult) -> str:
    """Host and port; the port only where it is not the scheme's own."""
    authority = parts.netloc.rpartition("@")[2]
    if authority.count(":") > 1 and "[" not in authority:
        raise BadBaseUrl("brackets")
    port = _port(parts, authority)
    try:
        host = canonical_host(parts.hostname or "")
    except OddAddress:
        raise BadBaseUrl("number") from None
    except ValueError:
        raise BadBaseUrl("host") from None
    host = f"[{host}]" if ":" in host else host
    return host if port == _DEFAULT_PORTS[parts.scheme] else f"{host}:{port}"


def _port(parts: SplitResult, authority: str) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0 or authority.endswith(":"):
        raise BadBaseUrl("port")
    return port or _DEFAULT_PORTS[parts.scheme]


def _short_enough(url: str) -> str:
    if len(url) > MOST_CHARACTERS:
        raise BadBaseUrl("long")
    return url


def _origin(base_url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(base_url)
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
