import pytest
from pytest_django import Settings

from providers.errors import ErrorKind, UpstreamError
from providers.models import Model, Provider, Source
from providers.routes import Route, resolve


def a_model(**fields: object) -> Model:
    provider = Provider(name="Example", base_url="https://api.example.org/v1", **fields)
    provider.set_key("sk-canary")
    return Model(provider=provider, model_id="m")


async def test_a_route_leads_to_the_providers_endpoint() -> None:
    model = a_model()
    assert await resolve(Route.to(model)) == model.provider.endpoint()


async def test_a_key_that_cannot_be_opened_is_told_when_the_route_is_taken() -> None:
    model = a_model()
    model.provider.sealed_key = b"of another ring"
    with pytest.raises(UpstreamError) as refusal:
        await resolve(Route.to(model))
    assert refusal.value.kind == ErrorKind.AUTH


async def test_an_embedded_model_that_is_not_wanted_is_told_as_an_error(settings: Settings) -> None:
    settings.LOCAL_MODEL = False
    with pytest.raises(UpstreamError, match="not installed"):
        await resolve(Route.to(a_model(source=Source.LOCAL)))


def test_a_route_shows_no_key() -> None:
    assert "canary" not in repr(Route.to(a_model()))
