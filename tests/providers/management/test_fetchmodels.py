import pytest

from chatsite.models import User
from providers.models import Model, Provider
from tests.providers.management.terminal import Terminal
from tests.upstream import Upstream, error, models


@pytest.fixture
def other(provider: Provider, service: Upstream) -> Provider:
    """A second one, at the same service."""
    return Provider.objects.create(name="Other", base_url=service.base_url)


def test_every_list_is_fetched(terminal: Terminal, service: Upstream, other: Provider) -> None:
    service.script(models("a", "b"))
    service.script(models("c"))
    told = terminal.run("fetchmodels")
    assert told.text == "Other: 2 models are listed.\nScripted: 1 model is listed.\n"
    assert (told.code, Model.objects.count()) == (0, 3)


def test_the_named_list_is_fetched_though_it_is_off(
    terminal: Terminal, service: Upstream, other: Provider
) -> None:
    Provider.objects.update(enabled=False)
    service.script(models("a"))
    assert terminal.run("fetchmodels", "Other").text == "Other: 1 model is listed.\n"
    assert len(service.journal) == 1


def test_one_that_fails_is_told_after_the_others_were_fetched(
    terminal: Terminal, service: Upstream, other: Provider
) -> None:
    service.script(error(401, "who are you"))
    service.script(models("c"))
    told = terminal.run("fetchmodels")
    assert (told.code, told.text) == (1, "Scripted: 1 model is listed.\n")
    assert "Other: The service refused the key." in told.error


def test_a_name_that_nobody_has_is_a_bad_argument(terminal: Terminal, db: None) -> None:
    assert terminal.run("fetchmodels", "Nobody").code == 2


def test_a_users_own_list_is_fetched_under_their_guard(
    terminal: Terminal, service: Upstream, provider: Provider, olivia: User
) -> None:
    Provider.objects.update(owner=olivia)
    assert terminal.run("fetchmodels").code == 1
    assert service.journal == []


def test_a_service_that_lists_nothing_to_ask_is_told_so(terminal: Terminal, db: None) -> None:
    Provider.objects.create(name="A", base_url="https://mine.openai.azure.com/openai/v1")
    told = terminal.run("fetchmodels")
    assert (told.code, "Add its models by hand." in told.text) == (0, True)
