import pytest

from providers.models import Model, Provider
from providers.terminal.picking import Function, pick_model

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
    site: Provider, function: Function, model_id: str
) -> None:
    others = [name for other, name in CASES if other is not function]
    for name in [*others, model_id]:
        Model.objects.create(provider=site, model_id=name, position=1)
    assert pick_model(function, "", "").model_id == model_id


def test_an_id_that_several_providers_have_is_the_one_that_is_offered(site: Provider) -> None:
    Model.objects.create(provider=site, model_id="m", enabled=False)
    other = Provider.objects.create(name="B", base_url="http://127.0.0.1:2/v1")
    Model.objects.create(provider=other, model_id="m", position=9)
    assert pick_model(Function.SPEECH, "m", "").provider == other


def test_an_id_that_nobody_lists_is_asked_where_a_chat_would_be(site: Provider) -> None:
    Provider.objects.create(name="0", base_url="http://127.0.0.1:2/v1")
    assert pick_model(Function.SPEECH, "new", "").provider == site


def test_a_provider_that_is_turned_off_is_not_asked(site: Provider) -> None:
    Provider.objects.create(name="B", base_url="http://127.0.0.1:2/v1")
    Provider.objects.filter(pk=site.pk).update(enabled=False)
    assert pick_model(Function.SPEECH, "gpt-5.5", "").provider.name == "B"
