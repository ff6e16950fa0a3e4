"""What a page may say that was said, and what no page ever says."""

import json

import pytest

from chatsite.models import User
from conversations.models.message import Role
from conversations.temporary.forms import MOST_MESSAGES, KeepForm, Said, TurnForm
from providers.models import Model
from tests.chats import a_model

QUESTION = {"role": "user", "content": "Why?"}
HOSTILE = {
    "no JSON": "[{",
    "no list": '{"role": "user", "content": "x"}',
    "a number": "7",
    "no object": '["x"]',
    "no role": '[{"content": "x"}]',
    "no content": '[{"role": "user"}]',
    "a content of parts": '[{"role": "user", "content": [{"type": "text", "text": "x"}]}]',
    "a system prompt": '[{"role": "system", "content": "x"}]',
    "a tool": '[{"role": "tool", "content": "x"}]',
    "a role that is a list": '[{"role": ["user"], "content": "x"}]',
    "a state that is running": '[{"role": "assistant", "content": "x", "state": "running"}]',
    "a state that is a list": '[{"role": "assistant", "content": "x", "state": []}]',
    "NUL": '[{"role": "user", "content": "a\\u0000b"}]',
    "half a character": '[{"role": "user", "content": "\\ud800"}]',
    "depth": "[" * 100_000,
    "an endless number": f"[{'9' * 10_000}]",
}


def form(user: User, messages: str) -> TurnForm:
    model = Model.objects.first() or a_model()
    return TurnForm(user, {"text": "And?", "model": model.pk, "messages": messages})


def test_what_was_said_comes_in_its_order(olivia: User) -> None:
    told = [QUESTION, {"role": "assistant", "content": "Because.\n"}, QUESTION]
    found = form(olivia, json.dumps(told))
    assert found.is_valid()
    assert found.cleaned_data["messages"][1] == Said(Role.ASSISTANT, "Because.\n")


def test_nothing_said_is_a_beginning(olivia: User) -> None:
    found = form(olivia, "")
    assert found.is_valid()
    assert found.cleaned_data["messages"] == []


@pytest.mark.parametrize("messages", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_no_page_says_is_refused_with_words(olivia: User, messages: str) -> None:
    found = form(olivia, messages)
    assert not found.is_valid()
    assert found.first_error() == (
        "This chat cannot be read any more. Reload the page to begin a new one."
    )


def test_a_raw_nul_is_refused(olivia: User) -> None:
    assert form(olivia, "[]\x00").first_error() == "Null characters are not allowed."


def test_too_many_messages_are_refused_with_words(olivia: User) -> None:
    assert form(olivia, json.dumps([QUESTION] * MOST_MESSAGES)).is_valid()
    found = form(olivia, json.dumps([QUESTION] * (MOST_MESSAGES + 1)))
    assert "more messages than a temporary chat may have" in found.first_error()


def test_what_has_no_question_is_not_kept() -> None:
    told = json.dumps([{"role": "assistant", "content": "Hello"}])
    assert not KeepForm({"id": "0b1f3f0e-8a8e-4b1c-9d3e-0f3b7a1f2c4d", "messages": told}).is_valid()
