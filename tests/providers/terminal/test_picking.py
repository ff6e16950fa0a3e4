import pytest
from django.core.management.base import CommandError

from chatsite.models import User
from providers.models import Model, Provider
from providers.terminal.picking import Function, pick_model
from tests.people import may_own_providers

IDS = {
    Function.EMBEDDINGS: [
        *("text-embedding-3-small", "nomic-embed-text", "BAAI/bge-m3", "intfloat/e5-large"),
        *("gemini-embedding-001", "all-minilm"),
    ],
    Function.IMAGES: [
        *("gpt-image-1", "dall-e-3", "black-forest-labs/FLUX.1-schnell", "Kwai-Kolors/Kolors"),
        *("stabilityai/stable-diffusion-3-5", "imagen-4.0", "qwen-image"),
    ],
    Function.TRANSCRIPTIONS: [
        *("whisper-large-v3", "gpt-4o-mini-transcribe", "FunAudioLLM/SenseVoiceSmall"),
        *("TeleAI/TeleSpeechASR", "voxtral-mini"),
    ],
    Function.SPEECH: [
        "tts-1-hd",
        "gpt-4o-mini-tts",
        "FunAudioLLM/CosyVoice2-0.5B",
        "hexgrad/Kokoro",
    ],
}
CHATS = ["gpt-5.5", "deepseek-chat", "qwen3-vl-plus", "claude-sonnet-4-5", "mistral-large-latest"]
CASES = [(function, model_id) for function, ids in IDS.items() for model_id in ids]


@pytest.fixture
def site(db: None) -> Provider:
    """A site that offers models for chats."""
    provider = Provider.objects.create(name="A", base_url="http://127.0.0.1:1/v1")
    for model_id in CHATS:
        Model.objects.create(provider=provider, model_id=model_id)
    return provider


@pytest.mark.parametrize(("function", "model_id"), CASES)
def test_the_first_model_that_is_called_fit_is_taken(
    sam: User, site: Provider, function: Function, model_id: str
) -> None:
    others = [name for other, name in CASES if other is not function]
    for name in [*others, model_id]:
        Model.objects.create(provider=site, model_id=name, position=1)
    assert pick_model(sam, function, "", "").model_id == model_id


def test_an_id_that_several_providers_have_is_the_one_that_is_offered(
    sam: User, site: Provider
) -> None:
    Model.objects.create(provider=site, model_id="m", enabled=False)
    other = Provider.objects.create(name="B", base_url="http://127.0.0.1:2/v1")
    Model.objects.create(provider=other, model_id="m", position=9)
    assert pick_model(sam, Function.SPEECH, "m", "").provider == other


def test_an_id_that_nobody_lists_is_asked_where_a_chat_would_be(sam: User, site: Provider) -> None:
    Provider.objects.create(name="0", base_url="http://127.0.0.1:2/v1")
    assert pick_model(sam, Function.SPEECH, "new", "").provider == site


def test_a_provider_that_is_turned_off_is_not_asked(sam: User, site: Provider) -> None:
    Provider.objects.create(name="B", base_url="http://127.0.0.1:2/v1")
    Provider.objects.filter(pk=site.pk).update(enabled=False)
    assert pick_model(sam, Function.SPEECH, "gpt-5.5", "").provider.name == "B"


@pytest.mark.parametrize(
    ("function", "can"),
    [
        (Function.EMBEDDINGS, {"embeddings": True}),
        (Function.IMAGES, {"image_output": True}),
        (Function.TRANSCRIPTIONS, {"audio_input": True, "chat": False}),
        (Function.SPEECH, {"audio_output": True, "chat": False}),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_what_is_stored_of_a_model_goes_before_what_it_is_called(
    sam: User, site: Provider, function: Function, can: dict[str, bool]
) -> None:
    Model.objects.create(provider=site, model_id=IDS[function][0])
    Model.objects.create(provider=site, model_id="of any name", capabilities=can, position=9)
    assert pick_model(sam, function, "", "").model_id == "of any name"


def test_of_two_that_can_the_one_that_is_called_so_is_taken(sam: User, site: Provider) -> None:
    for name in ("music", "tts-1"):
        Model.objects.create(provider=site, model_id=name, capabilities={"audio_output": True})
    assert pick_model(sam, Function.SPEECH, "", "").model_id == "tts-1"


def test_what_cannot_is_not_taken_whatever_it_is_called(sam: User, site: Provider) -> None:
    Model.objects.create(provider=site, model_id="tts-1", capabilities={"audio_output": False})
    with pytest.raises(CommandError):
        pick_model(sam, Function.SPEECH, "", "")


def test_what_chats_as_well_is_taken_last(sam: User, site: Provider) -> None:
    hears = {"chat": True, "audio_input": True}
    Model.objects.create(provider=site, model_id="hears", capabilities=hears)
    assert pick_model(sam, Function.TRANSCRIPTIONS, "", "").model_id == "hears"
    Model.objects.create(provider=site, model_id="whisper-1", position=9)
    assert pick_model(sam, Function.TRANSCRIPTIONS, "", "").model_id == "whisper-1"


def test_a_strangers_provider_is_not_asked(sam: User, olivia: User, site: Provider) -> None:
    may_own_providers(olivia)
    own = Provider.objects.create(name="0", base_url="http://127.0.0.1:2/v1", owner=olivia)
    Model.objects.create(provider=own, model_id="tts-1")
    assert pick_model(olivia, Function.SPEECH, "", "").provider == own
    for wanted, name in (("", ""), ("", "0"), ("tts-1", "0")):
        with pytest.raises(CommandError):
            pick_model(sam, Function.SPEECH, wanted, name)
    assert pick_model(sam, Function.SPEECH, "tts-1", "").provider == site
