"""Log lines that stay one line, whatever a name or an address in them holds."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest

CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
# What a line about a request has beside its words.
FIELDS = ("method", "route", "status", "ms", "user")
# Below it the address itself opens what it leads to: no log tells it.
UNTOLD = "/s/"
# Of the request that is being answered here, for every line that is written meanwhile.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


class OneLineFormatter(logging.Formatter):
    """Escapes control characters in the message, so that no input can forge a second line or
    steer the terminal that shows it. A traceback below it keeps its lines. Where the record is
    about a request, the line tells the id that the error page shows."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        if getattr(getattr(record, "request", None), "path", "").startswith(UNTOLD):
            record.message = _without_path(record)
        line = super().formatMessage(record).translate(CONTROL)
        if request_id := _request_id(record):
            line += f" [request {request_id}]"
        return line


class JsonFormatter(logging.Formatter):
    """A line is one JSON object, its traceback included. Of an address it tells the pattern that
    fitted and not what was typed."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _without_path(record),
        }
        if request_id := _request_id(record):
            entry["request_id"] = request_id
        entry.update((name, getattr(record, name)) for name in FIELDS if hasattr(record, name))
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, such as `/c/<uuid:conversation_id>/`; `other` for static
    files and for what is no address of the site."""
    found = getattr(request, "resolver_match", None)
    return f"/{found.route}" if found else "other"


def _request_id(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    return str(getattr(request, "META", {}).get("REQUEST_ID") or REQUEST_ID.get())


def _without_path(record: logging.LogRecord) -> str:
    request, args = getattr(record, "request", None), record.args
    if not isinstance(request, HttpRequest) or not isinstance(args, tuple):
        return record.getMessage()
    shown = route_of(request)
    return str(record.msg) % tuple(shown if arg == request.path else arg for arg in args)
