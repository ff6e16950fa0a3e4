"""A message in each state that it can be in."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conversations.models.generation import State
from conversations.models.message import Role
from conversations.models.summary import SummaryState
from conversations.pictures import ShownPicture
from conversations.rendering.markdown import render
from conversations.summary_card import SummaryCard
from conversations.turns import Turn
from conversations.versions import Versions
from providers.errors import ErrorKind
from providers.words import words

NOWHERE = "#"
MODEL = "Example 70B"
RICH = """# A heading of the first rank

A paragraph with **strong**, *emphasised* and `code` words, a
[link](https://example.org/page), a formula $a^2 + b^2 = c^2$ and a mark.[^1] 中文和 English
混排时**留白**自然，标点**不挤**。

## Lists

1. first
2. second
   - nested
- [x] done
- [ ] open

> What somebody else said, in a paragraph of its own.

### A table

| kind | seconds | remark |
| --- | ---: | --- |
| first | 0.25 | short |
| second | 12.5 | a remark that takes somewhat more room than the others |

```python
def greet(name: str) -> str:  # says hello
    return f"hello {name}, and a line that is longer than any column is wide, so that it scrolls"
```

```mermaid
graph LR;
  A[Question] --> B[Answer];
```

$$\\int_0^1 x^2 \\, dx = \\frac{1}{3}$$

---

[^1]: The note, where it was written.
"""
THOUGHTS = "Let me see.\nThere are two ways, and the second is shorter."


@dataclass(frozen=True, slots=True)
class Specimen:
    """One state, by the name that a developer calls it."""

    name: Promise | str
    turn: Turn


def specimens() -> list[Specimen]:
    states: list[tuple[Promise, dict[str, Any]]] = [
        (_("Everything an answer may hold"), {"text": RICH}),
        (_("Waiting for the first word"), {"state": State.RUNNING, "text": ""}),
        (_("Thinking"), {"state": State.RUNNING, "text": "", "reasoning": THOUGHTS}),
        (_("Growing"), {"state": State.RUNNING, "text": "A sentence that goes on and"}),
        (_("With thoughts"), {"text": "The second way.", "reasoning": THOUGHTS}),
        (_("With images"), {"text": "Here it is:", "pictures": _pictures()}),
        (_("By another route"), {"text": "It worked.", **_route()}),
        (_("Stopped"), {"state": State.STOPPED, "continue_url": NOWHERE}),
        (_("Cut at its length"), {"is_cut": True, "continue_url": NOWHERE}),
        (_("Interrupted"), {"state": State.INTERRUPTED, "continue_url": NOWHERE}),
        (_("Failed"), {"state": State.FAILED, "text": "", **_failure()}),
        (_("Empty"), {"text": "", "tokens": 0}),
        (_("Several versions"), {"versions": _VERSIONS}),
        (_("With a summary"), {"summary": _summary(SummaryState.MADE)}),
        (_("With a summary that failed"), {"summary": _summary(SummaryState.FAILED)}),
        (_("Being summarised"), {"summary": _summary(SummaryState.MAKING)}),
    ]
    question = Turn("q", "m-q", Role.USER, _QUESTION, SafeString(), "", "", "", timezone.now())
    question = replace(question, versions=_VERSIONS, address=NOWHERE)
    made = [Specimen(name, answer(str(at), **told)) for at, (name, told) in enumerate(states)]
    return [Specimen(_("Question"), question), *made]


def answer(pk: str, **told: Any) -> Turn:
    """A complete answer; `told` is what is different."""
    text = told.setdefault("text", "The beginning of an answer that has no end,")
    made = Turn(
        id=pk,
        dom_id=f"m-{pk}",
        role=Role.ASSISTANT,
        text=text,
        done_html=render(text),
        state=State.COMPLETE,
        model_name=MODEL,
        reasoning="",
        created_at=timezone.now(),
        tokens=412,
        cost="$0.0021",
        seconds=8.2,
        speed=50.0,
        address=NOWHERE,
        retry_url=NOWHERE,
        text_url=NOWHERE,
    )
    return replace(made, **told)


def _failure() -> dict[str, Any]:
    return {
        "error": words(ErrorKind.RATE_LIMIT),
        "error_detail": "429: requests per minute exceeded",
        "tokens": None,
        "cost": "",
    }


def _summary(state: str) -> SummaryCard:
    card = SummaryCard(UUID(int=1), f"m-{state}-summary", state, "")
    if state == SummaryState.FAILED:
        return replace(card, failure=words(ErrorKind.RATE_LIMIT).message)
    return replace(card, text=THOUGHTS, model_name=MODEL, is_edited=True)


def _route() -> dict[str, Any]:
    tried = ["Example, api.example.org: The service is overloaded."]
    route = "Example, backup.example.org"
    return {"route": route, "staff_route": f"{route}, …f3a9", "tried": tried, "staff_tried": tried}


def _pictures() -> list[ShownPicture]:
    return [
        ShownPicture(1, src=_DRAWING),
        ShownPicture(2, url="https://example.org/image.png", host="example.org"),
        ShownPicture(3, words=_("An image is left out: it is larger than 10 MB.")),
    ]


_VERSIONS = Versions(2, 3, UUID(int=1), UUID(int=3))
_QUESTION = "Which of the two ways is shorter?\nAnd why?"
_DRAWING = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='320' height='180'%3E"
    "%3Crect width='320' height='180' fill='%232b7560'/%3E%3C/svg%3E"
)
