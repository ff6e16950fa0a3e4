"""What asks the service of a user's own provider, and where it may not lead."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django.fixtures import Settings

from providers.models import Model, Provider
from tests.providers.streamed import read
from tests.upstream import Upstream, error, models

PRIVATE = "leads into a private network"


def fetched(client: Client, provider: Provider) -> str:
    response = client.post(f"/providers/{provider.pk}/fetch/")
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def checked(client: Client, provider: Provider, **fields: str) -> str:
    return read(client.post(f"/providers/{provider.pk}/check/", fields))


def test_the_button_fetches_the_models(as_olivia: Client, own: Provider, service: Upstream) -> None:
    service.script(models("one"))
    assert "1 model is listed" in fetched(as_olivia, own)
    assert own.models.get().model_id == "one"


@pytest.mark.django_db(transaction=True)
def test_the_doctor_tells_each_step_and_what_to_do(
    as_olivia: Client, own: Provider, service: Upstream
) -> None:
    service.script(models("one"))
    service.script(error(402, "no credit"))
    page = checked(as_olivia, own)
    assert [sign in page for sign in ("step good", "step failed", "Top it up there")] == [True] * 3
    assert "No chat can be had yet." in page


@pytest.mark.django_db(transaction=True)
def test_the_doctor_asks_the_model_that_was_named(
    as_olivia: Client, own: Provider, service: Upstream
) -> None:
    service.script(models("one"))
    page = checked(as_olivia, own, model="组织/模型 1")
    assert service.journal[1].model == "组织/模型 1"
    assert 'value="组织/模型 1"' in page


@pytest.mark.django_db(transaction=True)
def test_what_a_service_says_to_the_doctor_is_escaped(
    as_olivia: Client, own: Provider, service: Upstream
) -> None:
    service.script(error(401, "<script>alert(1)</script>"))
    assert "<script>alert" not in checked(as_olivia, own)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:{port}",
        "http://localhost:{port}",
        "http://[::1]:{port}",
        "http://[::ffff:127.0.0.1]:{port}",
        "http://127.1:{port}",
        "http://2130706433:{port}",
        "http://0.0.0.0:{port}",
        "http://169.254.169.254",
        "http://10.0.0.1",
        "http://192.168.1.5:11434",
    ],
)
@pytest.mark.parametrize("field", ["base_url", "further_base_urls"])
def test_a_private_address_is_refused_in_words(
    as_olivia: Client, own: Provider, service: Upstream, settings: Settings,
    base_url: str, field: str
) -> None:  # fmt: skip
    settings.ALLOWED_PRIVATE_UPSTREAMS = ()
    entered = {"name": "Inner", "base_url": "https://x.invalid", "route_order": "fixed"}
    address = base_url.format(port=service.base_url.split(":")[2].split("/")[0])
    page = as_olivia.post("/providers/new/", {**entered, field: address}).content.decode()
    assert PRIVATE in page or "Write an IP address as four numbers" in page
    assert (Provider.objects.get(), service.journal) == (own, [])


def test_an_address_that_is_not_allowed_any_more_is_not_asked(
    as_olivia: Client, own: Provider, service: Upstream, settings: Settings
) -> None:
    settings.ALLOWED_PRIVATE_UPSTREAMS = ()
    assert f"This {PRIVATE}. Ask an administrator to allow it." in fetched(as_olivia, own)
    assert service.journal == []


@pytest.mark.django_db(transaction=True)
def test_the_doctor_goes_to_no_private_address(
    as_olivia: Client, own: Provider, service: Upstream, settings: Settings
) -> None:
    settings.ALLOWED_PRIVATE_UPSTREAMS = ()
    assert f"127.0.0.1 {PRIVATE}" in checked(as_olivia, own)
    assert service.journal == []


def test_a_name_that_leads_inside_is_told_when_it_is_asked(
    as_olivia: Client, own: Provider, service: Upstream, settings: Settings
) -> None:
    settings.ALLOWED_PRIVATE_UPSTREAMS = ()
    Provider.objects.update(base_url=service.base_url.replace("127.0.0.1", "localhost"))
    own.refresh_from_db()
    assert f"This {PRIVATE}." in fetched(as_olivia, own)
    assert service.journal == []


def test_the_models_stay_the_owners(as_sam: Client, own: Provider) -> None:
    Model.objects.create(provider=own, model_id="secret-model")
    assert "secret-model" not in as_sam.get("/").content.decode()
