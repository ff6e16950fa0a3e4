"""Where a service is reached: its base URL as it will be used, its key, its time limits."""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

# What people paste along with the base: the address of one of its functions.
_FUNCTIONS = re.compile(
    r"/(chat/completions|completions|models|embeddings|images/(generations|edits)"
    r"|audio/(transcriptions|speech))$"
)


class BadBaseUrl(ValueError):
    """Not an address that can be asked. `reason` is one of REASONS."""

    REASONS = ("empty", "scheme", "host", "port", "credentials", "query")

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds. The first byte may take long: a cold local model is read from disk first."""

    connect: float = 10.0
    first_byte: float = 300.0
    idle: float = 120.0
    total: float = 3600.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A service as it is asked; the key is in no `repr`, and so in no log and no traceback."""

    base_url: str
    key: str = field(default="", repr=False)
    name: str = ""
    limits: TimeLimits = field(default_factory=TimeLimits)

    def url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"


def normalise_base_url(text: str) -> str:
    """The base URL as it is stored and shown; BadBaseUrl when it cannot be one.

    Blanks, trailing slashes and a pasted function's path are taken off. A host without a path
    gets `/v1`, as nearly every service has it; a path that is given stays as it is.
    """
    text = re.sub(r"\s+", "", text).rstrip("/")
    if not text:
        raise BadBaseUrl("empty")
    parts = _split(text if "://" in text else f"{_scheme_for(text)}://{text}")
    path = _FUNCTIONS.sub("", re.sub(r"/{2,}", "/", parts.path)).rstrip("/") or "/v1"
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def same_host(one: str, other: str) -> bool:
    """Whether two base URLs lead to the same scheme, host and port."""
    return _origin(one) == _origin(other)


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadBaseUrl("port") from None
    if parts.scheme not in ("http", "https"):
        raise BadBaseUrl("scheme")
    if parts.username is not None or parts.password is not None:
        raise BadBaseUrl("credentials")
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise BadBaseUrl("query")
    if port == 0 or parts.netloc.endswith(":"):
        raise BadBaseUrl("port")
    if not _is_host(parts.hostname or ""):
        raise BadBaseUrl("host")
    return parts


def _is_host(host: str) -> bool:
    if ":" in host:
        return _address(host) is not None
    return bool(host) and not re.search(r"[^\w.-]", host) and len(host) <= 253


def _scheme_for(text: str) -> str:
    """A name without a scheme is asked over TLS, unless it is this machine or this network."""
    host = text.split("/")[0].rpartition(":")[0] or text.split("/")[0]
    address = _address(host.strip("[]"))
    is_near = address.is_private if address else host == "localhost" or "." not in host
    return "http" if is_near else "https"


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _origin(base_url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(base_url)
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
