"""A route by a name that a user may see."""

from urllib.parse import urlsplit

from providers.endpoint import Endpoint

HINT_LENGTH = 4


def route_label(route: Endpoint) -> str:
    """Its name, its host, and of its key the end: "Relay, api.example.org, …f3a9"."""
    host = urlsplit(route.base_url).netloc.rpartition("@")[2]
    # Of a short key the hint would give away too much.
    hint = f"…{route.key[-HINT_LENGTH:]}" if len(route.key) >= 3 * HINT_LENGTH else ""
    return ", ".join(dict.fromkeys(filter(None, (route.name, host, hint))))
