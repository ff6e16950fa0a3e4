"""Typed readers for environment variables.

Each failure ends the start with one line that names the variable and a value that would do,
because the person who sees it has a shell open, not this file.
"""

import base64
import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")


class EnvironmentValueError(SystemExit):
    """A variable holds a value that will not do; the text is one line for the operator.

    An exit and not an error: settings are read by many entry points, and in none of them
    would a traceback help.
    """

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(f"{name} {wanted}")
        self.name = name


class Environment:
    """The process's variables. An empty value counts as not set; `NAME_FILE` names a file
    that holds a secret, as containers mount them."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def text(self, name: str, default: str = "") -> str:
        return self._values.get(name, "").strip() or default

    def secret(self, name: str) -> str:
        file = self.text(f"{name}_FILE")
        if not file:
            return self.text(name)
        if self.text(name):
            raise EnvironmentValueError(name, f"and {name}_FILE are both set: keep one of them")
        return _content(f"{name}_FILE", Path(file))

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name).lower()
        if not value:
            return default
        if value not in TRUE | FALSE:
            raise EnvironmentValueError(name, "must be 1 or 0")
        return value in TRUE

    def port(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and int(value) <= 65535):
            raise EnvironmentValueError(name, "must be a port from 0 to 65535, for example 8000")
        return int(value)

    def number(self, name: str, default: int, most: int = 10**9) -> int:
        """A whole number from 0 to `most`."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and len(value) < 12 and int(value) <= most):
            raise EnvironmentValueError(name, f"must be a whole number from 0 to {most}")
        return int(value)

    def words(self, name: str) -> list[str]:
        """Parts between commas, without the empty ones."""
        return _parts(self.text(name))

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of `choices`; the first is the default."""
        value = self.text(name, choices[0]).lower()
        if value not in choices:
            raise EnvironmentValueError(name, f"must be {' or '.join(choices)}")
        return value

    def time_zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if value not in available_timezones():
            raise EnvironmentValueError(name, "must be a time zone such as Europe/Berlin or UTC")
        return value

    def directory(self, name: str, default: Path) -> Path:
        """An absolute path, made with mode 700 where it was missing."""
        path = Path(self.text(name, str(default))).expanduser().absolute()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentValueError(
                name, f"must be a directory that can be written to ({error.strerror}: {path})"
            ) from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise EnvironmentValueError(name, f"must be a directory that can be written to: {path}")
        return path

    def hosts(self, name: str) -> list[str]:
        """Host names as Django's ALLOWED_HOSTS takes them: no scheme, no port, `*` for any."""
        hosts = self.words(name)
        for host in hosts:
            if host != "*" and not _is_host(host.removeprefix(".")):
                raise EnvironmentValueError(
                    name, "must be host names with commas between, for example chat.example.org"
                )
        return hosts

    def origins(self, name: str) -> list[str]:
        """Exact origins: scheme, host and, where it is not the usual one, a port."""
        origins = self.words(name)
        for origin in origins:
            if not _is_origin(origin):
                raise EnvironmentValueError(
                    name,
                    "must be origins with commas between, for example https://chat.example.org",
                )
        return origins

    def web_address(self, name: str) -> str:
        """An http or https address, or nothing."""
        value = self.text(name)
        if value and not _is_web_address(value):
            raise EnvironmentValueError(
                name, "must be an http or https address, for example https://api.openai.com/v1"
            )
        return value

    def redis_address(self, name: str) -> str:
        """Where a Redis is, or nothing."""
        value = self.text(name)
        if value and not _is_redis_address(value):
            raise EnvironmentValueError(
                name, "must be redis://host:6379/0, rediss://host:6379/0 or unix:///path/to/socket"
            )
        return value


def key_ring(name: str, text: str) -> list[str]:
    """Keys of 32 bytes in urlsafe base64 between commas, the first of them the one that
    encrypts. `name` is the variable to blame."""
    keys = _parts(text)
    if not keys or not all(map(_is_key, keys)):
        raise EnvironmentValueError(
            name,
            "must be keys of 32 bytes in urlsafe base64 with commas between; "
            "openssl rand -base64 32 | tr +/ -_ makes one",
        )
    return keys


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _content(name: str, path: Path) -> str:
    try:
        content = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentValueError(name, f"must name a file that can be read: {path}") from error
    if not content:
        raise EnvironmentValueError(name, f"names an empty file: {path}")
    return content


def _is_host(host: str) -> bool:
    if host.startswith("[") and host.endswith("]"):
        try:
            return ipaddress.ip_address(host[1:-1]).version == 6
        except ValueError:
            return False
    return HOST_NAME.fullmatch(host) is not None


def _is_origin(origin: str) -> bool:
    if not _is_web_address(origin):
        return False
    parts = urlsplit(origin)
    bare = f"{parts.scheme}://{parts.netloc}" == origin.lower()
    host = parts.netloc.removesuffix(f":{parts.port}")
    return bare and _is_host(host)


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_redis_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme == "unix":
        return bool(parts.path)
    database = parts.path.strip("/")
    is_number = not database or (database.isascii() and database.isdigit())
    return parts.scheme in {"redis", "rediss"} and bool(parts.hostname) and is_number


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text.encode(), altchars=b"-_", validate=True)) == 32
    except ValueError:  # binascii's own error is one too
        return False
