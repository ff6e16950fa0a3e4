"""Updates of a running answer -> the text frames that a page's socket is sent.

A frame is JSON: `n` counts the frames of this socket, `id` names the answer, `content` is HTML
that htmx swaps, `text` is plain text to append where the open block ends, `cursor` is what the
page sends to get on from here. With `whole`, the frame replaces all that the page shows of the
answer, and a page that missed one may go on from it.
"""

import json
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

from conversations.compared import is_compared_now
from conversations.gauge import gauge_after, where_picked
from conversations.generation.live import Notice, Update
from conversations.models import Message
from conversations.models.conversation import Viewer
from conversations.notices import notice_text
from conversations.spending import spent_in
from conversations.turns import Turn, answer_turn, compared_turn


def update_frame(
    number: int, answer_id: UUID, update: Update, language: str, foot: str = ""
) -> str:
    target = f"#m-{answer_id}"
    content = _content(target, update) + foot
    if update.notice and not foot:
        content = _partial(f"{target}-note", "innerHTML", _told(update.notice, language)) + content
    frame: dict[str, Any] = {"n": number, "id": str(answer_id), "cursor": str(update.mark)}
    if update.patch.reset:
        frame["whole"] = True
    if content:
        frame["content"] = content
    if update.patch.text:
        frame["text"] = update.patch.text
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def gone_frame(number: int, answer_id: UUID, language: str) -> str:
    """For an answer that this user may not see, or that is not there: the same for both."""
    with translation.override(language):
        html = render_to_string("_gone_foot.html", {"answer_id": answer_id})
    frame = {
        "n": number,
        "id": str(answer_id),
        "gone": True,
        "content": _partial(f"#m-{answer_id}-foot", "outerHTML", html),
    }
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def foot(answer: Message, user: Viewer, language: str) -> str:
    """The foot of a finished answer: its state, its figures, what can be done with it."""
    with translation.override(language):
        is_beside = is_compared_now(answer)
        turn = compared_turn(answer) if is_beside else answer_turn(answer, answer.generation)
        html = render_to_string("_foot.html", {"turn": turn, "user": user})
        thought = _thought(turn) if turn.thought_s else ""
        sum_html = _sum(answer.conversation_id) if turn.cost else ""
        gauge = _gauge(answer, is_beside=is_beside)
    return _partial(f"#{turn.dom_id}-foot", "outerHTML", html) + thought + sum_html + gauge


def _thought(turn: Turn) -> str:
    html = render_to_string("_thought.html", {"turn": turn})
    return _partial(f"#{turn.dom_id}-thought", "innerHTML", html)


def _sum(conversation_id: UUID) -> str:
    html = render_to_string("_spent.html", {"spent": spent_in(conversation_id)})
    return _partial("#spent", "outerHTML", html)


def _gauge(answer: Message, *, is_beside: bool) -> str:
    """Nothing new where nobody counted, as of a call that was refused."""
    gauge = gauge_after(answer)
    if gauge.tokens is None:
        return ""
    # A page that shows another branch by now shows how much that takes.
    here, elsewhere = where_picked(answer.model_id, f":root:has(#{answer.dom_id})")
    anew = render_to_string("_gauge_anew.html", {"gauge": gauge})
    if is_beside:
        # Which of those that are compared goes on is seen where all of them are.
        return _partial(here, "beforeend", anew) + _partial(elsewhere, "beforeend", anew)
    told = _partial(here, "outerHTML", render_to_string("_gauge.html", {"gauge": gauge}))
    return told + _partial(elsewhere, "beforeend", anew)


def _told(notice: Notice, language: str) -> str:
    with translation.override(language):
        return escape(notice_text(notice))


def _content(target: str, update: Update) -> str:
    patch, parts = update.patch, []
    if update.reasoning:
        swap = "innerHTML" if patch.reset else "beforeend"
        parts.append(_partial(f"{target}-reasoning-text", swap, escape(update.reasoning)))
    if patch.reset or patch.frozen:
        swap = "innerHTML" if patch.reset else "beforeend"
        parts.append(_partial(f"{target}-done", swap, patch.frozen))
    if patch.tail is not None:
        parts.append(_partial(f"{target}-tail", "innerHTML", patch.tail))
    return "".join(parts)


def _partial(target: str, swap: str, html: str) -> str:
    return f'<hx-partial hx-target="{target}" hx-swap="{swap}">{html}</hx-partial>'
