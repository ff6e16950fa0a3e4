"""The addresses by which models are compared, and what becomes of their answers."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Conversation, Generation, Message
from conversations.models.generation import State
from providers.models import Model
from tests.chats import a_conversation, a_model, add_turn
from tests.conversations.branching import texts_shown

# An answer that begins here is stored from another thread.
pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def models() -> list[Model]:
    return [a_model(model_id=f"m{number}") for number in range(5)]


@pytest.fixture
def chat(olivia: User, models: list[Model]) -> Conversation:
    """Whose last question has two answers that are complete: one, then two."""
    made = a_conversation(olivia, turns=1)
    first = add_turn(made, "which?", "one")
    second = Message.objects.create(
        conversation=made, parent=first.parent, role="assistant", content="two", model=models[1]
    )
    Generation.objects.create(
        message=second, state=State.COMPLETE, lease_until=second.created_at, runner="a test"
    )
    Message.objects.filter(pk=first.pk).update(model=models[0], model_name="m0")
    Message.objects.filter(pk=second.pk).update(model_name="m1")
    made.show(first.parent, models[0])  # type: ignore[arg-type]
    return made


def _of(text: str) -> Message:
    return Message.objects.get(content=text)


def _send(client: Client, picked: list[Model], path: str = "/c/", **fields: object) -> Any:
    asked = {"text": "which one?", "send_id": uuid4(), "compare": [model.pk for model in picked]}
    return client.post(path, {**asked, **fields}, headers=HTMX)


def _act(client: Client, act: str, text: str = "which?", **fields: object) -> Any:
    return client.post(f"/m/{_of(text).pk}/{act}/", fields, headers=HTMX)


def test_one_send_brings_the_question_with_all_its_answers(
    as_olivia: Client, models: list[Model]
) -> None:
    page = _send(as_olivia, models[1:4]).content.decode()
    assert re.findall(r'class="model">(m\d)<', page) == ["m1", "m2", "m3"]
    assert page.count("Keep this one") == 3
    assert Message.objects.filter(role="assistant").count() == 3


@pytest.mark.parametrize("count", [1, 5])
def test_so_many_are_not_compared(as_olivia: Client, models: list[Model], count: int) -> None:
    response = _send(as_olivia, models[:count])
    assert response.status_code == 422
    assert "Pick two to four models" in response.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("wrong", ["", "x", str(UUID(int=1)), "\x00"])
def test_a_model_that_is_none_is_refused_with_words(
    as_olivia: Client, models: list[Model], wrong: str
) -> None:
    response = _send(as_olivia, [], compare=[str(models[0].pk), wrong])
    assert response.status_code == 422
    assert not Message.objects.exists()


def test_a_model_of_another_user_is_not_asked(
    as_olivia: Client, sam: User, models: list[Model]
) -> None:
    models[1].provider.owner = sam
    models[1].provider.save()
    assert _send(as_olivia, models[:2]).status_code == 422
    assert not Message.objects.exists()


def test_over_the_limit_the_text_stays(
    as_olivia: Client, models: list[Model], settings: Any
) -> None:
    settings.LIMIT_RUNS = 1
    response = _send(as_olivia, models[:2])
    assert (response.status_code, response["Retry-After"]) == (429, "5")
    assert "You may have 1 answer at once" in response.content.decode()


def test_the_page_shows_them_side_by_side_and_which_goes_on(
    as_olivia: Client, chat: Conversation
) -> None:
    page = as_olivia.get(chat.get_absolute_url()).content.decode()
    assert page.count("Keep this one") == 2
    assert "goes on from the answer of <b>m0</b>" in page
    assert page.count("Answer this") == 1


def test_asking_on_settles_the_comparison_on_the_page(
    as_olivia: Client, chat: Conversation, models: list[Model]
) -> None:
    fields = {"text": "on", "model": models[0].pk, "shown": _of("which?").pk}
    page = as_olivia.post(f"{chat.get_absolute_url()}messages/", fields, headers=HTMX)
    assert texts_shown(chat)[2:] == ["which?", "one", "on", ""]
    assert f"#{_of('which?').dom_id}" in page.content.decode()
    assert "Keep this one" not in page.content.decode()


def test_the_kept_answer_is_an_ordinary_one_with_versions(
    as_olivia: Client, chat: Conversation
) -> None:
    page = _act(as_olivia, "keep", "two").content.decode()
    assert texts_shown(chat)[2:] == ["which?", "two"]
    assert "2/2" in page
    assert "Keep this one" not in page


def test_without_javascript_keeping_leads_to_the_answer(
    as_olivia: Client, chat: Conversation
) -> None:
    kept = _of("two")
    response = as_olivia.post(f"/m/{kept.pk}/keep/")
    assert response["Location"] == f"{chat.get_absolute_url()}#{kept.dom_id}"


def test_a_retry_of_one_asks_its_own_model(as_olivia: Client, chat: Conversation) -> None:
    page = _act(as_olivia, "retry", "two").content.decode()
    assert Message.objects.latest("created_at").model_name == "m1"
    assert page.count("Keep this one") == 2


def test_merging_goes_on_with_one_answer_of_the_picked_model(
    as_olivia: Client, chat: Conversation, models: list[Model]
) -> None:
    page = _act(as_olivia, "merge", model=models[3].pk).content.decode()
    assert "m3 (merged)" in page
    assert texts_shown(chat)[2:] == ["which?", ""]


def test_with_one_answer_there_is_nothing_to_merge(as_olivia: Client, chat: Conversation) -> None:
    Message.objects.filter(content="two").update(content="")
    response = _act(as_olivia, "merge")
    assert response.status_code == 409
    assert "Wait until two answers" in response.content.decode()


def test_all_of_them_are_stopped_at_once(as_olivia: Client, chat: Conversation) -> None:
    Generation.objects.filter(message__parent=_of("which?")).update(state=State.RUNNING)
    assert _act(as_olivia, "all/stop").status_code == 200
    asked_to = Generation.objects.filter(message__parent=_of("which?"))
    assert all(each.stop_requested_at for each in asked_to)


def test_what_is_written_in_another_branch_is_not_stopped_with_them(
    as_olivia: Client, chat: Conversation
) -> None:
    Generation.objects.filter(message=_of("answer 0")).update(state=State.RUNNING)
    _act(as_olivia, "all/stop")
    assert Generation.objects.get(message=_of("answer 0")).stop_requested_at is None


def test_one_more_model_answers_beside_the_last_answer(
    as_olivia: Client, chat: Conversation, models: list[Model]
) -> None:
    _act(as_olivia, "keep", "two")
    page = as_olivia.get(f"/m/{_of('two').pk}/compare/").content.decode()
    assert page.count("has answered") == 2
    response = as_olivia.post(f"/m/{_of('two').pk}/compare/", {"compare": [models[2].pk]})
    assert response["Location"] == f"{chat.get_absolute_url()}#{_of('which?').dom_id}"
    shown = as_olivia.get(chat.get_absolute_url()).content.decode()
    assert shown.count("Keep this one") == 3


def test_more_than_four_are_refused_on_the_page(
    as_olivia: Client, chat: Conversation, models: list[Model]
) -> None:
    picked = {"compare": [model.pk for model in models[2:]]}
    response = as_olivia.post(f"/m/{_of('two').pk}/compare/", picked)
    assert response.status_code == 409
    assert "Two to four answers" in response.content.decode()


@pytest.mark.parametrize("path", ["/compare/", "/c/{chat}/compare/"])
def test_the_models_can_be_picked_on_a_page_that_sends(
    as_olivia: Client, chat: Conversation, models: list[Model], path: str
) -> None:
    page = as_olivia.get(path.format(chat=chat.pk)).content.decode()
    assert page.count('name="compare"') == len(models)
    [action] = re.findall(r'action="(/c/[^"]*)"', page)
    fields = {"text": "by itself", "compare": [model.pk for model in models[:2]]}
    assert as_olivia.post(action, fields).status_code == 302
    assert _of("by itself").replies.count() == 2


def test_a_comparison_does_not_wait_in_the_queue(
    as_olivia: Client, chat: Conversation, models: list[Model]
) -> None:
    Generation.objects.filter(message=_of("one")).update(state=State.RUNNING)
    response = _send(as_olivia, models[:2], f"{chat.get_absolute_url()}queue/")
    assert response.status_code == 409
    assert "A comparison cannot wait" in response.content.decode()


def test_another_tab_gets_what_became_of_the_comparison(
    as_olivia: Client, chat: Conversation
) -> None:
    question = _of("which?")
    runs = [_of(text).generation.stamp for text in ("one", "two")]
    shown = f"{question.send_id}:{'+'.join(runs)}"
    address = f"{chat.get_absolute_url()}changes/"
    same = as_olivia.get(address, {"shown": shown}, headers=HTMX).content.decode()
    assert "Keep this one" not in same
    _act(as_olivia, "keep", "two")
    other = as_olivia.get(address, {"shown": shown}, headers=HTMX).content.decode()
    assert f'hx-target="#{question.dom_id}" hx-swap="outerHTML"' in other
    assert "2/2" in other
