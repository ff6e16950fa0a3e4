from decimal import Decimal

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from providers import catalogue, transport
from providers.catalogue import store
from providers.errors import UpstreamError
from providers.events import ModelInfo
from providers.health import HEALTH
from providers.models import Model, Provider
from providers.offer import Capabilities, TokenPrice
from tests.upstream import Upstream, error, models


def listed(*ids: str) -> list[ModelInfo]:
    return [ModelInfo(model_id) for model_id in ids]


def offered(provider: Provider) -> set[str]:
    return {model.model_id for model in Model.objects.offered().filter(provider=provider)}


def test_fetching_stores_what_the_service_lists(provider: Provider, service: Upstream) -> None:
    service.script(models("one", "two"))
    assert catalogue.refresh(provider) == 2
    assert offered(provider) == {"one", "two"}


def test_fetching_shows_the_key(provider: Provider, service: Upstream) -> None:
    provider.set_key("sk-canary")
    service.script(models("one"))
    catalogue.refresh(provider)
    assert service.journal[0].headers["authorization"] == "Bearer sk-canary"


def test_a_refusal_leaves_the_stored_models_alone(provider: Provider, service: Upstream) -> None:
    catalogue.store(provider, listed("one"))
    service.script(error(401, "who are you"))
    with pytest.raises(UpstreamError):
        catalogue.refresh(provider)
    assert offered(provider) == {"one"}


def test_a_vanished_model_is_kept_but_not_offered(provider: Provider) -> None:
    catalogue.store(provider, listed("one", "two"))
    catalogue.store(provider, listed("two"))
    assert offered(provider) == {"two"}
    assert provider.models.count() == 2


def test_a_model_that_came_back_is_offered_again(provider: Provider) -> None:
    for ids in (["one"], [], ["one"]):
        catalogue.store(provider, listed(*ids))
    assert offered(provider) == {"one"}


def test_what_was_set_by_hand_stays(provider: Provider) -> None:
    catalogue.store(provider, listed("one"))
    provider.models.update(name="By hand", enabled=False, position=7)
    catalogue.store(provider, [ModelInfo("one", "By the service")])
    assert provider.models.values_list("name", "enabled", "position").get() == ("By hand", False, 7)


def test_a_service_that_repeats_itself_is_stored_once(provider: Provider) -> None:
    catalogue.store(provider, listed("one", "one"))
    assert provider.models.count() == 1


def test_ten_thousand_models_are_stored_with_few_queries(provider: Provider) -> None:
    with CaptureQueriesContext(connection) as captured:
        catalogue.store(provider, listed(*map(str, range(10_000))))
    assert provider.models.count() == 10_000
    assert len(captured) < 250


@pytest.mark.django_db(transaction=True)
async def test_fetching_beside_answers_leaves_their_connections_alone() -> None:
    async with Upstream() as upstream:
        upstream.script(models("one"))
        provider = await Provider.objects.acreate(name="Scripted", base_url=upstream.base_url)
        connections = transport.transport()
        await sync_to_async(catalogue.refresh)(provider)
        assert transport.transport() is connections
        await transport.close()


def test_what_the_list_says_of_a_model_is_kept(provider: Provider) -> None:
    price = TokenPrice(Decimal(1), Decimal(2), Decimal("0.1"), "CNY")
    info = ModelInfo("m", "", 8000, 1000, Capabilities(chat=True, tools=False), price)
    store(provider, [info])
    model = provider.models.get()
    assert (model.context_window, model.max_output) == (8000, 1000)
    assert model.capabilities == {"chat": True, "tools": False}
    assert model.output_price == Decimal(2)
    assert (model.currency, model.price_source) == ("CNY", "service")


def test_a_price_that_was_entered_by_hand_stays(provider: Provider) -> None:
    store(provider, [ModelInfo("m")])
    provider.models.update(input_price=7, price_source="admin")
    store(provider, [ModelInfo("m", price=TokenPrice(Decimal(1), Decimal(2)), context_window=9)])
    model = provider.models.get()
    assert model.input_price == Decimal(7)
    assert model.context_window == 9


def test_what_the_list_leaves_out_comes_from_the_table(db: None) -> None:
    openai = Provider.objects.create(name="OpenAI", base_url="https://api.openai.com/v1")
    store(openai, [ModelInfo("gpt-4o-mini")])
    model = openai.models.get()
    assert model.input_price is not None
    assert (model.price_source, model.currency) == ("known", "USD")


def test_a_list_that_says_the_same_again_changes_nothing(
    provider: Provider, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    infos = [ModelInfo(f"m{n}", context_window=8000) for n in range(50)]
    store(provider, infos)
    with django_assert_max_num_queries(6):
        store(provider, infos)


def test_what_was_entered_by_hand_stays_though_no_list_has_it(provider: Provider) -> None:
    Model.objects.create(provider=provider, model_id="by hand", by_hand=True)
    catalogue.store(provider, listed("one"))
    assert offered(provider) == {"by hand", "one"}


def test_a_service_that_does_not_list_what_can_be_asked_is_not_asked(db: None) -> None:
    azure = Provider.objects.create(name="A", base_url="https://mine.openai.azure.com/openai/v1")
    Model.objects.create(provider=azure, model_id="my-deployment")
    assert catalogue.refresh(azure) is None
    assert offered(azure) == {"my-deployment"}


def test_a_failed_list_says_nothing_about_the_routes_of_chats(
    provider: Provider, service: Upstream
) -> None:
    service.script(error(401, "not for lists"))
    with pytest.raises(UpstreamError):
        catalogue.refresh(provider)
    assert HEALTH.condition(provider.endpoints()[0]).failures == 0
