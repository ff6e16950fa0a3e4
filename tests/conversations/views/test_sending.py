from uuid import uuid4

import pytest
from django.test import Client

from chatsite.models import User
from conversations.branch import PAGE
from conversations.models import Conversation, Message
from conversations.models.generation import State
from providers.models import Provider, UserDefault
from tests.chats import a_conversation, a_model, add_turn

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


def _fields(**fields: object) -> dict[str, object]:
    return {"text": "Why?", "model": a_model().pk, "send_id": uuid4(), **fields}


def test_without_javascript_a_send_leads_to_the_conversation(as_olivia: Client) -> None:
    response = as_olivia.post("/c/", _fields())
    assert response.status_code == 302
    address = Conversation.objects.get().get_absolute_url()
    assert response["Location"] == f"{address}#{Message.objects.get(role='user').dom_id}"


def test_htmx_gets_the_question_the_answer_and_the_address(as_olivia: Client) -> None:
    fields = _fields()
    response = as_olivia.post("/c/", fields, headers=HTMX)
    page = response.content.decode()
    assert f'hx-target="#m-{fields["send_id"]}"' in page
    assert 'aria-busy="true"' in page
    assert response["HX-Push-Url"] == Conversation.objects.get().get_absolute_url()


def test_a_form_s_line_ends_become_plain_ones(as_olivia: Client) -> None:
    as_olivia.post("/c/", _fields(text="one\r\n  two  \r\n"))
    assert Message.objects.get(role="user").content == "one\n  two  \n"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "Write a message first."),
        ({"text": " \n\t "}, "Write a message first."),
        ({"text": "x" * (256 * 1024 + 1)}, "The message is too long: 257 KB."),
        ({"text": "a\x00b"}, "Null characters are not allowed."),
        ({"model": ""}, "Pick a model first."),
        ({"model": uuid4()}, "This model is not available any more."),
        ({"model": "nonsense"}, "nonsense"),
        ({"send_id": "nonsense"}, "Enter a valid UUID."),
    ],
    ids=["empty", "blank", "too long", "NUL", "no model", "unknown model", "bad model", "bad id"],
)
def test_what_cannot_be_sent_is_refused_with_words_and_nothing_is_stored(
    as_olivia: Client, fields: dict[str, object], words: str
) -> None:
    response = as_olivia.post("/c/", _fields(**fields), headers=HTMX)
    assert response.status_code == 422
    assert words in response.content.decode() or words == "nonsense"
    assert not Message.objects.exists()


def test_without_javascript_a_refused_text_stays_in_the_composer(as_olivia: Client) -> None:
    response = as_olivia.post("/c/", _fields(text="keep me", model=""))
    assert "keep me</textarea>" in response.content.decode()


def test_exactly_the_limit_is_taken(as_olivia: Client) -> None:
    as_olivia.post("/c/", _fields(text="x" * 256 * 1024))
    assert len(Message.objects.get(role="user").content) == 256 * 1024


@pytest.mark.parametrize(
    "text",
    [
        "\u202eevil\u202c",
        "e" + "\u0301" * 10_000,
        "🏳️‍🌈\ufffe",
        "\ud83d".encode("utf-8", "replace").decode(),
    ],
    ids=["bidi override", "combining", "emoji", "replaced surrogate"],
)
def test_odd_unicode_is_stored_and_shown(as_olivia: Client, text: str) -> None:
    assert as_olivia.post("/c/", _fields(text=text), headers=HTMX).status_code == 200
    assert Message.objects.get(role="user").content == text


def test_the_same_id_with_another_text_is_a_conflict(as_olivia: Client) -> None:
    fields = _fields()
    as_olivia.post("/c/", fields)
    response = as_olivia.post("/c/", {**fields, "text": "other"}, headers=HTMX)
    assert response.status_code == 409


def test_the_same_send_again_shows_the_same_answer(as_olivia: Client) -> None:
    fields = _fields()
    first = as_olivia.post("/c/", fields)
    assert as_olivia.post("/c/", fields)["Location"] == first["Location"]
    assert Message.objects.count() == 2


def test_a_failed_answer_can_be_tried_again(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia)
    answer = add_turn(conversation, "q", "half", State.FAILED)
    conversation.show(answer, None)
    assert answer.parent
    shown = f"{answer.parent.send_id}:,{answer.pk}:{answer.generation.stamp}"
    fields = {"model": a_model().pk, "turns": shown}
    page = as_olivia.post(f"/m/{answer.pk}/retry/", fields, headers=HTMX).content.decode()
    assert f'hx-target="[id=&quot;m-{answer.pk}&quot;]" hx-swap="delete"' in page
    assert page.count("<article") == 1
    assert Message.objects.filter(parent=answer.parent).count() == 2


def test_another_user_s_private_model_cannot_be_used(as_olivia: Client, sam: User) -> None:
    fields = _fields()
    model = a_model(model_id="private")
    model.provider.owner = sam
    model.provider.save()
    response = as_olivia.post("/c/", {**fields, "model": model.pk}, headers=HTMX)
    assert response.status_code == 422


def test_what_another_tab_said_comes_with_the_next_send(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia, turns=2)
    first = conversation.messages.get(content="answer 0")
    fields = {**_fields(), "shown": str(first.pk)}
    page = as_olivia.post(f"/c/{conversation.pk}/messages/", fields, headers=HTMX)
    assert "question 1" in page.content.decode()
    assert "question 0" not in page.content.decode()


def test_a_page_from_far_up_is_brought_to_the_end(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia, turns=PAGE)
    first = conversation.messages.get(content="answer 0")
    fields = {**_fields(), "shown": str(first.pk)}
    page = as_olivia.post(f"/c/{conversation.pk}/messages/", fields, headers=HTMX)
    assert page.content.decode().count("<article") == PAGE
    assert 'class="earlier"' in page.content.decode()


def test_an_empty_page_is_given_what_was_said_since(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia, turns=1)
    fields = {**_fields(), "shown": ""}
    page = as_olivia.post(f"/c/{conversation.pk}/messages/", fields, headers=HTMX)
    assert "question 0" in page.content.decode()


def test_a_page_that_shows_all_is_sent_nothing_twice(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia, turns=2)
    fields = {**_fields(), "shown": str(conversation.leaf_id)}
    page = as_olivia.post(f"/c/{conversation.pk}/messages/", fields, headers=HTMX)
    assert "question 1" not in page.content.decode()


def test_a_refused_send_brings_the_answer_that_is_being_written(
    as_olivia: Client, olivia: User
) -> None:
    conversation = a_conversation(olivia, turns=1)
    shown = str(conversation.leaf_id)
    conversation.show(add_turn(conversation, "elsewhere", "half", State.RUNNING), None)
    fields = {**_fields(), "shown": shown}
    page = as_olivia.post(f"/c/{conversation.pk}/messages/", fields, headers=HTMX)
    assert page.status_code == 409
    assert [part in page.content.decode() for part in ("elsewhere", "stop/")] == [True, True]


@pytest.mark.parametrize("is_new", [True, False], ids=["new chat", "old chat"])
def test_a_model_picked_for_a_new_chat_begins_the_next_ones(
    as_olivia: Client, olivia: User, is_new: bool
) -> None:
    address = "/c/" if is_new else f"{a_conversation(olivia).get_absolute_url()}messages/"
    response = as_olivia.post(address, _fields(begins_with=uuid4()), headers=HTMX)
    assert response.status_code == 200
    assert UserDefault.objects.filter(user=olivia, model__model_id="m").exists() is is_new


def test_a_model_that_was_not_picked_is_not_remembered(as_olivia: Client) -> None:
    fields = _fields()
    as_olivia.post("/c/", {**fields, "begins_with": fields["model"]}, headers=HTMX)
    assert Message.objects.exists()
    assert not UserDefault.objects.exists()


def test_a_strangers_model_cannot_be_picked(as_olivia: Client, sam: User) -> None:
    fields = _fields(begins_with=uuid4())
    Provider.objects.update(owner=sam)
    assert as_olivia.post("/c/", fields, headers=HTMX).status_code == 422
    assert not UserDefault.objects.exists()


def test_a_folder_s_prompt_that_was_emptied_stays_empty(as_olivia: Client, olivia: User) -> None:
    folder = olivia.folders.create(name="Work", system_prompt="Speak of rye.")
    fields = _fields(text="", folder=folder.pk, system_prompt="")
    page = as_olivia.post("/c/", fields).content.decode()
    assert "in the folder “Work”" in page
    assert "Speak of rye." not in page
