"""The scripted service of the fault tests: the question says how the answer comes.

`100 words 20 ms apart`; with `then stall` or `then cut` at its end, it never ends, or breaks off.
Each word holds its place and the time at which it was sent. Asked to continue an answer, it says
the words that are not there yet.
"""

import re
import time

from conversations.continuing import GO_ON
from providers.fakeupstream.journal import Received
from providers.fakeupstream.responses import EVENT_STREAM, chunk, error, finish, models
from providers.fakeupstream.script import CUT, HANG, RESET, Script

MODEL = "words"
ASKED = re.compile(r"(\d+) words (\d+) ms apart(?: then (\w+))?")
WORD = re.compile(r"w(\d+)-(\d{19})")
ENDS = {"stall": HANG, "cut": CUT, "reset": RESET}


def words(received: Received) -> Script:
    if received.path.endswith("/models"):
        return [models(MODEL)]
    said = [str(message["content"]) for message in received.body["messages"]]
    is_continued = said[-1] == GO_ON
    question, before = (said[-3], said[-2]) if is_continued else (said[-1], "")
    if found := ASKED.fullmatch(question):
        rest = range(len(WORD.findall(before)), int(found[1]))
        return _said(rest, int(found[2]) / 1000, found[3])
    return [error(400, "not a question of the fault tests")]


def _said(rest: range, pause: float, end: str | None) -> Script:
    yield EVENT_STREAM
    for place in rest:
        yield chunk(f"w{place}-{time.time_ns()} ")
        yield pause
    if end:
        yield ENDS[end]
    yield finish()
    yield CUT


def places(text: str) -> list[int]:
    """The places of the words that stand there; anything else there is an error."""
    assert not WORD.sub("", text).strip(), f"not only words: {text[-200:]!r}"
    return [int(place) for place, _ in WORD.findall(text)]


def is_start(text: str) -> bool:
    """Whether these are the first words, each once and in order, the last one perhaps cut."""
    found = places(text[: text.rfind(" ") + 1])
    return found == list(range(len(found)))
