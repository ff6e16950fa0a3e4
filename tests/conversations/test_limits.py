"""What one user may ask, and that nobody else notices."""

import asyncio
from collections.abc import Iterator
from itertools import count
from typing import cast
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from chatsite.models import User
from conversations.generation import draining
from conversations.limits import NotNow, check_asking
from conversations.models import Message
from conversations.models.generation import State
from conversations.sending import retry, send
from providers.models import Model
from tests.chats import a_model, a_question, asked

# Nobody whom any other test knows: what was counted stays with the process.
strangers = count(10**6)


@pytest.fixture
def draining_process() -> Iterator[None]:
    asyncio.run(draining.drain(0))
    yield
    draining.forget()


def test_so_many_messages_a_minute(settings: Settings) -> None:
    settings.LIMIT_MESSAGES_PER_MINUTE = 2
    user = next(strangers)
    check_asking(user, 1)
    check_asking(user, 1)
    with pytest.raises(NotNow) as refusal:
        check_asking(user, 1)
    assert (refusal.value.status, refusal.value.retry_after_s) == (429, 31)
    check_asking(next(strangers), 1)


def test_so_much_text_a_day(settings: Settings) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    user = next(strangers)
    check_asking(user, 1024 * 1023)
    with pytest.raises(NotNow, match="as one day allows"):
        check_asking(user, 2048)
    check_asking(next(strangers), 2048)


def test_so_many_answers_at_once(olivia: User, sam: User, settings: Settings) -> None:
    settings.LIMIT_RUNS = 2
    model = a_model()
    asked(olivia, model)
    asked(olivia, model)
    with pytest.raises(NotNow, match="2 answers are being written"):
        asked(olivia, model)
    assert asked(sam, model).order


def test_a_refused_question_leaves_nothing_behind(olivia: User, settings: Settings) -> None:
    settings.LIMIT_RUNS = 1
    model = a_model()
    asked(olivia, model)
    before = Message.objects.count()
    with pytest.raises(NotNow):
        asked(olivia, model)
    assert Message.objects.count() == before


def test_what_was_sent_before_is_told_as_sent_over_any_limit(
    olivia: User, settings: Settings
) -> None:
    settings.LIMIT_RUNS = 1
    question = a_question(a_model())
    first = send(olivia, question)
    assert send(olivia, question).answer.pk == first.answer.pk


def test_over_the_limit_a_page_gets_words_and_a_time(
    as_olivia: Client, olivia: User, settings: Settings
) -> None:
    settings.LIMIT_RUNS = 1
    model = a_model()
    asked(olivia, model)
    response = _post(as_olivia, model)
    assert (response.status_code, response["Retry-After"]) == (429, "5")
    assert b"1 answer is being written for you." in response.content


def test_a_process_that_is_about_to_end_begins_nothing(
    as_olivia: Client, draining_process: None
) -> None:
    response = _post(as_olivia, a_model())
    assert response.status_code == 503
    assert Message.objects.count() == 0


def test_nor_does_it_answer_again(olivia: User) -> None:
    model = a_model()
    first = asked(olivia, model).answer
    first.generation.move(State.STOPPED)
    asyncio.run(draining.drain(0))
    with pytest.raises(NotNow, match="about to restart"):
        retry(first, model)
    draining.forget()


def _post(client: Client, model: Model) -> HttpResponse:
    fields = {"text": "Why?", "model": model.pk, "send_id": uuid4()}
    return cast("HttpResponse", client.post("/c/", fields, headers={"hx-request": "true"}))
