"""The signs that a base URL is wrong, read from a response, and the base URL to try instead.

Nothing is asked and nothing is changed here: a suggestion stays on the same host, because a key
must not go to another one, and it is for the user to take.
"""

import json
import re
from urllib.parse import urljoin, urlsplit

from providers.complaint import complaint_of_body
from providers.endpoint import DOUBLED, BadBaseUrl, normalise_base_url, same_host
from providers.errors import Sign, WrongBase
from providers.presets import preset_for

MOST_BYTES = 64 * 1024
# "Invalid URL (POST /v1/v1/models)", "Unexpected endpoint or method. (GET /models)"
_ASKED = re.compile(r"\((?:GET|POST) (/[^\s)]*)")
_VERSION = re.compile(r"/v\d+\w*(/|$)")
_NO_SUCH_PATH = re.compile(
    r"invalid url|unexpected endpoint|^not found$|resource not found|cannot (get|post) /"
    r"|no route|unknown (request )?(url|endpoint|path)|page not found",
    re.IGNORECASE,
)


def wrong_base(base_url: str, status: int, body: bytes, *, location: str = "") -> WrongBase | None:
    """What a response of any function says about the base URL; None if nothing.

    `body` may be its beginning, `location` is the header of that name.
    """
    text = body[:MOST_BYTES].decode("utf-8-sig", "replace").strip()
    if 300 <= status < 400:
        return WrongBase(Sign.MOVED, _usable(_moved(base_url, location), base_url))
    if status >= 400 and DOUBLED.search(urlsplit(base_url).path):
        return WrongBase(Sign.DOUBLED, _usable(DOUBLED.sub(r"\1", base_url), base_url))
    if text.startswith("<"):
        # Pages of other statuses come from the proxies in front of a right address.
        is_sign = status < 300 or status in (404, 405)
        return WrongBase(Sign.PAGE, _better(base_url)) if is_sign else None
    message = _message(status, text)
    if _is_no_such_path(status, text, message):
        asked = _ASKED.search(message)
        doubled = asked and DOUBLED.search(asked[1])
        return WrongBase(Sign.DOUBLED if doubled else Sign.NO_SUCH_PATH, _better(base_url))
    return None


def _is_no_such_path(status: int, text: str, message: str) -> bool:
    """Of an address, not of a model: that is a 404 as well. LM Studio says it with a 200."""
    if _NO_SUCH_PATH.search(message):
        return status < 300 or status in (404, 405)
    return status in (404, 405) and not text


def _message(status: int, text: str) -> str:
    """An answer is no complaint, whatever words are in it."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text if status >= 400 else ""
    is_answer = isinstance(value, dict) and ("choices" in value or "data" in value)
    return "" if is_answer else complaint_of_body(value).message


def _better(base_url: str) -> str:
    """Where the service of this host is known to live, else the host with `/v1`."""
    parts = urlsplit(base_url)
    preset = preset_for(base_url)
    if preset and (known := _usable(preset.base_url_at(base_url), base_url)):
        return known
    if _VERSION.search(parts.path):
        return ""
    return _usable(f"{parts.scheme}://{parts.netloc}/v1", base_url)


def _moved(base_url: str, location: str) -> str:
    """Only from http to https, or to another path of the same host."""
    try:
        told = normalise_base_url(urljoin(base_url, location))
    except ValueError:
        return ""
    ways = base_url, base_url.replace("http://", "https://", 1)
    return told if any(same_host(way, told) for way in ways) else ""


def _usable(suggestion: str, base_url: str) -> str:
    try:
        normal = normalise_base_url(suggestion)
    except BadBaseUrl:
        return ""
    return normal if normal != base_url.rstrip("/") else ""
