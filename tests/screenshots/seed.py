"""Fills the site of the pictures with what its pages can show; says where that is, as JSON.

DATA_DIR=… python -m tests.screenshots.seed
"""

import json
import os
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "chatsite.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from chatsite.models import User  # noqa: E402
from conversations.models import Conversation, Generation, Message, Preset, Prompt  # noqa: E402
from conversations.models.generation import State  # noqa: E402
from conversations.models.message import Role  # noqa: E402
from conversations.sharing import Terms, share  # noqa: E402
from providers.errors import ErrorKind  # noqa: E402
from providers.models import Call, Kind  # noqa: E402
from providers.models.call import Basis  # noqa: E402
from tests.screenshots import texts  # noqa: E402


def main() -> None:
    ada = User.objects.get(username="ada")
    for days, title in enumerate(texts.TITLES):
        _chat(ada, title, texts.SHORT, timezone.now() - timedelta(days=days * days))
    made = {
        "session": _session(ada),
        "chat": _chat(ada, "Why a queue per worker", texts.ENGLISH),
        "chinese": _chat(ada, "为什么要用消息队列", texts.CHINESE),
        "failed": _chat(ada, "A service that is away", texts.SHORT, error=ErrorKind.UNREACHABLE),
        "compared": _compared(ada, "Three models, one question", texts.ENGLISH[-1:]),
        "shared": _share(ada, "Why a queue per worker", Terms(with_name=True)),
        "locked": _share(ada, "为什么要用消息队列", Terms(7, password=make_password("a secret"))),
    }
    _spend(ada)
    sys.stdout.write(json.dumps({**made, **_library(ada)}))


def _library(ada: User) -> dict[str, str]:
    """The addresses of a chat with a preset, of that preset, and of a prompt with gaps."""
    for name, letter in (("Code review", "R"), ("翻译", "译")):
        Preset.objects.create(name=name, letter=letter, system_prompt=texts.INSTRUCTION)
    tutor = Preset(owner=ada, name="Socratic tutor", system_prompt=texts.INSTRUCTION)
    tutor.opening = texts.OPENING
    tutor.model_label, tutor.parameters = "a-model-that-is-gone", {"temperature": 0.3}
    tutor.save()
    Prompt.objects.create(name="Weekly report", text="Write a report of this week.")
    prompt = Prompt.objects.create(owner=ada, name="Letter", text=texts.LETTER)
    return {
        "preset": tutor.start_url,
        "preset_edit": f"presets/{tutor.pk}/",
        "prompt": f"prompts/{prompt.pk}/use/",
    }


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _chat(
    owner: User, title: str, turns: texts.Turns, at: datetime | None = None, error: str = ""
) -> str:
    """The address of a chat with these questions and answers; the last may have failed."""
    moment = at or timezone.now()
    chat = Conversation.objects.create(owner=owner, title=title, updated_at=moment)
    for question, thoughts, answer in turns:
        asked = Message.objects.create(
            conversation=chat,
            parent_id=chat.leaf_id,
            role=Role.USER,
            author=owner,
            send_id=uuid4(),
            content=question,
        )
        answered = Message.objects.create(
            conversation=chat,
            parent=asked,
            role=Role.ASSISTANT,
            content="" if error else answer,
            reasoning=thoughts,
            model_name="deepseek-chat",
        )
        _run(answered, error)
        chat.leaf = answered
    Conversation.objects.filter(pk=chat.pk).update(leaf=chat.leaf)
    return chat.get_absolute_url()


def _compared(owner: User, title: str, turns: texts.Turns) -> str:
    """A chat whose last question three models have answered, none of whose answers was kept."""
    address = _chat(owner, title, turns)
    chat = Conversation.objects.get(owner=owner, title=title)
    question, _thoughts, answer = turns[-1]
    asked = chat.messages.get(content=question)
    for model, text in (("gpt-4.1-mini", texts.SHORT[0][2]), ("qwen-plus", answer)):
        beside = Message.objects.create(
            conversation=chat, parent=asked, role=Role.ASSISTANT, content=text, model_name=model
        )
        _run(beside, "")
    Conversation.objects.filter(pk=chat.pk).update(leaf=asked)
    return address


def _share(owner: User, title: str, terms: Terms) -> str:
    return share(Conversation.objects.get(owner=owner, title=title), terms).get_absolute_url()


def _spend(user: User) -> None:
    """A month of calls, of two models in two currencies, some of them estimated."""
    for days in range(0, 30, 2):
        for model, currency in (("deepseek-chat", "CNY"), ("gpt-4.1-mini", "USD")):
            Call.objects.create(
                user=user,
                model_name=model,
                kind=Kind.CHAT,
                outcome=State.COMPLETE,
                prompt_tokens=900 + 137 * days,
                completion_tokens=400 + 91 * (days % 7),
                cost=Decimal("0.0041") * (1 + days % 5),
                currency=currency,
                cost_basis=Basis.ESTIMATED if days % 3 else Basis.MEASURED,
                seconds=4.0,
                created_at=timezone.now() - timedelta(days=days),
            )


def _run(answer: Message, error: str) -> None:
    ended = timezone.now()
    Generation.objects.create(
        message=answer,
        state=State.FAILED if error else State.COMPLETE,
        error_kind=error,
        runner="a picture",
        lease_until=ended,
        started_at=ended - timedelta(seconds=21),
        first_token_at=ended - timedelta(seconds=20),
        thought_until=ended - timedelta(seconds=9) if answer.reasoning else None,
        ended_at=ended,
        prompt_tokens=312,
        completion_tokens=486,
        cost=None if error else Decimal("0.00123"),
        currency="" if error else "USD",
    )


if __name__ == "__main__":
    main()
