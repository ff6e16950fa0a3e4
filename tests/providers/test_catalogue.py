import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import catalogue, transport
from providers.errors import UpstreamError
from providers.events import ModelInfo
from providers.models import Model, Provider
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
        connections: httpx.AsyncClient = transport.client()
        await sync_to_async(catalogue.refresh)(provider)
        assert not connections.is_closed
        await transport.close()
