"""A route by a name that a user may see, and a key by what may be seen of it."""

import re
from urllib.parse import urlsplit

from providers.endpoint import Endpoint

HINT_LENGTH = 4
_HINT = re.compile(rf", ….{{{HINT_LENGTH}}}\Z")


def route_label(route: Endpoint) -> str:
    """Its name, its host, which of several keys, and its end: "Relay, api.example.org, #2, …f3a9".

    The end is for staff: `without_hint` is for all others.
    """
    host = urlsplit(route.base_url).netloc.rpartition("@")[2]
    number = f"#{route.key_number}" if route.key_number else ""
    hint = f"…{hint}" if (hint := hint_of(route.key)) else ""
    return ", ".join(dict.fromkeys(filter(None, (route.name, host, number, hint))))


def without_hint(label: str) -> str:
    return _HINT.sub("", label)


def hint_of(key: str) -> str:
    """Its last characters; '' for a short one, of which they would give away too much."""
    return key[-HINT_LENGTH:] if len(key) >= 3 * HINT_LENGTH else ""
