"""The line and the count that each answer of the site gets."""

import logging

from conversations import metrics

access = logging.getLogger("chatsite.access")


def note(*, method: str, route: str, status: int, seconds: float, user: int | None) -> None:
    """By whom, to which pattern of address, how and how long; never the address itself, which may
    hold what nobody else should read."""
    metrics.PAGES.labels(route).observe(seconds)
    metrics.RESPONSES.labels(status).inc()
    fields = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user": user,
    }
    access.info("%s %s %d", method, route, status, extra=fields)
