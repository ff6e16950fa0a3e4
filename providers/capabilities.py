"""What a model can do, by the words that services have for it in their lists."""

from collections.abc import Iterator
from typing import Any

from providers.offer import Capabilities

_FLAGS = {
    "completion_chat": "chat",
    "completion": "chat",
    "vision": "image_input",
    "multimodal": "image_input",
    "image_in": "image_input",
    "image_input": "image_input",
    "tools": "tools",
    "tool_calling": "tools",
    "tool_use": "tools",
    "function_calling": "tools",
    "reasoning": "reasoning",
    "thinking": "reasoning",
    "embedding": "embeddings",
    "embeddings": "embeddings",
    "audio": "audio_input",
    "audio_input": "audio_input",
    "audio_transcription": "audio_input",
    "audio_output": "audio_output",
}
_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("chat", "llm", "text-generation"), ("chat",)),
    **dict.fromkeys(("openai", "openai-response", "anthropic", "gemini"), ("chat",)),
    "vlm": ("chat", "image_input"),
    **dict.fromkeys(("embedding", "embeddings", "embed", "text-embedding"), ("embeddings",)),
    **dict.fromkeys(("image", "image-generation", "text-to-image"), ("image_output",)),
    **dict.fromkeys(("transcribe", "transcription", "audio-transcription"), ("audio_input",)),
    **dict.fromkeys(("audio", "audio-speech", "text-to-speech", "tts"), ("audio_output",)),
    **dict.fromkeys(("rerank", "jina-rerank", "moderation", "video", "openai-video"), ()),
}


def capabilities_in(entry: dict[str, Any]) -> Capabilities:
    """Yes wins: several words of a service may stand for one thing of ours."""
    told: dict[str, bool] = {}
    for source in (_flags, _modalities, _parameters, _kinds):
        for name, yes in source(entry):
            told[name] = yes or told.get(name, False)
    return Capabilities(**told)


def _flags(entry: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Mistral's {vision: true}, Anthropic's {thinking: {supported: true}}, Moonshot's
    `supports_image_in`, llama.cpp's ["multimodal"]."""
    named = entry.get("capabilities")
    if isinstance(named, list):
        named = {name: True for name in named if isinstance(name, str)}
    own = {k.removeprefix("supports_"): v for k, v in entry.items() if k.startswith("supports_")}
    for name, value in ({**named, **own} if isinstance(named, dict) else own).items():
        yes = value.get("supported") if isinstance(value, dict) else value
        if name in _FLAGS and isinstance(yes, bool):
            yield _FLAGS[name], yes


def _modalities(entry: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """OpenRouter's {input_modalities: [...], output_modalities: [...]}, of text, image, audio."""
    around = entry.get("architecture")
    place = around if isinstance(around, dict) else entry
    if isinstance(takes := place.get("input_modalities"), list):
        yield "image_input", "image" in takes
        yield "audio_input", "audio" in takes
    if isinstance(gives := place.get("output_modalities"), list):
        yield "chat", "text" in gives
        yield "image_output", "image" in gives
        yield "audio_output", "audio" in gives
        yield "embeddings", "embeddings" in gives


def _parameters(entry: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    if isinstance(names := entry.get("supported_parameters"), list):
        yield "tools", "tools" in names
        yield "reasoning", "reasoning" in names or "reasoning_effort" in names


def _kinds(entry: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Together's `type`, LiteLLM's `mode`, new-api's `supported_endpoint_types`."""
    told = [entry.get("type"), entry.get("mode")]
    if isinstance(types := entry.get("supported_endpoint_types"), list):
        told += types
    words = [word.replace("_", "-") for word in told if isinstance(word, str)]
    known = [_KINDS[word] for word in words if word in _KINDS]
    if known:
        yield "chat", any("chat" in names for names in known)
    for name in (name for names in known for name in names):
        yield name, True
