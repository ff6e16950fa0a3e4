from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.branch import PAGE
from conversations.frames import foot
from conversations.models import Generation, Message
from conversations.models.generation import State
from providers.models import Model
from providers.picking import remember_default
from tests.chats import a_conversation, a_model, add_turn
from tests.people import may_own_providers

HTMX = {"HX-Request": "true"}


def test_a_new_chat_has_a_composer_with_the_first_model_picked(as_olivia: Client) -> None:
    model = a_model()
    page = as_olivia.get("/").content.decode()
    assert f'<option value="{model.pk}" selected' in page


@pytest.mark.parametrize("whose", ["site", "user"])
def test_a_new_chat_has_the_default_picked_and_named_so(
    as_olivia: Client, olivia: User, whose: str
) -> None:
    a_model(model_id="first")
    model = a_model(model_id="second", position=5)
    if whose == "site":
        Model.objects.make_default(model)
    else:
        remember_default(olivia, model)
    page = as_olivia.get("/").content.decode()
    assert f'<option value="{model.pk}" selected' in page
    assert page.index('label="Default (Scripted)"') < page.index(f'value="{model.pk}" selected')
    assert page.count(f'value="{model.pk}"') == 2  # in the picker, and as what it began with


def test_a_chat_keeps_its_model_whatever_the_default_is(as_olivia: Client, olivia: User) -> None:
    own, other = a_model(model_id="own"), a_model(model_id="other")
    Model.objects.make_default(other)
    conversation = a_conversation(olivia)
    conversation.show(add_turn(conversation, "q", "a"), own)
    page = as_olivia.get(conversation.get_absolute_url()).content.decode()
    assert f'<option value="{own.pk}" selected' in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_picker_asks_as_much_for_many_models_as_for_one(
    as_olivia: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        a_model(model_id=f"m{number}")
    with django_assert_num_queries(12):
        as_olivia.get("/")


def test_a_conversation_shows_its_questions_and_answers(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia)
    conversation.show(add_turn(conversation, "1 < 2 *?*", "**yes**"), None)
    page = as_olivia.get(conversation.get_absolute_url()).content.decode()
    assert "1 &lt; 2 *?*" in page
    assert "<strong>yes</strong>" in page


def test_earlier_turns_come_when_asked_for(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia, turns=PAGE)
    address = conversation.get_absolute_url()
    assert "question 0<" not in as_olivia.get(address).content.decode()
    leaf = conversation.messages.get(content=f"question {PAGE // 2}")
    earlier = as_olivia.get(f"{address}?before={leaf.pk}", headers=HTMX).content.decode()
    assert "question 0<" in earlier
    assert "<html" not in earlier


def test_the_text_of_an_answer_is_its_markdown(as_olivia: Client, olivia: User) -> None:
    answer = add_turn(a_conversation(olivia), "q", "**raw** <b>")
    response = as_olivia.get(f"/m/{answer.pk}/text/")
    assert response.content == b"**raw** <b>"
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("state", [s for s in State if s is not State.RUNNING])
def test_an_answer_says_how_it_ended(as_olivia: Client, olivia: User, state: State) -> None:
    conversation = a_conversation(olivia)
    conversation.show(add_turn(conversation, "q", "a", state), None)
    page = as_olivia.get(conversation.get_absolute_url()).content.decode()
    assert f'data-state="{state}"' in page
    assert 'aria-busy="true"' not in page


@pytest.mark.parametrize("turns", [1, 10])
def test_a_page_asks_as_much_for_many_turns_as_for_one(
    as_olivia: Client,
    olivia: User,
    turns: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    conversation = a_conversation(olivia, turns=turns)
    with django_assert_max_num_queries(18):
        as_olivia.get(conversation.get_absolute_url())


def test_the_list_asks_as_much_for_many_conversations_as_for_one(
    as_olivia: Client, olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 30):
        for number in range(count):
            a_conversation(olivia, f"chat {number}")
        with django_assert_num_queries(7):
            as_olivia.get("/c/", headers=HTMX)


@pytest.mark.parametrize(("is_staff", "is_told"), [(True, True), (False, False)])
def test_only_an_administrator_reads_what_the_service_said(
    as_olivia: Client, olivia: User, is_staff: bool, is_told: bool
) -> None:
    olivia.is_staff = is_staff
    olivia.save()
    conversation = a_conversation(olivia)
    answer = add_turn(conversation, "q", "a", State.FAILED)
    conversation.show(answer, None)
    Generation.objects.update(error_kind="upstream", error_detail="trace of the relay")
    page = as_olivia.get(conversation.get_absolute_url()).content.decode()
    assert ("trace of the relay" in page) is is_told
    assert (
        "trace of the relay" in foot(Message.objects.get(pk=answer.pk), olivia, "en")
    ) is is_told


@pytest.mark.parametrize(
    ("is_staff", "is_own", "is_told"),
    [(True, False, True), (False, True, True), (False, False, False)],
    ids=["administrator", "owner", "user"],
)
def test_who_may_change_the_base_url_is_told_which_to_try(
    as_olivia: Client, olivia: User, is_staff: bool, is_own: bool, is_told: bool
) -> None:
    User.objects.update(is_staff=is_staff)
    conversation = a_conversation(olivia)
    conversation.show(add_turn(conversation, "q", "", State.FAILED), None)
    wrong = {"sign": "page", "suggestion": "https://r.example/v1", "is_own": is_own}
    Generation.objects.update(error_kind="protocol", wrong_base=wrong)
    page = as_olivia.get(conversation.get_absolute_url()).content.decode()
    assert "A web page answered instead of the service." in page
    assert ("Try https://r.example/v1 as the base URL." in page) is is_told
    assert ("Ask an administrator to check the base URL" in page) is not is_told


def test_without_javascript_each_look_at_an_answer_is_at_another_address(
    as_olivia: Client, olivia: User
) -> None:
    conversation = a_conversation(olivia)
    answer = add_turn(conversation, "q", "so far", State.RUNNING)
    conversation.show(answer, None)
    address, question = conversation.get_absolute_url(), answer.parent
    assert question is not None
    first = as_olivia.get(address).content.decode()
    assert f"url={address}?again#{question.dom_id}" in first
    second = as_olivia.get(f"{address}?again").content.decode()
    assert f"url={address}#{question.dom_id}" in second


def test_a_chat_shows_what_it_has_cost(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia, turns=1)
    Generation.objects.update(cost=Decimal("0.0042"), currency="USD")
    page = as_olivia.get(conversation.get_absolute_url()).content.decode()
    assert "$0.00420</span>" in page


@pytest.mark.parametrize("is_staff", [False, True])
def test_staff_alone_is_told_how_keys_end(as_olivia: Client, olivia: User, is_staff: bool) -> None:
    User.objects.update(is_staff=is_staff)
    conversation = a_conversation(olivia)
    conversation.show(add_turn(conversation, "q", "a"), None)
    tried = [{"route": "B, b.example, #1, …c0de", "kind": "auth", "detail": ""}]
    Generation.objects.update(route="B, b.example, #2, …f3a9", tried=tried)
    page = as_olivia.get(conversation.get_absolute_url()).content.decode()
    assert "B, b.example, #1" in page
    assert "Answered by B, b.example, #2" in page
    assert ["f3a9" in page, "c0de" in page] == [is_staff] * 2


@pytest.mark.parametrize(
    ("who", "way"),
    [("ada", "/admin/providers/provider/add/"), ("owner", "/providers/new/"), ("sam", "Reload")],
)
def test_without_a_model_each_is_shown_the_way_that_they_have(
    ada: User, olivia: User, sam: User, client: Client, who: str, way: str
) -> None:
    may_own_providers(olivia)
    client.force_login({"ada": ada, "owner": olivia, "sam": sam}[who])
    page = client.get("/").content.decode()
    assert "There is no model to ask yet" in page
    assert way in page
