"""What the page of a temporary chat is made of: the parts of any other, without what is kept."""

from dataclasses import replace
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now

from conversations.generation.run import Run
from conversations.models import Message, Preset
from conversations.models.conversation import Viewer
from conversations.models.generation import State
from conversations.models.message import Role
from conversations.page import Context, composer, sidebar
from conversations.pictures import inline_pictures
from conversations.starting import begun_with
from conversations.turns import Turn, answer_turn, pending_turn, question_turn

# What a body has beside its fields.
AROUND_KB = 64


def temporary_page(
    user: AbstractBaseUser, wanted_model: str = "", preset: Preset | None = None
) -> Context:
    if preset and not wanted_model:
        wanted_model = str(preset.model_id or "")
    page = {**sidebar(user, None), **composer(user, None, wanted_model)}
    return {
        **page,
        **(begun_with(preset, page) if preset else {}),
        **_next_turn(),
        # What was typed elsewhere is kept, and who picks another model here means this chat.
        "draft": "",
        "begins_with": None,
        "temporary": True,
        "turns": [],
        "pending": pending_turn(),
        "ends": [_end(State.STOPPED), _end(State.INTERRUPTED)],
        "most_kb": settings.BODY_LIMIT_BYTES // 1024 - AROUND_KB,
    }


def sent(question: Message, run: Run, parameters: str, replaces: UUID | None) -> str:
    """What a turn changes on the page before there is a word of the answer."""
    context = {
        "question": replace(question_turn(question), address="", text_url=""),
        "reply": _held(answer_turn(run.order.answer, run.order.generation)),
        "replaces": replaces,
        "parameters": parameters,
        **_next_turn(),
    }
    return render_to_string("_temporary_sent.html", context)


def ended(run: Run, user: Viewer, language: str) -> str:
    """The foot of an answer, and for how long it was thought about."""
    answer = run.ended_answer
    if answer is None:
        return ""
    turn = _held(answer_turn(answer, answer.generation))
    with translation.override(language):
        turn = replace(turn, pictures=inline_pictures(run.live.pictures))
        return render_to_string("_temporary_end.html", {"turn": turn, "user": user})


def _next_turn() -> Context:
    return {
        "action": reverse("conversations:temporary_turn"),
        "draft_url": "",
        "queue_url": "",
        "send_id": uuid4(),
    }


def _held(turn: Turn) -> Turn:
    """With what can be done where only the page holds it: stop it, copy it, ask again."""
    address = reverse("conversations:temporary_turn")
    return replace(
        turn,
        address="",
        text_url="",
        continue_url="",
        stop_url=address,
        retry_url=address,
        # To send less of it is up to the page.
        is_too_long=False,
    )


def _end(state: State) -> Turn:
    """The foot for an answer of which the server could not tell the end any more; the page gives
    it its id."""
    blank = replace(pending_turn(), role=Role.ASSISTANT, state=state, text="…", created_at=now())
    return _held(blank)
