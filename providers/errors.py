"""Everything that can go wrong with a service, as one error.

    UpstreamError, told apart by its kind
    |- the request: bad_request (context_too_long), content_filter, not_found
    |- the account: auth, permission, billing
    |- the moment:  rate_limit, overloaded, no_channel, timeout
    `- the service: upstream (unreachable), protocol

A kind in brackets is a special case with words of its own; `family` is the kind it belongs to.
Beside its kind an error may show that the base URL is wrong: see `WrongBase`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class ErrorKind(StrEnum):
    BAD_REQUEST = "bad_request"
    CONTEXT_TOO_LONG = "context_too_long"
    CONTENT_FILTER = "content_filter"
    NOT_FOUND = "not_found"
    AUTH = "auth"
    PERMISSION = "permission"
    BILLING = "billing"
    RATE_LIMIT = "rate_limit"
    OVERLOADED = "overloaded"
    NO_CHANNEL = "no_channel"
    TIMEOUT = "timeout"
    UPSTREAM = "upstream"
    UNREACHABLE = "unreachable"
    PROTOCOL = "protocol"

    @property
    def family(self) -> "ErrorKind":
        """The kind as scripts know it: `ask --json` tells no special cases."""
        return _FAMILIES.get(self, self)

    @property
    def is_retryable(self) -> bool:
        """Whether the same request may succeed later, with nothing changed."""
        return self in _PASSING


_FAMILIES = {
    ErrorKind.CONTEXT_TOO_LONG: ErrorKind.BAD_REQUEST,
    ErrorKind.UNREACHABLE: ErrorKind.UPSTREAM,
}
_PASSING = frozenset(
    {
        ErrorKind.RATE_LIMIT,
        ErrorKind.OVERLOADED,
        ErrorKind.TIMEOUT,
        ErrorKind.UPSTREAM,
        ErrorKind.UNREACHABLE,
    }
)


class Sign(StrEnum):
    """By what a response shows that it does not come from where the service is."""

    PAGE = "page"
    DOUBLED = "doubled"
    NO_SUCH_PATH = "no_such_path"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class WrongBase:
    """`suggestion` is a base URL in its normal form, '' where none comes to mind."""

    sign: Sign
    suggestion: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Self | None:
        """From its fields as they were stored; None for nothing."""
        return cls(Sign(stored["sign"]), stored["suggestion"]) if stored else None


class UpstreamError(Exception):
    """A service did not answer as asked.

    `detail` is the service's own text, cut and with keys masked: data, to be escaped when shown.
    `param` is the request's field that it complains about. `status` is None without a response.
    `wrong_base` is what the exchange saw when the error left it.
    """

    def __init__(
        self,
        kind: ErrorKind,
        detail: str = "",
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail
        self.status = status
        self.retry_after_s = retry_after_s
        self.param = param
        self.wrong_base: WrongBase | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else str(self.kind)
