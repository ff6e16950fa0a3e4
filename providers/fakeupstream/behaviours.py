"""What a service does that is scripted by name: the model's name is the behaviour."""

import json
import re
from collections.abc import Callable
from typing import Any

from providers.fakeupstream.journal import Received
from providers.fakeupstream.responses import (
    EVENT_STREAM,
    answer,
    chunk,
    delta,
    error,
    finish,
    image,
    models,
    response,
)
from providers.fakeupstream.script import CUT, HANG, HOLD, Script

FAILURES = ("cut", "html", "error-401", "error-404", "error-429", "error-500")
# Of a name with numbers, which may be any, an example.
SLOW = ("slow-40x50", "slow-200x50", "emphasis-40x50", "held-20x20")
PLAIN = ("echo", "history", "narrow", "markdown", "image", "thoughtful")
NAMES = (*PLAIN, *SLOW, "count-40x50", *FAILURES)
# A board of red and white squares.
IMAGE = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAZElEQVR42u3ZsQkAIAwEwExi7f5TOJOVM3xA"
    "ELyQ+smVT2qHs8aM9nZ+AQAAAAAAAAAAAAC0Aa8dlOYDAAAAAAAAAAAAAPQBGhkAAAAAAAAAAACA/4BGBgAA"
    "AAAAAAAAAPAd4ABB8uHSd/YxMQAAAABJRU5ErkJggg=="
)
MARKDOWN = """# A heading

Some **bold** words, a [link](https://example.org/page) and `code`.

- first
- second
  - nested

| name | value |
| --- | ---: |
| one | 1 |

```python
def greet(name: str) -> str:
    return f"hello {name}"
```

最后一段**中文**。
"""


def behave(received: Received) -> Script:
    """The list of the behaviours, or the one of that name; of an unknown name, an echo."""
    if received.path.endswith("/models"):
        return [models(*NAMES)]
    if match := re.fullmatch(r"(slow|emphasis|held)-(\d+)x(\d+)", received.model):
        mark = "*" if match[1] == "emphasis" else ""
        last = [HOLD] if match[1] == "held" else []
        return _slowly(int(match[2]), int(match[3]) / 1000, mark, last=last)
    if match := re.fullmatch(r"count-(\d+)x(\d+)", received.model):
        return _slowly(int(match[1]), int(match[2]) / 1000, first=_counted(received))
    if match := re.fullmatch(r"error-(\d{3})", received.model):
        return [error(int(match[1]), "scripted failure")]
    asked = received.body if isinstance(received.body, dict) else {}
    messages = asked.get("messages") or [{"content": ""}]
    return BEHAVIOURS.get(received.model, BEHAVIOURS["echo"])(messages)


BEHAVIOURS: dict[str, Callable[[list[dict[str, Any]]], Script]] = {
    "echo": lambda messages: answer(str(messages[-1]["content"])),
    "history": lambda messages: answer(
        "```json\n", json.dumps(messages, indent=1, ensure_ascii=False), "\n```\n"
    ),
    # Whose window is full after six messages.
    "narrow": lambda messages: (
        [error(400, "The maximum context length is exceeded.", "context_length_exceeded")]
        if len(messages) > 6
        else answer(str(messages[-1]["content"]))
    ),
    "markdown": lambda _: [
        EVENT_STREAM,
        *(part for piece in re.findall(r"[\s\S]{1,12}", MARKDOWN) for part in (chunk(piece), 0.02)),
        finish(),
        CUT,
    ],
    "cut": lambda _: [EVENT_STREAM, chunk("The first half, "), 0.3, chunk("and then"), 0.3, CUT],
    "html": lambda _: [response(200, "text/html", b"<!doctype html><title>Relay</title>")],
    "image": lambda _: [EVENT_STREAM, chunk("Here it is:"), 0.3, image(IMAGE), finish(), CUT],
    "thoughtful": lambda _: [
        EVENT_STREAM,
        *(part for _ in range(5) for part in (delta(reasoning_content="Let me see. "), 0.6)),
        chunk("There it is."),
        finish(),
        CUT,
    ],
    "hang": lambda _: [EVENT_STREAM, HANG],
}


def _slowly(words: int, pause: float, mark: str = "", first: int = 0, last: Script = ()) -> Script:
    """Plain words only make the last text longer; marked ones are rendered anew each time."""
    yield EVENT_STREAM
    for number in range(first, words):
        yield chunk(f"{mark}word{number}{mark} ")
        yield pause
    yield from last
    yield finish()
    yield CUT


def _counted(received: Received) -> int:
    """How many words an answer that is to be continued has."""
    asked = received.body if isinstance(received.body, dict) else {}
    roles = [(message["role"], str(message["content"])) for message in asked.get("messages", [])]
    begun = roles[-2][1] if len(roles) > 1 and roles[-2][0] == "assistant" else ""
    return len(begun.split())
