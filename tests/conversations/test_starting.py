"""A chat that begins with a preset: it has its own copy of everything."""

import json
import re
from uuid import uuid4

import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Conversation, Preset
from providers.models import Model, UserDefault
from providers.picking import remember_default
from tests.chats import a_model
from tests.library import a_preset

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = {"temperature": 0.2, "stop": ["END"]}


@pytest.fixture
def models() -> list[Model]:
    """The one that new chats begin with, and another one."""
    found = [a_model(model_id="first"), a_model(model_id="second")]
    Model.objects.make_default(found[0])
    return found


@pytest.fixture
def tutor(olivia: User, models: list[Model]) -> Preset:
    texts = {"system_prompt": "Ask <back>.", "opening": "What shall we learn?"}
    return a_preset(olivia, model=models[1], parameters=ASKED, **texts)


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def picked(page: str) -> str:
    found = re.search(r'<option value="([^"]+)" selected', page)
    return found[1] if found else ""


def test_the_page_shows_who_the_chat_is_with(as_olivia: Client, tutor: Preset) -> None:
    page = page_of(as_olivia, tutor.start_url)
    assert "What shall we learn?" in page
    assert "Ask &lt;back&gt;.</textarea>" in page
    assert picked(page) == str(tutor.model_id)


def sent(client: Client, **fields: str) -> Conversation:
    """As the page sends it."""
    said = {"text": "Hello", "send_id": str(uuid4()), **fields}
    assert client.post("/c/", said).status_code == 302
    return Conversation.objects.latest("created_at")


def test_the_chat_has_a_copy_that_later_changes_leave_alone(
    as_olivia: Client, tutor: Preset
) -> None:
    hidden = as_olivia.get(tutor.start_url).context["parameters"]
    begun = {"model": str(tutor.model_id), "system_prompt": tutor.system_prompt}
    chat = sent(as_olivia, parameters=hidden, **begun)
    tutor.delete()
    chat.refresh_from_db()
    assert (chat.system_prompt, chat.parameters) == ("Ask <back>.", ASKED)


def test_the_opening_message_is_never_sent(as_olivia: Client, tutor: Preset) -> None:
    chat = sent(as_olivia, model=str(tutor.model_id), system_prompt=tutor.system_prompt)
    texts = [message.content for message in chat.messages.all()]
    assert not any("learn" in text for text in [*texts, chat.system_prompt])


def test_the_model_of_a_preset_becomes_nobody_s_default(
    as_olivia: Client, tutor: Preset, models: list[Model]
) -> None:
    page = page_of(as_olivia, tutor.start_url)
    assert 'name="begins_with"' not in page
    sent(as_olivia, model=str(models[1].pk))
    assert not UserDefault.objects.exists()


def test_nor_does_it_when_a_refused_question_is_sent_again(
    as_olivia: Client, tutor: Preset, models: list[Model]
) -> None:
    page = as_olivia.post("/c/", {"text": "", "model": tutor.model_id}).content.decode()
    assert picked(page) == str(models[1].pk)
    assert 'name="begins_with"' not in page


@pytest.mark.parametrize("fate", ["deleted", "disabled", "vanished", "another's"])
def test_a_model_that_is_gone_is_told_and_the_default_takes_its_place(
    as_olivia: Client, sam: User, tutor: Preset, models: list[Model], fate: str
) -> None:
    if fate == "deleted":
        models[1].delete()
    elif fate == "disabled":
        Model.objects.filter(pk=models[1].pk).update(enabled=False)
    elif fate == "vanished":
        Model.objects.filter(pk=models[1].pk).update(vanished_at="2026-01-01T00:00Z")
    else:
        models[1].provider = models[1].provider.__class__.objects.create(
            name="Hers", base_url="https://h.test/v1", owner=sam
        )
        models[1].save()
    page = page_of(as_olivia, tutor.start_url)
    assert "second, the model of this preset, is not offered to you now." in page
    assert picked(page) == str(models[0].pk)


def test_a_preset_without_a_model_begins_with_the_user_s_default(
    as_olivia: Client, olivia: User, models: list[Model]
) -> None:
    remember_default(olivia, models[1])
    page = page_of(as_olivia, a_preset(olivia).start_url)
    assert picked(page) == str(models[1].pk)
    assert "not offered" not in page


def test_where_there_is_no_model_at_all_the_page_still_comes(
    as_olivia: Client, olivia: User
) -> None:
    assert "There is no model to ask yet" in page_of(as_olivia, a_preset(olivia).start_url)


@pytest.mark.parametrize("preset", ["x", "", "c944481a-37d1-45fc-b0d5-fee7fba75696"])
def test_a_preset_that_is_none_is_not_found(as_olivia: Client, db: None, preset: str) -> None:
    assert as_olivia.get(f"/?preset={preset}").status_code == 404


def test_a_stranger_s_preset_is_not_found(as_sam: Client, tutor: Preset) -> None:
    assert as_sam.get(tutor.start_url).status_code == 404
    assert "Tutor" not in page_of(as_sam, "/")


@pytest.mark.parametrize(
    "hidden", ["x", "[]", "1", '{"temperature": 9}', '{"model": "x"}', '{"a":' * 5000, "null"]
)
def test_parameters_that_are_none_are_refused_in_words(
    as_olivia: Client, models: list[Model], hidden: str
) -> None:
    fields = {"text": "Hello", "model": str(models[0].pk), "parameters": hidden}
    response = as_olivia.post("/c/", fields)
    assert response.status_code == 422
    assert "Start it from its preset again." in response.content.decode()


def test_a_page_that_was_refused_still_begins_as_the_preset_does(
    as_olivia: Client, models: list[Model]
) -> None:
    hidden = json.dumps(ASKED)
    fields = {"text": " ", "model": str(models[0].pk), "parameters": hidden}
    response = as_olivia.post("/c/", {**fields, "system_prompt": "In verse."})
    assert response.context["parameters"] == hidden
    assert "In verse.</textarea>" in response.content.decode()


def test_an_empty_chat_offers_the_first_presets_and_the_way_to_all(
    as_olivia: Client, olivia: User, models: list[Model]
) -> None:
    assert "All presets" not in page_of(as_olivia, "/")
    for number in range(8):
        a_preset(olivia, f"preset {number}")
    page = page_of(as_olivia, "/")
    assert page.count('href="/?preset=') == 6
    assert "All presets" in page


def test_a_chat_that_has_begun_offers_none(as_olivia: Client, tutor: Preset) -> None:
    chat = sent(as_olivia, model=str(tutor.model_id))
    assert "?preset=" not in page_of(as_olivia, chat.get_absolute_url())
