import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings

from providers.errors import ErrorKind, UpstreamError
from providers.models import Model, Provider, Source
from providers.ordering import Order
from providers.routes import Routes, resolve

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def routes_to_a_model(sealed: bytes = b"", **fields: object) -> Routes:
    provider = Provider.objects.create(
        name="Example", base_url="https://api.example.org/v1", **fields
    )
    provider.set_key("sk-canary")
    if sealed:
        provider.keys.update(sealed=sealed)
    return Routes.to(Model(provider=provider, model_id="m"))


async def test_routes_lead_to_the_provider_s_endpoints() -> None:
    [endpoint] = await resolve(await routes_to_a_model())
    assert (endpoint.base_url, endpoint.key) == ("https://api.example.org/v1", "sk-canary")


async def test_a_key_that_cannot_be_opened_is_told_when_the_routes_are_taken() -> None:
    routes = await routes_to_a_model(sealed=b"of another ring")
    with pytest.raises(UpstreamError) as refusal:
        await resolve(routes)
    assert refusal.value.kind == ErrorKind.AUTH


async def test_an_embedded_model_that_is_not_wanted_is_told_as_an_error(settings: Settings) -> None:
    settings.LOCAL_MODEL = False
    routes = await routes_to_a_model(source=Source.LOCAL)
    with pytest.raises(UpstreamError, match="not installed"):
        await resolve(routes)


async def test_the_order_of_routes_is_the_provider_s() -> None:
    assert (await routes_to_a_model(route_order="fixed")).policy.order == Order.FIXED


async def test_routes_show_no_key() -> None:
    assert "canary" not in repr(await routes_to_a_model())
