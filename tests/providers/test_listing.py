import json
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import ErrorKind, UpstreamError
from providers.events import ModelInfo
from providers.listing import read_models, read_page
from providers.offer import Capabilities, TokenPrice


def listed(value: object) -> list[ModelInfo]:
    return read_models(200, {}, json.dumps(value).encode())


def only(**entry: Any) -> ModelInfo:
    [info] = listed({"data": [{"id": "m", **entry}]})
    return info


@pytest.mark.parametrize(
    "value",
    [
        {"object": "list", "data": [{"id": "m"}]},
        {"data": [{"id": "m"}], "success": True},
        {"models": [{"name": "m"}]},
        [{"id": "m"}],
        ["m"],
        {"data": [{"id": " m "}, {"id": "m", "name": "again"}]},
        {"data": [{"id": "models/m"}]},
        {"data": [{"id": "m"}, {"id": ""}, {"id": 7}, {}, None, 3, []]},
    ],
    ids=[
        "wrapped",
        "with success",
        "named",
        "bare",
        "of words",
        "twice",
        "Google's prefix",
        "with rubbish",
    ],
)
def test_a_list_is_read_in_whatever_shape(value: object) -> None:
    assert listed(value) == [ModelInfo("m")]


@pytest.mark.parametrize("value", [{"data": None}, {"data": []}, [], {"models": []}], ids=str)
def test_a_service_may_have_no_models(value: object) -> None:
    assert listed(value) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"success":false,"message":"no such token"}', ErrorKind.UPSTREAM),
        (b'{"success":false,"message":"invalid api key","data":[]}', ErrorKind.AUTH),
        (b"<!doctype html><title>Relay</title>", ErrorKind.PROTOCOL),
        (b"", ErrorKind.PROTOCOL),
        (b"{}", ErrorKind.PROTOCOL),
        (b'"hello"', ErrorKind.UPSTREAM),
        (b"[" * 100_000, ErrorKind.PROTOCOL),
    ],
    ids=["failure", "failure with data", "page", "nothing", "empty", "text", "nested"],
)
def test_what_is_no_list_is_told_as_an_error(body: bytes, kind: ErrorKind) -> None:
    with pytest.raises(UpstreamError) as raised:
        read_models(200, {}, body)
    assert raised.value.kind == kind


@pytest.mark.parametrize("id", ["meta/llama 3 (8B)", "通义千问", "a/b/c:free", "x" * 5000])
def test_an_id_may_be_anything(id: str) -> None:
    assert [info.id for info in listed({"data": [{"id": id}]})] == [id]


def test_ten_thousand_models_are_read_in_their_order() -> None:
    ids = [f"vendor/model {number}" for number in range(10_000)]
    assert [info.id for info in listed({"data": [{"id": id} for id in ids]})] == ids


@pytest.mark.parametrize(
    ("entry", "window", "output"),
    [
        ({"context_length": 8192, "top_provider": {"max_completion_tokens": 100}}, 8192, 100),
        ({"context_window": 8192, "max_completion_tokens": 100}, 8192, 100),
        ({"max_model_len": 8192}, 8192, None),
        ({"max_context_length": 8192}, 8192, None),
        ({"meta": {"n_ctx_train": 8192}}, 8192, None),
        ({"max_input_tokens": 8192, "max_tokens": 100}, 8192, 100),
        ({"context_length": -1}, None, None),
        ({"context_length": True}, None, None),
        ({"context_length": 10**30}, None, None),
        ({"context_length": "many"}, None, None),
    ],
    ids=str,
)
def test_sizes_are_found(entry: dict[str, Any], window: int | None, output: int | None) -> None:
    info = only(**entry)
    assert (info.context_window, info.max_output) == (window, output)


@pytest.mark.parametrize(
    ("entry", "can"),
    [
        ({}, Capabilities()),
        (
            {
                "architecture": {
                    "input_modalities": ["text", "image"],
                    "output_modalities": ["text"],
                },
                "supported_parameters": ["tools", "reasoning"],
            },
            Capabilities(True, True, True, True, False, False, False, False),
        ),
        (
            {"capabilities": {"completion_chat": True, "function_calling": False, "vision": True}},
            Capabilities(chat=True, tools=False, image_input=True),
        ),
        (
            {"capabilities": {"image_input": {"supported": True}, "thinking": None}},
            Capabilities(image_input=True),
        ),
        ({"capabilities": ["completion", "tools"]}, Capabilities(chat=True, tools=True)),
        (
            {"supports_image_in": True, "supports_reasoning": False},
            Capabilities(image_input=True, reasoning=False),
        ),
        ({"type": "embedding"}, Capabilities(chat=False, embeddings=True)),
        ({"type": "image"}, Capabilities(chat=False, image_output=True)),
        ({"mode": "audio_transcription"}, Capabilities(chat=False, audio_input=True)),
        ({"type": "vlm"}, Capabilities(chat=True, image_input=True)),
        ({"type": "rerank"}, Capabilities(chat=False)),
        ({"type": "model"}, Capabilities()),
        (
            {"supported_endpoint_types": ["image-generation"]},
            Capabilities(False, image_output=True),
        ),
        ({"supported_endpoint_types": ["anthropic", "openai"]}, Capabilities(True)),
        ({"capabilities": {"vision": "yes"}, "type": 3, "architecture": []}, Capabilities()),
    ],
    ids=str,
)
def test_capabilities_are_found(entry: dict[str, Any], can: Capabilities) -> None:
    assert only(**entry).capabilities == can


@pytest.mark.parametrize(
    ("pricing", "price"),
    [
        (
            {"prompt": "0.0000025", "completion": "0.00001", "input_cache_read": "0.00000125"},
            TokenPrice(Decimal("2.5"), Decimal(10), Decimal("1.25")),
        ),
        ({"prompt": "0", "completion": "0"}, TokenPrice(Decimal(0), Decimal(0))),
        ({"prompt": "-1", "completion": "-1"}, None),
        ({"prompt": "-1", "completion": "0.000001"}, TokenPrice(None, Decimal(1))),
        ({"input": 0.27, "output": 0.85}, TokenPrice(Decimal("0.27"), Decimal("0.85"))),
        ({"prompt": "2.5", "completion": "10"}, None),
        ({"prompt": "NaN", "completion": "Infinity"}, None),
        ({"prompt": "1e999999999", "completion": "cheap"}, None),
        ({"prompt": None, "completion": True}, None),
        ({}, None),
        ("cheap", None),
        (["0.1"], None),
    ],
    ids=str,
)
def test_prices_are_per_million_tokens(pricing: object, price: TokenPrice | None) -> None:
    assert only(pricing=pricing).price == price


def test_nought_is_no_price_for_what_is_not_counted_in_tokens() -> None:
    assert only(type="image", pricing={"input": 0, "output": 0}).price is None
    assert only(type="chat", pricing={"input": 0, "output": 0}).price is not None


def test_a_second_list_says_more_of_the_same_models() -> None:
    value = {
        "models": [{"name": "m", "capabilities": ["completion", "multimodal"]}],
        "data": [{"id": "m", "meta": {"n_ctx_train": 4096}}],
    }
    can = Capabilities(chat=True, image_input=True)
    assert listed(value) == [ModelInfo("m", context_window=4096, capabilities=can)]


@pytest.mark.parametrize(
    ("told", "next"),
    [
        ({"has_more": True, "last_id": "a/b c"}, "models?after_id=a%2Fb+c"),
        ({"has_more": False, "last_id": "m"}, ""),
        ({"has_more": True, "last_id": None}, ""),
        ({"has_more": "true", "last_id": "m"}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_a_list_may_go_on_elsewhere(told: dict[str, Any], next: str) -> None:
    body = json.dumps({"data": [{"id": "m"}], **told}).encode()
    assert read_page(200, {}, body).next == next
