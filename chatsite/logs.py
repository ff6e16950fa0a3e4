"""Log lines that stay one line, whatever a name or an address in them holds."""

import logging

CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


class OneLineFormatter(logging.Formatter):
    """Escapes control characters in the message, so that no input can forge a second line or
    steer the terminal that shows it. A traceback below it keeps its lines. Where the record is
    about a request, the line tells the id that the error page shows."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        line = super().formatMessage(record).translate(CONTROL)
        request = getattr(record, "request", None)
        if request_id := getattr(request, "META", {}).get("REQUEST_ID"):
            line += f" [request {request_id}]"
        return line
