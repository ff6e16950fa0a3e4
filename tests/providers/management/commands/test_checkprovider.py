import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from providers.models import Key, Model, Provider
from tests.upstream import EVENT_STREAM, Upstream, answer, error, finish, models

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def provider(transactional_db: None, service: Upstream) -> Provider:
    provider = Provider.objects.create(name="Scripted", base_url=service.base_url)
    provider.set_key("sk-canary-0123456789")
    return provider


def test_a_chat_that_can_be_had_is_told_step_by_step(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    service.script(models("one"))
    service.script(*answer("Hello"))
    call_command("checkprovider", "Scripted")
    steps = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert steps == ["Address", "Models", "Chat"]


def test_the_key_is_not_told(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    service.script(models("one"))
    call_command("checkprovider", "Scripted")
    assert "canary" not in capsys.readouterr().out


def test_a_refused_chat_fails_in_words(provider: Provider, service: Upstream) -> None:
    service.script(models("one"))
    service.script(error(401, "no such key"))
    with pytest.raises(CommandError, match="The service refused the key"):
        call_command("checkprovider", "Scripted")


def test_an_answer_without_a_word_is_no_chat(provider: Provider, service: Upstream) -> None:
    service.script(models("one"))
    service.script(EVENT_STREAM, finish())
    with pytest.raises(CommandError, match="Chat: one"):
        call_command("checkprovider", "Scripted")


def test_a_service_without_a_list_will_do_if_a_model_is_known(
    provider: Provider, service: Upstream
) -> None:
    Model.objects.create(provider=provider, model_id="known")
    service.script(error(404, "no list here"))
    call_command("checkprovider", "Scripted")
    assert service.journal[-1].body["model"] == "known"


def test_without_a_model_there_is_no_chat(provider: Provider, service: Upstream) -> None:
    service.script(models())
    with pytest.raises(CommandError, match="No model of Scripted"):
        call_command("checkprovider", "Scripted")


def test_without_a_name_it_asks_what_a_new_chat_would(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    Model.objects.create(provider=provider, model_id="one")
    service.script(models("one"))
    call_command("checkprovider")
    assert "Scripted" in capsys.readouterr().out


def test_without_a_name_it_asks_the_environments_provider_first(
    provider: Provider, settings: Settings
) -> None:
    Model.objects.create(provider=provider, model_id="one")
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(CommandError, match=r"No model of 127\.0\.0\.1:9"):
        call_command("checkprovider")


def test_an_unknown_name_is_told(transactional_db: None) -> None:
    with pytest.raises(CommandError, match="no provider named Nobody") as refusal:
        call_command("checkprovider", "Nobody")
    assert refusal.value.returncode == 2


def test_a_key_of_another_ring_is_told(provider: Provider) -> None:
    Key.objects.create(provider=provider, sealed=b"of another ring")
    with pytest.raises(CommandError, match="ENCRYPTION_KEYS"):
        call_command("checkprovider", "Scripted")
