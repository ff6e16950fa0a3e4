"""Picking one of very many models: the composer has some of them, a page of its own has all."""

import gzip
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.models import Conversation
from providers.models import Model, Provider
from providers.picking import remember_default
from tests.chats import a_conversation, a_model, add_turn
from tests.people import may_own_providers

MANY = 10_000
FIXED = 14  # however many models there are


@pytest.fixture
def many() -> list[Model]:
    provider = a_model(model_id="a first").provider
    models = [Model(provider=provider, model_id=f"m-{number:05}") for number in range(MANY)]
    return Model.objects.bulk_create(models)


def options(page: str) -> list[str]:
    return re.findall(r'<option value="([^"]+)"', page)


def picked(page: str) -> str:
    (found,) = map(str, re.findall(r'<option value="([^"]+)" selected', page))
    return found


def a_chat_with(model: Model, owner: User) -> Conversation:
    conversation = a_conversation(owner)
    conversation.show(add_turn(conversation, "q", "a"), model)
    return conversation


def test_the_chat_page_stays_small_among_very_many_models(
    as_olivia: Client, many: list[Model], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(FIXED):
        page = as_olivia.get(f"/?model={many[-1].pk}").content
    assert len(gzip.compress(page)) < 60_000
    assert len(options(page.decode())) == 201


def test_what_was_asked_for_is_picked_wherever_it_stands(
    as_olivia: Client, olivia: User, many: list[Model]
) -> None:
    conversation = a_chat_with(many[-2], olivia)
    address = conversation.get_absolute_url()
    assert picked(as_olivia.get(address).content.decode()) == str(many[-2].pk)
    wanted = as_olivia.get(f"{address}?model={many[-1].pk}").content.decode()
    assert picked(wanted) == str(many[-1].pk)


@pytest.mark.parametrize("whose", ["site", "user"])
def test_a_default_far_down_the_list_is_picked(
    as_olivia: Client, olivia: User, many: list[Model], whose: str
) -> None:
    if whose == "site":
        Model.objects.make_default(many[-1])
    else:
        remember_default(olivia, many[-1])
    assert picked(as_olivia.get("/").content.decode()) == str(many[-1].pk)


def test_where_the_picker_has_not_all_it_leads_to_all(
    as_olivia: Client, olivia: User, many: list[Model]
) -> None:
    conversation = a_chat_with(many[0], olivia)
    for address in ("/", conversation.get_absolute_url()):
        page = as_olivia.get(address).content.decode()
        assert f'href="{address}models/"' in page
        assert re.search(r"All 10,?001 models", page)


def test_where_the_picker_has_all_it_leads_nowhere(as_olivia: Client) -> None:
    a_model()
    assert "models/" not in as_olivia.get("/").content.decode()


@pytest.mark.parametrize("wanted", ["", "x", "9" * 5000, "00000000-0000-0000-0000-000000000000"])
def test_a_model_that_is_none_changes_nothing(as_olivia: Client, olivia: User, wanted: str) -> None:
    model = a_model()
    address = a_chat_with(model, olivia).get_absolute_url()
    assert picked(as_olivia.get(address, {"model": wanted}).content.decode()) == str(model.pk)


def test_all_models_are_shown_page_by_page(
    as_olivia: Client, many: list[Model], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        last = as_olivia.get("/models/", {"page": "201"}).content.decode()
    assert f'href="/?model={many[-1].pk}"' in last
    assert len(last) < 30_000


def test_models_are_found_by_words_in_name_id_and_service(as_olivia: Client) -> None:
    a_model(model_id="org/通义-1", name="Qwen")
    a_model(model_id="other")
    for words in ("qwen", "通义 ORG", "scripted qwen"):
        page = as_olivia.get("/models/", {"q": words}).content.decode()
        assert (page.count('href="/?model='), "Qwen" in page) == (1, True)


@pytest.mark.parametrize("query", ["\x00", "<b>", "%", "_", "'", "x" * 5000, "a " * 500])
def test_a_search_is_only_words(as_olivia: Client, query: str) -> None:
    a_model()
    page = as_olivia.get("/models/", {"q": query}).content.decode()
    assert "<b>" not in page
    assert page.count('href="/?model=') == (query == "\x00")


def test_the_next_page_searches_the_same(as_olivia: Client, many: list[Model]) -> None:
    page = as_olivia.get("/models/", {"q": "m-0 &"}).content.decode()
    assert "?model=" not in page
    page = as_olivia.get("/models/", {"q": "m- 9"}).content.decode()
    assert 'href="/models/?q=m-%209&amp;page=2#models-heading"' in page


def test_a_model_for_a_conversation_leads_back_to_it(as_olivia: Client, olivia: User) -> None:
    model = a_model()
    address = a_chat_with(model, olivia).get_absolute_url()
    page = as_olivia.get(f"{address}models/").content.decode()
    assert f'href="{address}?model={model.pk}"' in page


def test_a_strangers_conversation_has_no_such_page(
    as_sam: Client, client: Client, olivia: User
) -> None:
    address = f"{a_chat_with(a_model(), olivia).get_absolute_url()}models/"
    assert as_sam.get(address).status_code == 404
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_another_users_own_models_are_not_listed(
    as_olivia: Client, as_sam: Client, olivia: User
) -> None:
    may_own_providers(olivia)
    own = Provider.objects.create(name="Mine", base_url="https://x/v1", owner=olivia)
    model = own.models.create(model_id="secret-model")
    a_model(model_id="shared")
    assert "secret-model" in as_olivia.get("/models/").content.decode()
    assert "secret-model" not in as_sam.get("/models/").content.decode()
    assert str(model.pk) not in as_sam.get(f"/?model={model.pk}").content.decode()
