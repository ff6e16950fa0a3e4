"""The addresses of the temporary chat: for whoever is signed in, and without a trace."""

import json
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from chatsite.models import User
from conversations import sockets
from conversations.models import Conversation, Draft, Message
from providers import client as service
from providers.models import Call, Provider, UserDefault
from tests.chats import a_model
from tests.library import a_preset

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}
PAGE, TURN, KEEP = (
    reverse(f"conversations:{name}") for name in ("temporary", "temporary_turn", "temporary_keep")
)
SAID = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Because."}]
MOST_QUERIES = 14


class OpenPage:
    """As far as it is counted."""


def fields(**told: object) -> dict[str, object]:
    model = told.pop("model", None) or a_model().pk
    return {
        "text": "And?",
        "model": model,
        "send_id": uuid4(),
        "messages": json.dumps(SAID),
        **told,
    }


def post(client: Client, **told: object) -> Any:
    return client.post(TURN, fields(**told), headers=HTMX)


def body(response: Any) -> list[dict[str, Any]]:
    async def read() -> bytes:
        try:
            return b"".join([part async for part in response.streaming_content])
        finally:
            await service.close()

    return [json.loads(line) for line in async_to_sync(read)().decode().splitlines() if line]


def test_the_page_says_what_it_is_and_begins_empty(as_olivia: Client, olivia: User) -> None:
    Draft.objects.create(owner=olivia, text="typed elsewhere")
    a_model()
    page = as_olivia.get(PAGE).text
    assert "Nothing of this chat is stored here" in page
    assert "typed elsewhere" not in page
    assert "<chat-draft" not in page
    assert "<chat-queue" not in page


def test_a_new_chat_leads_there_and_a_conversation_does_not(
    as_olivia: Client, olivia: User
) -> None:
    a_model()
    chat = Conversation.objects.create(owner=olivia, title="A chat")
    assert f'href="{PAGE}"' in as_olivia.get("/").text
    assert f'href="{PAGE}"' not in as_olivia.get(chat.get_absolute_url()).text


def test_the_palette_leads_there(as_olivia: Client) -> None:
    found = as_olivia.get("/palette/", {"q": "temporary"}, headers=HTMX).text
    assert f'href="{PAGE}"' in found


def test_it_may_begin_with_a_preset(as_olivia: Client, olivia: User) -> None:
    a_model()
    preset = a_preset(owner=olivia, system_prompt="Be a pirate.")
    assert "Be a pirate." in as_olivia.get(PAGE, {"preset": str(preset.pk)}).text


def test_a_preset_of_a_stranger_is_a_404(as_sam: Client, olivia: User) -> None:
    preset = a_preset(owner=olivia, system_prompt="Be a pirate.")
    assert as_sam.get(PAGE, {"preset": str(preset.pk)}).status_code == 404


def test_it_asks_one_model_alone(as_olivia: Client) -> None:
    a_model(model_id="one")
    a_model(model_id="two")
    assert b'id="comparing"' in as_olivia.get(reverse("conversations:new")).content
    assert b'id="comparing"' not in as_olivia.get(PAGE).content


def test_the_page_costs_few_queries(
    as_olivia: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_model()
    with django_assert_max_num_queries(MOST_QUERIES):
        as_olivia.get(PAGE)


def test_a_turn_is_answered_as_it_comes_and_stored_nowhere(as_olivia: Client) -> None:
    response = post(as_olivia)
    told = body(response)
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert 'aria-busy="true"' in told[0]["content"]
    assert "The service could not be reached." in told[-1]["content"]
    assert not Message.objects.exists()
    assert Call.objects.get().error_kind == "unreachable"


def test_the_model_that_is_picked_is_not_that_of_other_chats(as_olivia: Client) -> None:
    body(post(as_olivia, begins_with=uuid4()))
    assert not UserDefault.objects.exists()


def test_another_answer_comes_without_its_question(as_olivia: Client) -> None:
    first = body(post(as_olivia, replaces=uuid4()))[0]["content"]
    assert "question" not in first
    assert "message answer" in first


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"text": " "}, "Write a message first."),
        ({"text": "x" * (256 * 1024 + 1)}, "The message is too long: 257 KB."),
        ({"messages": "nonsense"}, "This chat cannot be read any more."),
        ({"messages": json.dumps(SAID * 5000)}, "more messages than a temporary chat may have"),
        ({"model": uuid4()}, "This model is not available any more."),
        ({"parameters": "[" * 9000}, "The parameters of this chat cannot be read."),
        ({"replaces": "nonsense"}, "Enter a valid UUID."),
    ],
    ids=["blank", "too long", "no list", "too many", "no model", "no parameters", "no answer"],
)
def test_what_cannot_be_asked_is_refused_with_words(
    as_olivia: Client, told: dict[str, object], words: str
) -> None:
    response = post(as_olivia, **told)
    assert response.status_code == 422
    assert words in response.text


def test_the_limits_of_questions_hold(as_olivia: Client, settings: Settings) -> None:
    settings.LIMIT_MESSAGES_PER_MINUTE = 1
    model = a_model().pk
    body(post(as_olivia, model=model))
    refused = post(as_olivia, model=model)
    assert (refused.status_code, bool(refused["Retry-After"])) == (429, True)
    assert "many messages in a short time" in refused.text


def test_it_counts_as_an_open_page(as_olivia: Client, olivia: User, settings: Settings) -> None:
    settings.LIMIT_SOCKETS = 1
    page: Any = OpenPage()
    sockets.opened(olivia, None, page)
    refused = post(as_olivia)
    sockets.closed(olivia.pk, page)
    assert (refused.status_code, "Many pages of yours" in refused.text) == (429, True)


def test_without_scripts_a_turn_leads_to_the_page_that_says_so(as_olivia: Client) -> None:
    response = as_olivia.post(TURN, fields())
    assert (response.status_code, response["Location"]) == (302, PAGE)


@pytest.mark.parametrize("path", [PAGE, TURN, KEEP])
def test_nobody_is_led_to_the_log_in(client: Client, path: str) -> None:
    response = client.get(path) if path == PAGE else client.post(path, fields())
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", [TURN, KEEP])
def test_whoever_was_signed_out_is_told_so(client: Client, path: str) -> None:
    response = client.post(path, fields(), headers=HTMX)
    assert (response.status_code, "signed out" in response.text) == (401, True)


@pytest.mark.parametrize("path", [TURN, KEEP])
def test_another_site_s_form_is_refused(olivia: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(olivia)
    assert client.post(path, fields(), headers=HTMX).status_code == 403


def test_a_stranger_asks_no_model_of_another_s_own_provider(as_sam: Client, olivia: User) -> None:
    own = Provider.objects.create(name="Own", base_url="https://a.test/v1", owner=olivia)
    response = post(as_sam, model=own.models.create(model_id="hers").pk)
    assert response.status_code == 422


def test_it_is_kept_once_and_leads_there(as_olivia: Client, olivia: User) -> None:
    told = {"id": uuid4(), "messages": json.dumps(SAID)}
    addresses = {as_olivia.post(KEEP, told, headers=HTMX)["HX-Redirect"] for _ in range(2)}
    assert addresses == {Conversation.objects.get(owner=olivia).get_absolute_url()}


def test_what_a_stranger_kept_with_the_same_id_is_theirs(
    as_olivia: Client, as_sam: Client, sam: User
) -> None:
    told = {"id": uuid4(), "messages": json.dumps(SAID)}
    as_olivia.post(KEEP, told, headers=HTMX)
    theirs = as_sam.post(KEEP, told, headers=HTMX)["HX-Redirect"]
    assert Conversation.objects.get(owner=sam).get_absolute_url() == theirs


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"id": "nonsense", "messages": json.dumps(SAID)},
        {"id": uuid4(), "messages": "[]"},
        {"id": uuid4(), "messages": json.dumps(SAID), "parameters": "{"},
    ],
    ids=["nothing", "no id", "nothing said", "no parameters"],
)
def test_what_cannot_be_kept_is_refused_and_not_stored(
    as_olivia: Client, told: dict[str, object]
) -> None:
    assert as_olivia.post(KEEP, told, headers=HTMX).status_code == 422
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("model", ["nonsense", "", "1", "00000000-0000-4000-8000-000000000000"])
def test_a_chat_whose_model_is_gone_is_kept_without_it(as_olivia: Client, model: str) -> None:
    told = {"id": uuid4(), "messages": json.dumps(SAID), "model": model}
    as_olivia.post(KEEP, told, headers=HTMX)
    assert Conversation.objects.get().model is None
