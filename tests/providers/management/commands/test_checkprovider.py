import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from providers.fakeupstream.responses import response
from providers.models import Call, Key, Model, Provider
from tests.upstream import Upstream, answer, error, models

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def provider(transactional_db: None, service: Upstream) -> Provider:
    provider = Provider.objects.create(name="Scripted", base_url=service.base_url)
    provider.set_key("sk-canary-0123456789")
    return provider


def whole(text: str) -> tuple[bytes, ...]:
    message = {"role": "assistant", "content": text}
    body = {"choices": [{"message": message, "finish_reason": "stop"}]}
    return (response(200, "application/json", json.dumps(body).encode()),)


def scripted(service: Upstream) -> None:
    """A service where all is well."""
    service.script(models("one", "bge-m3"))
    service.script(*whole("Hello"))
    service.script(*answer("Hello"))
    service.script(*whole("Periwinkle."))
    service.script(error(400, "no images here"))
    vector = json.dumps({"data": [{"embedding": [0.1, 0.2]}]}).encode()
    service.script(response(200, "application/json", vector))


def test_a_chat_that_can_be_had_is_told_step_by_step(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted(service)
    call_command("checkprovider", "Scripted")
    steps = [line.split(" (")[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert steps[:3] == ["+ Address", "+ Key and models", "+ Chat"]
    assert "~ Image input" in steps
    assert "+ Embeddings" in steps


def test_the_card_is_told_at_the_end(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted(service)
    call_command("checkprovider", "Scripted")
    card = capsys.readouterr().out.splitlines()[-1]
    assert "Chat: yes" in card
    assert "Image input: no" in card
    assert "Embeddings: yes (bge-m3)" in card


def test_what_was_found_is_kept_with_the_model(provider: Provider, service: Upstream) -> None:
    model = Model.objects.create(provider=provider, model_id="one")
    scripted(service)
    call_command("checkprovider", "Scripted")
    model.refresh_from_db()
    assert model.checked_at is not None
    assert model.capabilities == {"chat": True, "image_input": False}
    assert len(model.card) == 9


def test_what_was_found_of_another_model_is_kept_with_that(
    provider: Provider, service: Upstream
) -> None:
    for name in ("one", "bge-m3"):
        Model.objects.create(provider=provider, model_id=name)
    for _again in range(2):
        scripted(service)
        call_command("checkprovider", "Scripted", "--model", "one")
    other = Model.objects.get(model_id="bge-m3")
    assert other.capabilities == {"embeddings": True}
    assert len(other.card) == 1


def test_each_call_is_entered_in_the_ledger(provider: Provider, service: Upstream) -> None:
    Model.objects.create(provider=provider, model_id="one")
    scripted(service)
    call_command("checkprovider", "Scripted")
    calls = list(Call.objects.values_list("kind", "outcome", "model_name").order_by("created_at"))
    answered = ("chat", "complete", "one")
    assert calls[:3] == [answered] * 3
    assert calls[3:] == [("chat", "failed", "one"), ("embeddings", "complete", "bge-m3")]


def test_the_key_is_not_told(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted(service)
    call_command("checkprovider", "Scripted")
    assert "canary" not in capsys.readouterr().out


def test_a_refused_key_fails_in_words(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    service.script(error(401, "no such key"))
    with pytest.raises(CommandError, match="No chat can be had"):
        call_command("checkprovider", "Scripted")
    assert "- Key and models" in (told := capsys.readouterr().out)
    assert "The service refused the key." in told


def test_an_answer_without_a_word_is_no_chat(provider: Provider, service: Upstream) -> None:
    service.script(models("one"))
    service.script(*whole(""))
    with pytest.raises(CommandError):
        call_command("checkprovider", "Scripted")


def test_a_service_without_a_list_will_do_if_a_model_is_known(
    provider: Provider, service: Upstream
) -> None:
    Model.objects.create(provider=provider, model_id="known")
    service.script(error(404, "no list here"))
    service.script(*whole("Hello"))
    service.script(*answer("Hello"))
    call_command("checkprovider", "Scripted")
    assert service.journal[-1].body["model"] == "known"


def test_without_a_model_there_is_no_chat(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    service.script(models())
    with pytest.raises(CommandError):
        call_command("checkprovider", "Scripted")
    assert "No model is known to ask." in capsys.readouterr().out


def test_without_a_name_it_asks_what_a_new_chat_would(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    Model.objects.create(provider=provider, model_id="one")
    scripted(service)
    call_command("checkprovider")
    assert "Scripted" in capsys.readouterr().out


def test_without_a_name_it_asks_the_environments_provider_first(
    provider: Provider, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    Model.objects.create(provider=provider, model_id="one")
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(CommandError):
        call_command("checkprovider")
    assert capsys.readouterr().out.startswith("127.0.0.1:9:")


def test_an_unknown_name_is_told(transactional_db: None) -> None:
    with pytest.raises(CommandError, match="no provider named Nobody") as refusal:
        call_command("checkprovider", "Nobody")
    assert refusal.value.returncode == 2


def test_a_key_of_another_ring_is_told(provider: Provider) -> None:
    Key.objects.create(provider=provider, sealed=b"of another ring")
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("checkprovider", "Scripted")


def test_a_service_does_not_steer_the_terminal(
    provider: Provider, service: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    service.script(models("one"))
    service.script(*whole("a\x1b[2Jb"))
    call_command("checkprovider", "Scripted")
    assert "\x1b" not in (told := capsys.readouterr().out)
    assert "a\ufffd[2Jb" in told
