import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations.drafts import keep
from conversations.models import Conversation, Message
from conversations.models.generation import State
from conversations.sending import send
from conversations.transcript import Keep, Mark
from providers.models import Model
from tests.chats import a_conversation, a_model, a_question, add_turn

HTMX = {"HX-Request": "true"}


def address(conversation: Conversation) -> str:
    return f"{conversation.get_absolute_url()}context/"


def a_chat(owner: User, turns: int = 3, **fields: Any) -> tuple[Conversation, Model]:
    chat, model = a_conversation(owner, turns=turns), a_model(**fields)
    Conversation.objects.filter(pk=chat.pk).update(model=model)
    chat.refresh_from_db()
    return chat, model


def page(client: Client, conversation: Conversation, query: str = "") -> str:
    return client.get(f"{address(conversation)}{query}").content.decode()


def shown_body(client: Client, conversation: Conversation) -> dict[str, Any]:
    text = client.get(f"{address(conversation)}request/?as=json").content
    return dict(json.loads(text))


def test_each_message_is_listed_with_what_becomes_of_it(as_olivia: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia)
    chat.send_only(Keep.TURNS, 1)
    Message.objects.get(content="question 0").keep(mark=Mark.PINNED)
    Message.objects.get(content="answer 2").keep(mark=Mark.EXCLUDED)
    fates = [part.split('"')[0] for part in page(as_olivia, chat).split('data-fate="')[1:]]
    assert fates == ["pinned", "trimmed", "trimmed", "trimmed", "sent", "excluded", "sent"]


def test_tokens_are_marked_as_estimates(as_olivia: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia, context_window=8000)
    html = page(as_olivia, chat)
    assert "≈ 7 tokens" in html
    assert "reads 8000" in html.replace(",", "")


@pytest.mark.parametrize("draft", ["", "And now?"])
@pytest.mark.parametrize(
    ("policy", "amount"), [(Keep.ALL, None), (Keep.TURNS, 1), (Keep.TOKENS, 30)]
)
def test_the_request_that_is_shown_is_the_one_that_is_sent(
    as_olivia: Client, olivia: User, draft: str, policy: Keep, amount: int | None
) -> None:
    chat, model = a_chat(olivia)
    chat.send_only(policy, amount)
    chat.instruct("Be brief.")
    chat.set_parameters({"temperature": 0.5})
    question = a_question(model, draft or "(your next message)")
    keep(olivia, chat, draft, question.send_id)
    shown = shown_body(as_olivia, chat)
    sent = send(olivia, question, chat)
    assert sent.order is not None
    assert shown == sent.order.request.to_wire(stream=True)


def test_a_policy_is_kept_and_shown_again(as_olivia: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia)
    response = as_olivia.post(address(chat), {"keep": "turns", "turns": "2", "tokens": "4000"})
    chat.refresh_from_db()
    assert response["Location"] == address(chat)
    assert (chat.keep, chat.keep_amount) == ("turns", 2)
    assert 'value="2"' in page(as_olivia, chat)


def test_a_policy_of_no_number_is_refused_in_words(as_olivia: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia)
    for number in ("", "0", "-1", "x", "99999999999"):
        response = as_olivia.post(address(chat), {"keep": "turns", "turns": number})
        assert response.status_code == 422
        assert 'id="id_turns_error"' in response.content.decode()
    assert Conversation.objects.get().keep == "all"


def test_what_stands_beside_another_choice_does_not_matter(as_olivia: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia)
    fields = {"keep": "turns", "turns": "2", "tokens": "1"}
    assert as_olivia.post(address(chat), fields).status_code == 302


def test_a_message_is_pinned_excluded_and_neither(as_olivia: Client, olivia: User) -> None:
    a_chat(olivia)
    message = Message.objects.get(content="answer 1")
    for mark in ("pinned", "excluded", ""):
        as_olivia.post(f"/m/{message.pk}/mark/", {"mark": mark})
        message.refresh_from_db()
        assert message.mark == mark


def test_a_mark_that_is_none_is_refused(as_olivia: Client, olivia: User) -> None:
    a_chat(olivia)
    message = Message.objects.get(content="answer 1")
    assert as_olivia.post(f"/m/{message.pk}/mark/", {"mark": "huge"}).status_code == 400


def test_what_is_decided_in_the_panel_renews_it_and_the_gauge(
    as_olivia: Client, olivia: User
) -> None:
    chat, _model = a_chat(olivia)
    response = as_olivia.post(address(chat), {"keep": "turns", "turns": "1"}, headers=HTMX)
    html = response.content.decode()
    assert 'hx-target="#context"' in html
    assert 'hx-target="#gauge"' in html


@pytest.mark.parametrize(("query", "takes_focus"), [("", True), ("?again=", False)])
def test_only_what_was_asked_for_takes_the_focus(
    as_olivia: Client, olivia: User, query: str, takes_focus: bool
) -> None:
    chat, _model = a_chat(olivia)
    response = as_olivia.get(f"{address(chat)}{query}", headers=HTMX)
    assert ("autofocus" in response.content.decode()) is takes_focus


def test_the_gauge_after_a_decision_survives_a_reload(as_olivia: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia)
    before = as_olivia.get(chat.get_absolute_url()).context["gauge"].tokens
    as_olivia.post(address(chat), {"keep": "turns", "turns": "1"})
    after = as_olivia.get(chat.get_absolute_url()).context["gauge"].tokens
    assert 0 < after < before


def test_the_gauge_of_another_model_has_its_window(as_olivia: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia)
    other = a_model(model_id="other", context_window=1000)
    html = as_olivia.get(f"{address(chat)}gauge/?model={other.pk}").content.decode()
    assert "1.0k" in html
    assert f"model={other.pk}" in html


def test_the_key_is_in_no_form_of_the_request(as_olivia: Client, olivia: User) -> None:
    chat, model = a_chat(olivia)
    model.provider.set_key("sk-secret-secret-secret")
    for form in ("json", "curl", "python"):
        told = as_olivia.get(f"{address(chat)}request/?as={form}").content.decode()
        assert "secret" not in told + page(as_olivia, chat, f"?as={form}")


def test_without_a_model_the_messages_are_listed_all_the_same(
    as_olivia: Client, olivia: User
) -> None:
    chat = a_conversation(olivia, turns=1)
    assert "question 0" in page(as_olivia, chat)
    assert as_olivia.get(f"{address(chat)}request/").content == b""


def test_of_a_long_chat_the_last_messages_are_listed(as_olivia: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia, turns=60)
    assert page(as_olivia, chat).count("data-fate") == 100
    assert page(as_olivia, chat, "?all=1").count("data-fate") == 121


def test_a_long_chat_costs_no_more_queries(
    as_olivia: Client, olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chat, _model = a_chat(olivia, turns=60)
    page(as_olivia, chat)
    with django_assert_num_queries(10):
        page(as_olivia, chat, "?all=1")


def test_a_stranger_finds_none_of_it(as_sam: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia)
    message = Message.objects.get(content="answer 1")
    for path in ("", "request/", "gauge/"):
        assert as_sam.get(f"{address(chat)}{path}").status_code == 404
    assert as_sam.post(address(chat), {"keep": "turns", "turns": "1"}).status_code == 404
    assert as_sam.post(f"/m/{message.pk}/mark/", {"mark": "pinned"}).status_code == 404
    message.refresh_from_db()
    assert message.mark == ""


@pytest.mark.django_db(transaction=True)
def test_too_long_a_chat_is_trimmed_and_sent_again(as_olivia: Client, olivia: User) -> None:
    chat, _model = a_chat(olivia)
    leaf = add_turn(chat, "Too much?", "", State.FAILED)
    type(leaf.generation).objects.filter(message=leaf).update(error_kind="context_too_long")
    chat.show(leaf=leaf, model=chat.model)
    html = as_olivia.get(chat.get_absolute_url()).content.decode()
    assert "Trim and send again" in html
    as_olivia.post(f"/m/{leaf.pk}/retry/", {"last_turns": "2", "model": str(chat.model_id)})
    chat.refresh_from_db()
    assert (chat.keep, chat.keep_amount) == ("turns", 2)
    assert chat.leaf_id != leaf.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "turns", ["0", "-1", "many", "1001", "9" * 5000, "0" * 8 + "1" + "9" * 20, "٣"]
)
def test_a_number_of_turns_that_cannot_be_trims_nothing(
    as_olivia: Client, olivia: User, turns: str
) -> None:
    chat, _model = a_chat(olivia)
    as_olivia.post(f"/m/{chat.leaf_id}/retry/", {"last_turns": turns, "model": str(chat.model_id)})
    chat.refresh_from_db()
    assert chat.keep == "all"
