"""The scripted service of the fault tests: the question says how the answer comes.

`100 words 20 ms apart`; with `then stall` or `then cut` at its end, it never ends, or breaks off.
Each word holds its place and the time at which it was sent.
"""

import re
import time

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
    if found := ASKED.fullmatch(str(received.body["messages"][-1]["content"])):
        return _said(int(found[1]), int(found[2]) / 1000, found[3])
    return [error(400, "not a question of the fault tests")]


def _said(count: int, pause: float, end: str | None) -> Script:
    yield EVENT_STREAM
    for place in range(count):
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
