"""What a service complains about: the message and codes in an error body of whatever shape."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MESSAGE_KEYS = ("message", "msg", "detail", "err", "error_msg")
# Where a service writes that there is nothing to write.
_NOTHING = frozenset({"None", "null"})
# Beginnings and ends apart: a pattern of both looks through the whole page once for each beginning.
_HIDDEN = re.compile(r"<(script|style|head)\b|<!--", re.IGNORECASE)
_HIDDEN_ENDS = {
    "": re.compile(r"-->"),
    **{name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "head")},
}
_TITLE = re.compile(r"<title\b", re.IGNORECASE)
_TITLE_END = re.compile(r"</title", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
MOST_TEXT = 16 * 1024


@dataclass(frozen=True, slots=True)
class Complaint:
    """`status` is the one that an error names itself, inside a response of status 200."""

    message: str
    code: str = ""
    type: str = ""
    param: str = ""
    status: int | None = None
    retry_delay: str = ""


def complaint_in(value: object) -> Complaint | None:
    """The complaint of a JSON value that says itself that it is one."""
    if isinstance(value, list):
        first = value[0] if value else None
        return complaint_in(first) if isinstance(first, dict) and "error" in first else None
    if not isinstance(value, dict):
        return None
    error = value.get("error")
    if isinstance(error, dict) and error:
        return _read(error, value)
    if isinstance(error, str) and error:
        return _read({**value, "message": error}, {})
    if value.get("object") == "error" or value.get("type") == "error":
        return _read(value, {})
    if value.get("error_code") and "text" in value:
        return _read({"message": value["text"], "code": value["error_code"]}, {})
    if value.get("error_type") or value.get("error_message"):
        told = {"message": value.get("error_message"), "type": value.get("error_type")}
        return _read({**value, **told}, {})
    return None


def complaint_told(value: object) -> Complaint | None:
    """The complaint of a whole body that is no answer, if it says something where some do."""
    if found := complaint_in(value):
        return found
    if isinstance(value, str):
        return Complaint(_text(value)) if value.strip() else None
    if not isinstance(value, dict):
        return None
    return _in_detail(value) or (_read(value, {}) if _message(value) else None)


def complaint_of_body(value: object) -> Complaint:
    """The complaint of a whole body that is known to be one: if need be the body itself."""
    if found := complaint_told(value):
        return found
    return _read(value, {}) if isinstance(value, dict) else Complaint(_text(value))


def complaint_of_text(text: str) -> Complaint:
    """The complaint of a body that is no JSON: markup is never shown, only its words."""
    text = text[:MOST_TEXT]
    if "<" in text and (named := _words(_title(text))):
        body = _words(_without_hidden(text))
        return Complaint(body if named in body else f"{named} {body}".strip())
    return Complaint(_words(text) if text.lstrip().startswith("<") else text.strip())


def _title(text: str) -> str:
    """Of the first of its kind, '' where there is none or where it has no end."""
    beginning = _TITLE.search(text)
    start = text.find(">", beginning.end()) if beginning else -1
    end = _TITLE_END.search(text, start) if start >= 0 else None
    return text[start + 1 : end.start()] if end else ""


def _without_hidden(text: str) -> str:
    """Without what a browser would not show; what has no end is left."""
    shown, start, endless, position = [], 0, set(), 0
    while beginning := _HIDDEN.search(text, position):
        position = beginning.end()
        name = (beginning[1] or "").lower()
        if name in endless:
            continue
        if end := _HIDDEN_ENDS[name].search(text, position):
            shown.append(text[start : beginning.start()])
            start = position = end.end()
        else:
            endless.add(name)
    return " ".join([*shown, text[start:]])


def _in_detail(value: dict[str, Any]) -> Complaint | None:
    """FastAPI's, which is a text, a list of what does not fit, or wraps an error once more."""
    detail = value.get("detail")
    if found := complaint_in(detail):
        return found
    if isinstance(detail, dict) and _message(detail):
        return _read(detail, value)
    return _read({**value, "message": detail}, {}) if _text(detail) else None


def _read(error: dict[str, Any], around: dict[str, Any]) -> Complaint:
    code = _text(error.get("code") or around.get("code"))
    kind = _named(error.get("type"))
    return Complaint(
        message=_with_raw(_message(error), error) or code or kind or _text(error),
        code=code,
        type=" ".join(filter(None, (kind, _status_word(error), *_reasons(error.get("details"))))),
        param=_named(error.get("param")),
        status=_status(error.get("status_code")) or _status(error.get("code")),
        retry_delay=_retry_delay(error.get("details")),
    )


def _message(error: dict[str, Any]) -> str:
    return next((text for key in MESSAGE_KEYS if (text := _text(error.get(key)))), "")


def _named(value: object) -> str:
    text = _text(value)
    return "" if text in _NOTHING else text


def _with_raw(message: str, error: dict[str, Any]) -> str:
    """OpenRouter says what happened in the text of the service behind it."""
    metadata = error.get("metadata")
    raw = _text(metadata.get("raw")) if isinstance(metadata, dict) else ""
    return f"{message}: {raw}" if raw else message


def _status_word(error: dict[str, Any]) -> str:
    status = error.get("status")
    return status if isinstance(status, str) else ""


def _status(value: object) -> int | None:
    text = _text(value)
    return int(text) if re.fullmatch(r"[45]\d\d", text, re.ASCII) else None


def _retry_delay(details: object) -> str:
    """Google's: {"@type": ".../google.rpc.RetryInfo", "retryDelay": "34.4s"}."""
    return next(_in_details(details, "retryDelay"), "")


def _reasons(details: object) -> Iterator[str]:
    """Google's: {"@type": ".../google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}."""
    return _in_details(details, "reason")


def _in_details(details: object, name: str) -> Iterator[str]:
    found = details if isinstance(details, list) else []
    return (text for each in found if isinstance(each, dict) and (text := _text(each.get(name))))


def _text(value: object) -> str:
    """A value as text; objects as JSON, since some services put the reason in one."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value[:MOST_TEXT].strip()
    if not value:
        return ""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))[:MOST_TEXT]


def _words(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
