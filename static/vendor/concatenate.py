"""Joins htmx and its websocket extension into the one file that pages load.

Two deferred scripts lose a race: htmx starts before the extension is there and then opens no
socket. Run it after replacing either part: `python static/vendor/concatenate.py`.
"""

from pathlib import Path

HTMX = Path(__file__).parent / "htmx-4.0.1"
PARTS = ("htmx.min.js", "ext/hx-ws.min.js")
WHOLE = HTMX / "htmx-with-ws.js"


def whole() -> bytes:
    return b"\n".join((HTMX / part).read_bytes().rstrip() for part in PARTS) + b"\n"


if __name__ == "__main__":
    WHOLE.write_bytes(whole())
