"""Conversations that come in as a file and go out again, five thousand at a time."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tests.bench.figures import Figure, median
from tests.bench.markdown import MARK, document
from tests.bench.stage import Stage

CONVERSATIONS, TURNS = 5000, 1
LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Moved:
    """Megabytes of the file, seconds until the end, CPU seconds of the server, and the megabytes
    that it has grown by."""

    size: float
    seconds: float
    cpu_s: float
    grown: float


def figures(stage: Stage, reps: int) -> list[Figure]:
    cookies = {"sessionid": stage.sessions[0]}
    origin = {"Origin": stage.site.url.rstrip("/")}
    found: list[Figure] = []
    with httpx.Client(
        base_url=stage.site.url, cookies=cookies, headers=origin, timeout=300
    ) as client:
        came = [_measured(stage, _bringing(client, number)) for number in range(reps)]
        went = [_measured(stage, lambda: _take_out(client)) for _ in range(reps)]
    for name, moved in (("import", came), ("export", went)):
        about, messages = f"{name} of {CONVERSATIONS:,} conversations", 2 * CONVERSATIONS * TURNS
        found += [
            Figure(
                f"{about}: messages in a second", "", [median(messages / m.seconds for m in moved)]
            ),
            Figure(f"{about}: CPU of a MB", "ms", [median(m.cpu_s / m.size for m in moved) * 1000]),
            Figure(f"{about}: memory", "MB", [max(m.grown for m in moved)], most=60),
        ]
    return found


def _measured(stage: Stage, move: Callable[[], int]) -> Moved:
    """`move` gives back the bytes of the file."""
    cpu_s, memory, began = stage.site.cpu_s(), stage.site.rss_mb(), time.perf_counter()
    size = move()
    seconds = time.perf_counter() - began
    grown = stage.site.rss_mb() - memory
    return Moved(size / 1e6, seconds, stage.site.cpu_s() - cpu_s, grown)


def _bringing(client: httpx.Client, number: int) -> Callable[[], int]:
    """No file says what another one does: it would be known."""
    answer = document(600).replace(MARK, "")
    content = "\n".join(
        json.dumps({"title": f"Brought {chat}", "messages": _turns(f"{number}-{chat}", answer)})
        for chat in range(CONVERSATIONS)
    ).encode()
    return lambda: _bring(client, content)


def _turns(name: str, answer: str) -> list[dict[str, str]]:
    roles = (("user", f"Question {name}"), ("assistant", answer))
    return [{"role": role, "content": text} for role, text in roles * TURNS]


def _bring(client: httpx.Client, content: bytes) -> int:
    page = client.get("data/").text
    action = _found(r'action="(/data/import/[^"]+)"', page)
    token = _found(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"', page)
    fields, file = {"csrfmiddlewaretoken": token}, {"file": ("chats.jsonl", content)}
    job = client.post(action, data=fields, files=file).headers["Location"]
    while (state := _found(r'data-state="(\w+)"', client.get(job).text)) in ("waiting", "running"):
        time.sleep(LOOK_EVERY_S)
    assert state == "done", state
    return len(content)


def _take_out(client: httpx.Client) -> int:
    with client.stream("GET", "data/export/json/") as response:
        response.raise_for_status()
        return sum(map(len, response.iter_bytes()))


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found
    return found[1]
