"""Streams as services send them, an event for each chunk, to be decoded over and over."""

import json
from collections.abc import Callable, Iterator
from typing import Any

DONE = b"data: [DONE]\n\n"


def openai_events(chunks: int) -> Iterator[bytes]:
    """OpenAI's: every chunk repeats what is known, and is padded against listeners."""
    around = {
        "id": "chatcmpl-CfE8aPq0Xk3vRz1LwYt5uNs7JmB2d",
        "object": "chat.completion.chunk",
        "created": 1760000000,
        "model": "gpt-5-2025-08-07",
        "service_tier": "default",
        "system_fingerprint": None,
    }
    for number in range(chunks):
        choice = {**_choice({"content": _word(number)}), "logprobs": None}
        yield _event({**around, "choices": [choice], "usage": None, "obfuscation": "aB3dE5gH7j"})
    yield _event({**around, "choices": [_choice({}, "stop")], "usage": None})
    counts = {"prompt_tokens": 9, "completion_tokens": chunks, "total_tokens": chunks + 9}
    yield _event({**around, "choices": [], "usage": counts})
    yield DONE


def deepseek_events(chunks: int) -> Iterator[bytes]:
    """DeepSeek's: half of it reasoning, the field that does not speak as null, and keep-alives."""
    around = {
        "id": "8b1f6f0e-3e0a-4f0d-9d4f-6f1f0d6b8e21",
        "object": "chat.completion.chunk",
        "created": 1760000000,
        "model": "deepseek-reasoner",
        "system_fingerprint": "fp_0623_8402_prod0425fp8",
    }
    for number in range(chunks):
        said, thought = (None, _word(number)) if number < chunks // 2 else (_word(number), None)
        delta = {"content": said, "reasoning_content": thought}
        keep_alive = b"" if number % 500 else b": keep-alive\n\n"
        yield keep_alive + _event({**around, "choices": [{**_choice(delta), "logprobs": None}]})
    counts = {"prompt_tokens": 9, "completion_tokens": chunks, "total_tokens": chunks + 9}
    yield _event({**around, "choices": [_choice({"content": ""}, "stop")], "usage": counts})
    yield DONE


def dense_events(chunks: int) -> Iterator[bytes]:
    """A token in as little as it takes."""
    for number in range(chunks):
        yield _event({"choices": [{"index": 0, "delta": {"content": _word(number)}}]})
    yield _event({"choices": [_choice({}, "stop")]})
    yield DONE


DIALECTS: dict[str, Callable[[int], Iterator[bytes]]] = {
    "openai": openai_events,
    "deepseek": deepseek_events,
    "dense": dense_events,
}


def _choice(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": reason}


def _word(number: int) -> str:
    return f" word{number % 100}"


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data, separators=(",", ":")).encode() + b"\n\n"
