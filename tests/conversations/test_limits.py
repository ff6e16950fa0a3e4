"""What one user may ask, and that nobody else notices."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from typing import cast
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from chatsite.models import User
from conversations.generation import draining
from conversations.limits import NotNow, check_asking, check_drafting, check_sending
from conversations.models import Generation, Message, Share
from conversations.models.generation import State
from conversations.sending import retry, send
from conversations.sharing import Terms, share, update
from providers.models import Model
from tests.chats import a_conversation, a_model, a_question, add_turn, asked
from tests.shares import a_share

# Nobody whom any other test knows: what was counted stays with the process.
strangers = count(10**6)


@pytest.fixture
def nadia(db: None) -> User:
    return User.objects.create_user("nadia", pk=next(strangers))


@pytest.fixture
def draining_process() -> Iterator[None]:
    asyncio.run(draining.drain(0))
    yield
    draining.forget()


def test_so_many_messages_a_minute(db: None, settings: Settings) -> None:
    settings.LIMIT_MESSAGES_PER_MINUTE = 2
    user = next(strangers)
    check_asking(user)
    check_asking(user)
    with pytest.raises(NotNow) as refusal:
        check_asking(user)
    assert (refusal.value.status, refusal.value.retry_after_s) == (429, 31)
    check_asking(next(strangers))


@pytest.mark.parametrize("check", [check_sending, check_drafting])
def test_so_much_text_a_day(
    db: None, settings: Settings, check: Callable[[int, int], None]
) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    user = next(strangers)
    check(user, 1024 * 1022)
    with pytest.raises(NotNow, match="as one day allows"):
        check(user, 4096)
    check(next(strangers), 2048)


def test_to_look_whether_there_is_room_takes_none_of_it(db: None, settings: Settings) -> None:
    settings.LIMIT_MESSAGES_PER_MINUTE = settings.LIMIT_MB_PER_DAY = 1
    user = next(strangers)
    for _ in range(2):
        check_asking(user, is_counted=False)
        check_sending(user, 1024 * 1000, is_counted=False)
    check_asking(user)
    check_sending(user, 1024 * 1000)
    with pytest.raises(NotNow, match="many messages"):
        check_asking(user, is_counted=False)
    with pytest.raises(NotNow, match="as one day allows"):
        check_sending(user, 1024 * 1000, is_counted=False)


def test_the_chat_that_is_sent_again_with_each_question_counts(
    nadia: User, settings: Settings
) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    conversation, model = a_conversation(nadia), a_model()
    long = add_turn(conversation, "x" * 400_000, "of three bytes: \u4e2d" * 10_000)
    conversation.show(leaf=long, model=model)
    send(nadia, a_question(model), conversation)
    Generation.objects.update(state=State.COMPLETE)
    conversation.refresh_from_db()
    with pytest.raises(NotNow, match="as one day allows"):
        send(nadia, a_question(model), conversation)


def test_to_be_delivered_again_costs_nothing(nadia: User, settings: Settings) -> None:
    settings.LIMIT_MESSAGES_PER_MINUTE = 3
    question, model = a_question(a_model()), a_model(model_id="other")
    for _ in range(30):
        send(nadia, question)
    asked(nadia, model)
    asked(nadia, model)
    with pytest.raises(NotNow, match="many messages"):
        asked(nadia, model)


def test_a_draft_over_the_limit_is_not_kept_and_its_page_knows(
    client: Client, nadia: User, settings: Settings
) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    client.force_login(nadia)
    fields = {"text": "x" * 200_000, "send_id": uuid4()}
    statuses = [client.post("/c/draft/", fields).status_code for _ in range(6)]
    assert statuses == [204] * 5 + [429]


@pytest.mark.parametrize("address", ["/prompts/new/", "/presets/new/"])
def test_what_is_kept_to_begin_with_counts_as_a_draft_does(
    client: Client, nadia: User, settings: Settings, address: str
) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    client.force_login(nadia)
    long = "x" * 200_000
    fields = {"name": "n", "text": long, "system_prompt": long}
    statuses = [client.post(address, fields).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]
    assert long in client.post(address, fields).text


@pytest.mark.parametrize("place", ["chat", "list"])
def test_bringing_a_share_up_to_date_counts_as_a_question(
    client: Client, nadia: User, settings: Settings, place: str
) -> None:
    client.force_login(nadia)
    address = f"/shared/{a_share(nadia).pk}/update/"
    settings.LIMIT_MESSAGES_PER_MINUTE = 1
    assert client.post(address, {"place": place}).status_code == 302
    response = client.post(address, {"place": place})
    assert (response.status_code, response["Retry-After"]) == (429, "61")
    assert "Wait a moment" in response.text


def test_a_share_counts_as_a_question(client: Client, nadia: User, settings: Settings) -> None:
    client.force_login(nadia)
    address = f"/c/{a_conversation(nadia, turns=1).pk}/share/"
    settings.LIMIT_MESSAGES_PER_MINUTE = 1
    assert client.post(address, {"expires": "1"}).status_code == 302
    response = client.post(address, {"expires": "1"})
    assert (response.status_code, Share.objects.count()) == (429, 1)
    assert "Wait a moment" in response.text


def test_what_a_share_copies_counts_as_a_draft_does(nadia: User, settings: Settings) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    chat = a_conversation(nadia)
    chat.show(add_turn(chat, "long", "x" * 600_000), None)
    share(chat, Terms())
    with pytest.raises(NotNow, match="as one day allows"):
        update(Share.objects.get())


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
