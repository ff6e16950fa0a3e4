import pytest
from django.core.management.base import CommandError
from pytest_django import Settings

from providers import catalogue, local
from providers.events import ModelInfo
from providers.models import Model, Provider, Source
from providers.provision import provision_from_environment
from tests.upstream import Upstream, error, models


@pytest.fixture(autouse=True)
def _environment(db: None, settings: Settings, service: Upstream) -> None:
    settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = service.base_url, "sk-from-environment"


def offered() -> list[str]:
    return [model.model_id for model in Model.objects.offered()]


def test_the_environments_provider_is_made_with_its_models(service: Upstream) -> None:
    service.script(models("one", "two"))
    provision_from_environment()
    assert Provider.objects.get(source=Source.ENV).endpoints()[0].key == "sk-from-environment"
    assert offered() == ["one", "two"]


def test_a_second_start_changes_nothing(service: Upstream) -> None:
    for _start in range(2):
        service.script(models("one"))
        provision_from_environment()
    assert (Provider.objects.count(), offered()) == (1, ["one"])


def test_a_new_key_replaces_the_old_one(settings: Settings) -> None:
    provision_from_environment()
    settings.OPENAI_API_KEY = "sk-new"
    provision_from_environment()
    assert Provider.objects.get().endpoints()[0].key == "sk-new"


def test_the_provider_is_called_by_its_host(service: Upstream) -> None:
    provision_from_environment()
    assert Provider.objects.get().name in service.base_url


def test_a_name_given_by_hand_stays() -> None:
    provision_from_environment()
    Provider.objects.update(name="By hand")
    provision_from_environment()
    assert Provider.objects.get().name == "By hand"


def test_a_name_that_is_taken_is_told_apart(service: Upstream) -> None:
    host = service.base_url.split("/")[2]
    Provider.objects.create(name=host, base_url=service.base_url)
    provision_from_environment()
    assert Provider.objects.get(source=Source.ENV).name == f"{host} (environment)"


def test_a_service_that_refuses_its_list_does_not_stop_the_start(service: Upstream) -> None:
    service.script(error(500, "out of order"))
    provision_from_environment()
    assert Provider.objects.filter(source=Source.ENV, enabled=True).exists()


def test_the_named_model_is_offered_without_a_list(settings: Settings, service: Upstream) -> None:
    settings.OPENAI_MODEL = "named"
    service.script(error(404, "no list here"))
    provision_from_environment()
    assert offered() == ["named"]


def test_the_named_model_goes_first(settings: Settings, service: Upstream) -> None:
    settings.OPENAI_MODEL = "named"
    service.script(models("a", "named"))
    provision_from_environment()
    assert offered() == ["named", "a"]


def test_the_named_model_stays_though_the_list_has_it_no_more(
    settings: Settings, service: Upstream
) -> None:
    settings.OPENAI_MODEL = "named"
    for _start in range(2):
        service.script(models("a"))
        provision_from_environment()
    assert offered() == ["named", "a"]


def test_without_the_variable_the_provider_is_kept_but_not_used(settings: Settings) -> None:
    provision_from_environment()
    settings.OPENAI_BASE_URL = ""
    provision_from_environment()
    assert not Provider.objects.get(source=Source.ENV).enabled


@pytest.mark.parametrize(
    ("name", "value"),
    [("OPENAI_API_KEY", "sk-\nX: y"), ("OPENAI_BASE_URL", "https://user:secret@host/v1")],
)
def test_a_wrong_value_ends_the_start_in_one_line(
    settings: Settings, name: str, value: str
) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=f"^{name} must be .*$") as refusal:
        provision_from_environment()
    assert value not in str(refusal.value)


def test_the_environments_models_go_first_and_the_embedded_one_last(
    settings: Settings, service: Upstream
) -> None:
    settings.LOCAL_MODEL = True
    by_hand = Provider.objects.create(name="By hand", base_url="https://api.example.org/v1")
    catalogue.store(by_hand, [ModelInfo("by-hand")])
    service.script(models("zz"))
    provision_from_environment()
    assert offered() == ["zz", "by-hand", local.MODEL_ID]


def test_the_embedded_model_is_not_offered_when_it_is_not_wanted(settings: Settings) -> None:
    settings.LOCAL_MODEL = True
    provision_from_environment()
    settings.LOCAL_MODEL = False
    provision_from_environment()
    assert local.MODEL_ID not in offered()


def test_the_embedded_models_window_is_what_its_process_has(settings: Settings) -> None:
    settings.LOCAL_MODEL = True
    provision_from_environment()
    assert Model.objects.get(model_id=local.MODEL_ID).context_window == local.CONTEXT_WINDOW
