"""How long a route that failed is asked only if there is no other."""

from providers.errors import ErrorKind, UpstreamError

SHORT_S = 5.0
LONGEST_S = 600.0
# A date far ahead may be nonsense; after this the route may show whether it was.
LONGEST_TOLD_S = 3600.0
# Every route would say the same, and none of them did anything wrong.
OF_THE_REQUEST = frozenset(
    {ErrorKind.BAD_REQUEST, ErrorKind.CONTENT_FILTER, ErrorKind.CONTEXT_TOO_LONG}
)

# Another model may be had at the same route.
_OF_THE_MODEL = frozenset(
    {ErrorKind.NOT_FOUND, ErrorKind.PERMISSION, ErrorKind.NO_CHANNEL, ErrorKind.RATE_LIMIT}
)

_FIRST_S = {
    # Somebody has to do something first.
    ErrorKind.AUTH: LONGEST_S,
    ErrorKind.BILLING: LONGEST_S,
    ErrorKind.RATE_LIMIT: 20.0,
}


def is_of_model(error: UpstreamError) -> bool:
    """Not where it is the address that is not found."""
    return error.kind in _OF_THE_MODEL and error.wrong_base is None


def cool_down(kind: ErrorKind, failures: int, told_s: float | None = None) -> float:
    """Seconds, after so many failures in a row; 0 if the route did nothing wrong."""
    if kind in OF_THE_REQUEST:
        return 0.0
    if told_s:
        return min(told_s, LONGEST_TOLD_S)
    doublings = min(max(failures - 1, 0), 30)
    return min(LONGEST_S, _FIRST_S.get(kind, SHORT_S) * 2.0**doublings)
